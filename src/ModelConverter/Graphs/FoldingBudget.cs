namespace EdgeInference.ModelConverter.Graphs;

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

    /// <summary>Counts what a node reads, and says whether its results, on top of those before, are within 32 MiB and four times what the model's own constants have.</summary>
    internal bool Allows(Node node)
    {
        foreach (Value? input in node.Inputs)
        {
            given += input is not null && known.Add(input) ? input.Elements : 0;
        }

        long results = Results(node);
        return results <= SmallResult || computed + results <= AlwaysAllowed + (MaxGrowth * given);
    }

    /// <summary>Counts the results of a node that was computed; they are no constants of the model.</summary>
    internal void Add(Node node)
    {
        computed += Results(node);
        known.UnionWith(node.Outputs);
    }

    private static long Results(Node node) => node.Outputs.Sum(output => (long)output.Elements);
}
