using System.Globalization;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// The smallest or largest of leaves by their ranks: the numbers of each target in the order in which they win, so that the lowest rank
/// is the result. A target that no leaf names has the last rank, which stands for 0.
/// </summary>
internal sealed class LeafRanks : LeafSum
{
    /// <summary>The aggregate from which on sums are none.</summary>
    internal const int Smallest = 2;

    private readonly ForestRecord forest;
    private readonly LeafVectors leaves;
    private readonly string name;
    private readonly List<float>[] winners;

    internal LeafRanks(ForestRecord forest, int number)
    {
        this.forest = forest;
        name = number.ToString(CultureInfo.InvariantCulture);
        bool isSmallest = forest.Aggregate == Smallest;
        float absent = isSmallest ? float.PositiveInfinity : float.NegativeInfinity;
        leaves = new LeafVectors(forest, absent, (first, second) => isSmallest ? Math.Min(first, second) : Math.Max(first, second));
        winners = [.. Enumerable.Range(0, forest.Targets).Select(target => Winners(target, isSmallest, absent))];
    }

    internal override string LeafType => "int";

    internal override string SumType => "int";

    internal override IReadOnlyList<string> Initial => [.. winners.Select(ranks => Literal.Of(ranks.Count - 1))];

    internal override (int Instructions, int Bytes) AddCost => (9 * forest.Targets, 22 * forest.Targets);

    internal override LeafConstant Constant(ForestTree tree, int leaf) =>
        LeafConstant.Of(forest.Targets == 1 ? Rank(0, leaves.Vectors[leaves.Row(tree, leaf)][0]) : leaves.Row(tree, leaf) * forest.Targets);

    internal override void Add(EmitContext context, ForestTree tree, string leaf, IReadOnlyList<string> sums)
    {
        for (int target = 0; target < forest.Targets; target++)
        {
            string rank = forest.Targets == 1 ? leaf : string.Create(CultureInfo.InvariantCulture, $"{Ranks(context)}[{leaf} + {target}]");
            context.Add($"{sums[target]} = {rank} < {sums[target]} ? {rank} : {sums[target]};", 0, 0);
        }
    }

    internal override void Prepare(EmitContext context)
    {
        if (forest.Targets > 1)
        {
            Ranks(context);
        }
    }

    internal override (string Text, int Instructions, int Bytes) Result(EmitContext context, int target, IReadOnlyList<string> sums)
    {
        float[] values = [.. winners.SelectMany(ranks => ranks).Select(value => float.IsInfinity(value) ? 0f : value)];
        string table = context.Table<float>($"Winners{name}", "float", values);
        int first = winners.Take(target).Sum(ranks => ranks.Count);
        return (string.Create(CultureInfo.InvariantCulture, $"{context.Local("float", table)}[{sums[target]} + {first}]"), 5, 12);
    }

    private string Ranks(EmitContext context) =>
        context.Local("int", context.Table<int>($"Ranks{name}", "int", leaves.Vectors.SelectMany(vector => vector.Select((value, target) => Rank(target, value))).ToArray()));

    private int Rank(int target, float value) => winners[target].FindIndex(winner => Bits(winner) == Bits(value));

    // NaN wins over every number; of zeros the negative one is smaller.
    private List<float> Winners(int target, bool isSmallest, float absent)
    {
        IEnumerable<float> values = leaves.Vectors.Select(vector => vector[target]).DistinctBy(Bits).Where(value => value != absent);
        IOrderedEnumerable<float> order = values.OrderByDescending(float.IsNaN);
        order = isSmallest ? order.ThenBy(value => value).ThenByDescending(float.IsNegative) : order.ThenByDescending(value => value).ThenBy(float.IsNegative);
        return [.. order, absent];
    }

    private static uint Bits(float value) => float.IsNaN(value) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(value);
}
