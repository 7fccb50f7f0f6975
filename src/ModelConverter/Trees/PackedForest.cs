using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>The constants and parameters of a TreeEnsemble, in the order and with the meaning of its rule.</summary>
internal sealed record PackedForest(Value Trees, Value Features, Value Children, Value Thresholds, Value Weights, Value? Targets, Value? Comparisons, int Comparison, TreeTargets Kind)
{
    /// <summary>The inputs after x; trailing absent ones are left out.</summary>
    internal IEnumerable<Value?> Inputs
    {
        get
        {
            Value?[] all = [Trees, Features, Children, Thresholds, Weights, Targets, Comparisons];
            return all.Take(Comparisons is not null ? all.Length : Targets is not null ? all.Length - 1 : all.Length - 2);
        }
    }
}
