using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>y = a - b, broadcast.</summary>
internal sealed class Sub : Arithmetic
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Sub;

    /// <inheritdoc/>
    protected override double Compute(double a, double b) => a - b;

    /// <inheritdoc/>
    protected override void Write(IEmittedCode code, OperatorRecord record) => code.Arithmetic(record, '-');
}
