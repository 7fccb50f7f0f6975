using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Optimize;

/// <summary>
/// How much of a graph may be computed at import. A few bytes can describe constants without end, by repeating them; what goes
/// beyond the budget stays an operator, to be computed where the model runs.
/// </summary>
internal sealed class FoldingBudget
{
    private const long AlwaysAllowed = 1 << 23;
    private const int MaxGrowth = 4;

    // The arithmetic on shapes that exporters leave must always fold away.
    private const int SmallResult = 64;

    private readonly HashSet<Value> known = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Value>);
    private long given;
    private long computed;

    /// <summary>Computes a node whose inputs are all constants, if that is possible and within the budget: 32 MiB and four times what the model's own constants have.</summary>
    /// <returns>Whether its outputs are constants now.</returns>
    internal bool TryEvaluate(Node node)
    {
        if (!NodeEvaluator.CanEvaluate(node))
        {
            return false;
        }

        foreach (Value? input in node.Inputs)
        {
            given += input is not null && known.Add(input) ? input.Elements : 0;
        }

        long results = node.Outputs.Sum(output => (long)output.Elements);
        if (results > SmallResult && computed + results > AlwaysAllowed + (MaxGrowth * given))
        {
            return false;
        }

        NodeEvaluator.Evaluate(node);
        computed += results;
        known.UnionWith(node.Outputs);
        return true;
    }
}
