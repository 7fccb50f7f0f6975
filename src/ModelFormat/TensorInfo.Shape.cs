#nullable enable

namespace EdgeInference.ModelFormat;

/// <content>What nanoFramework's compiler does not know.</content>
public sealed partial class TensorInfo
{
    /// <summary>The dimensions, 0 (a scalar) to 6 of them, each 1 or more.</summary>
    public ReadOnlySpan<int> Shape => shape;
}
