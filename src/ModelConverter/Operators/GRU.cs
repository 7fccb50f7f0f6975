using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Gated recurrent unit.</summary>
internal sealed class GRU : RecurrentLayer
{
    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.GRU;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => DoubleKernels.GRU;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => forms.Recurrent(node, precision);

    /// <inheritdoc/>
    protected override int Gates => 3;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Function, int Uses)> Functions { get; } = [(0, 2), (1, 1)];
}
