using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The mean of each window.</summary>
internal sealed class AveragePool : Pool
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.AveragePool;

    /// <inheritdoc/>
    protected override bool IsMax => false;
}
