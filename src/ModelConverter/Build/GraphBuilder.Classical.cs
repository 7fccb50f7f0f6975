using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Build;

/// <content>Classical models.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Decision trees over the last axis of x; constants as <see cref="TreeEnsembleRule"/> says.</summary>
    public Value TreeEnsemble(Value x, Value nodes, Value thresholds, Value roots, Value leafTargets, Value leafWeights, int targets, int aggregate) =>
        Add(Opcode.TreeEnsemble, [x, nodes, thresholds, roots, leafTargets, leafWeights], [.. x.Shape[..^1], targets], node => node.With(TreeEnsembleRule.Aggregate, aggregate));

    /// <summary>Probabilities of classes from those of pairs.</summary>
    public Value PairwiseCoupling(Value pairs, int classes) => Add(Opcode.PairwiseCoupling, [pairs], [.. pairs.Shape[..^1], classes]);
}
