using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Build;

/// <content>Classical models.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Decision trees over the last axis of x, laid out as <see cref="TreeEnsembleRule"/> says.</summary>
    public Value TreeEnsemble(Value x, TreeLists trees, int targets, int aggregate)
    {
        PackedForest packed = ForestPacker.Pack(trees, targets, aggregate, Name);
        return Add(Opcode.TreeEnsemble, [x, .. packed.Inputs], [.. x.Shape[..^1], targets], node => node
            .With(TreeEnsembleRule.Aggregate, aggregate)
            .With(TreeEnsembleRule.Comparison, packed.Comparison)
            .With(TreeEnsembleRule.Targets, (int)packed.Kind));
    }

    /// <summary>Probabilities of classes from those of pairs.</summary>
    public Value PairwiseCoupling(Value pairs, int classes) => Add(Opcode.PairwiseCoupling, [pairs], [.. pairs.Shape[..^1], classes]);
}
