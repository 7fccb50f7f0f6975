using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Recurrent layer.</summary>
internal sealed class RNN : RecurrentLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.RNN;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => DoubleKernels.RNN;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Recurrent(node, precision);

    /// <inheritdoc/>
    protected override int Gates => 1;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Function, int Uses)> Functions { get; } = [(0, 1)];
}
