using System.Globalization;
using System.Numerics;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// Leaves of several numbers side by side in integers, a lane for each target. A lane holds the target's number less the lowest of all
/// leaves, and is as wide as so many trees can make it, so that none is negative and none reaches the next. Where one integer holds all
/// lanes it is the leaf's constant, else the integers of a leaf lie in a table.
/// </summary>
internal sealed class PackedLeaves : LeafSum
{
    private const int LongBits = 63;
    private const int IntBits = 31;

    private readonly ForestRecord forest;
    private readonly LeafIntegers integers;
    private readonly long[] lows;
    private readonly int[] widths;
    private readonly int[] shifts;

    // The integer of each target, and their number.
    private readonly int[] groups;
    private readonly int groupCount;
    private readonly string table;
    private readonly Dictionary<(int Tree, int Leaf), int> rows = [];
    private readonly List<long[]> packed = [];

    private PackedLeaves(ForestRecord forest, LeafIntegers integers, long[] lows, int[] widths, int number)
    {
        this.forest = forest;
        this.integers = integers;
        this.lows = lows;
        this.widths = widths;
        table = string.Create(CultureInfo.InvariantCulture, $"Leaves{number}");
        shifts = new int[widths.Length];
        groups = new int[widths.Length];
        int used = 0;
        for (int target = 0; target < widths.Length; target++)
        {
            if (used + widths[target] > LongBits)
            {
                groupCount++;
                used = 0;
            }

            (groups[target], shifts[target]) = (groupCount, used);
            used += widths[target];
        }

        groupCount++;
        Pack();
    }

    internal override string LeafType => groupCount == 1 && !IsInt ? "long" : "int";

    internal override string SumType => IsInt ? "int" : "long";

    internal override IReadOnlyList<string> Initial => [.. Enumerable.Repeat("0", groupCount)];

    internal override (int Instructions, int Bytes) AddCost => groupCount == 1 ? (4, 8) : (8 * groupCount, 13 * groupCount);

    private bool IsInt => widths.Sum() <= IntBits;

    /// <summary>Null where the weights are no integers.</summary>
    internal static PackedLeaves? Find(ForestRecord forest, int number)
    {
        if (LeafIntegers.Of(forest) is not { } integers)
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

        int[] widths = [.. lows.Select((low, target) => (int)(((BigInteger)highs[target] - low) * forest.Count).GetBitLength())];
        return Array.TrueForAll(widths, width => width <= LongBits) ? new PackedLeaves(forest, integers, lows, widths, number) : null;
    }

    internal override LeafConstant Constant(ForestTree tree, int leaf)
    {
        int row = rows[(tree.Number, leaf)];
        return groupCount > 1 ? LeafConstant.Of(row * groupCount) : IsInt ? LeafConstant.Of((int)packed[row][0]) : LeafConstant.Of(packed[row][0]);
    }

    internal override void Prepare(EmitContext context)
    {
        if (groupCount > 1)
        {
            Table(context);
        }
    }

    internal override void Add(EmitContext context, ForestTree tree, string leaf, IReadOnlyList<string> sums)
    {
        for (int group = 0; group < groupCount; group++)
        {
            string value = groupCount == 1 ? leaf : string.Create(CultureInfo.InvariantCulture, $"{Table(context)}[{leaf}{(group == 0 ? "" : $" + {group}")}]");
            context.Add($"{sums[group]} += {value};", 0, 0);
        }
    }

    internal override (string Text, int Instructions, int Bytes) Result(EmitContext context, int target, IReadOnlyList<string> sums)
    {
        long low = lows[target] * forest.Count;
        string suffix = IsInt && Math.Abs(low) <= int.MaxValue / 2 ? "" : "L";
        string mask = ((1L << widths[target]) - 1).ToString(CultureInfo.InvariantCulture) + (IsInt ? "" : "L");
        string lane = widths[target] == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"(({sums[groups[target]]} >> {shifts[target]}) & {mask})");
        string value = low == 0 ? lane : string.Create(CultureInfo.InvariantCulture, $"({lane} + ({low}{suffix}))");
        return (integers.Real(value, target), 10, 50);
    }

    private string Table(EmitContext context) =>
        context.Local("long", context.Table<long>(table, "long", packed.SelectMany(values => values).ToArray()));

    // Equal leaves are one row.
    private void Pack()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ForestTree tree in forest.Trees)
        {
            foreach (int leaf in tree.Leaves)
            {
                IReadOnlyDictionary<int, long> values = integers.Leaf(tree, leaf);
                long[] row = new long[groupCount];
                for (int target = 0; target < lows.Length; target++)
                {
                    row[groups[target]] += (values.GetValueOrDefault(target) - lows[target]) << shifts[target];
                }

                string key = string.Join(' ', row);
                if (!known.TryGetValue(key, out int number))
                {
                    known.Add(key, number = packed.Count);
                    packed.Add(row);
                }

                rows.Add((tree.Number, leaf), number);
            }
        }
    }
}
