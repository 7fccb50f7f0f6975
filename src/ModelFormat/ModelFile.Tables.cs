#nullable enable

namespace EdgeInference.ModelFormat;

/// <content>What a device has no room for.</content>
public sealed partial class ModelFile
{
    /// <summary>All tensors.</summary>
    internal TensorInfo[] Tensors => tables.Tensors;

    /// <summary>All operators, in the order of execution.</summary>
    internal OperatorRecord[] Operators => tables.Operators;
}
