using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The largest element of each window.</summary>
internal sealed class MaxPool : Pool
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.MaxPool;

    /// <inheritdoc/>
    protected override bool IsMax => true;
}
