using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Long short-term memory.</summary>
internal sealed class LSTM : RecurrentLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.LSTM;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => DoubleKernels.LSTM;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.LSTM(node, precision);

    /// <inheritdoc/>
    protected override int Gates => 4;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Function, int Uses)> Functions { get; } = [(0, 3), (1, 1), (2, 1)];
}
