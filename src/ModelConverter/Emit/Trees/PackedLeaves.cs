using System.Globalization;
using System.Numerics;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// Leaves of several numbers side by side in one integer, a lane for each target. A lane holds the target's number less the lowest of
/// all leaves, and is as wide as so many trees can make it, so that none is negative and none reaches the next.
/// </summary>
internal sealed class PackedLeaves : LeafSum
{
    private const int LongBits = 63;
    private const int IntBits = 31;

    private readonly ForestRecord forest;
    private readonly LeafIntegers integers;
    private readonly long[] lows;
    private readonly int[] shifts;
    private readonly int[] widths;

    private PackedLeaves(ForestRecord forest, LeafIntegers integers, long[] lows, int[] widths)
    {
        this.forest = forest;
        this.integers = integers;
        this.lows = lows;
        this.widths = widths;
        shifts = [.. widths.Select((_, target) => widths.Take(target).Sum())];
    }

    internal override string LeafType => widths.Sum() <= IntBits ? "int" : "long";

    internal override string SumType => LeafType;

    internal override IReadOnlyList<string> Initial => ["0"];

    internal override (int Instructions, int Bytes) AddCost => (4, 8);

    /// <summary>Null where the weights are no integers, or do not fit 63 bits.</summary>
    internal static PackedLeaves? Of(ForestRecord forest)
    {
        if (forest.Targets > LongBits || LeafIntegers.Of(forest) is not { } integers)
        {
            return null;
        }

        long[] lows = new long[forest.Targets];
        long[] highs = new long[forest.Targets];
        bool isFirst = true;
        foreach (IReadOnlyDictionary<int, long> leaf in forest.Trees.SelectMany(tree => tree.Leaves.Select(leaf => integers.Leaf(tree, leaf))))
        {
            for (int target = 0; target < lows.Length; target++)
            {
                long value = leaf.GetValueOrDefault(target);
                lows[target] = isFirst ? value : Math.Min(lows[target], value);
                highs[target] = isFirst ? value : Math.Max(highs[target], value);
            }

            isFirst = false;
        }

        BigInteger[] spans = [.. lows.Select((low, target) => ((BigInteger)highs[target] - low) * forest.Count)];
        int[] widths = [.. spans.Select(span => (int)span.GetBitLength())];
        return widths.Sum() <= LongBits ? new PackedLeaves(forest, integers, lows, widths) : null;
    }

    internal override LeafConstant Constant(ForestTree tree, int leaf)
    {
        IReadOnlyDictionary<int, long> values = integers.Leaf(tree, leaf);
        long packed = 0;
        for (int target = 0; target < lows.Length; target++)
        {
            packed += (values.GetValueOrDefault(target) - lows[target]) << shifts[target];
        }

        return LeafType == "int" ? LeafConstant.Of((int)packed) : LeafConstant.Of(packed);
    }

    internal override void Add(EmitContext context, ForestTree tree, string leaf, IReadOnlyList<string> sums) => context.Add($"{sums[0]} += {leaf};", 0, 0);

    internal override (string Text, int Instructions, int Bytes) Result(EmitContext context, int target, IReadOnlyList<string> sums)
    {
        long low = lows[target] * forest.Count;
        string suffix = LeafType == "int" && Math.Abs(low) <= int.MaxValue / 2 ? "" : "L";
        string mask = ((1L << widths[target]) - 1).ToString(CultureInfo.InvariantCulture) + (LeafType == "int" ? "" : "L");
        string lane = widths[target] == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"(({sums[0]} >> {shifts[target]}) & {mask})");
        string value = low == 0 ? lane : string.Create(CultureInfo.InvariantCulture, $"({lane} + ({low}{suffix}))");
        return (integers.Real(value, target), 10, 50);
    }
}
