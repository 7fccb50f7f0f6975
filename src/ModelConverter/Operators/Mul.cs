using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>y = a * b, broadcast.</summary>
internal sealed class Mul : Arithmetic
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.Mul;

    /// <inheritdoc/>
    protected override double Compute(double a, double b) => a * b;

    /// <inheritdoc/>
    protected override void Write(IEmittedCode code, OperatorRecord record) => code.Arithmetic(record, '*');
}
