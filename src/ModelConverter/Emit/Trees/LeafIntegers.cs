using System.Globalization;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// The weights of all leaves as integers: weight = integer · 2^exponent. Sums of them below 2⁵³ are what the engine's double
/// precision holds without rounding, whatever the order, so that integers give its bits.
/// </summary>
internal sealed class LeafIntegers
{
    private const int MostBits = 52;

    // Within these a float holds sum and result exactly, and a quotient of two floats is rounded as by way of double.
    private const long ExactInFloat = 1 << 24;
    private const int LowestExponent = -100;
    private const int HighestExponent = 100;

    private readonly ForestRecord forest;
    private readonly int exponent;

    private LeafIntegers(ForestRecord forest, int exponent)
    {
        this.forest = forest;
        this.exponent = exponent;
    }

    /// <summary>The largest amount that the sum of a target can reach on the way.</summary>
    internal long[] Bounds { get; private set; } = [];

    /// <summary>The integers, or null where the weights are not finite, or differ too much in size.</summary>
    internal static LeafIntegers? Of(ForestRecord forest)
    {
        int low = int.MaxValue;
        double largest = 0;
        foreach ((_, float weight) in forest.Trees.SelectMany(tree => tree.Leaves.SelectMany(leaf => forest.Leaf(tree, leaf))).Where(pair => pair.Weight != 0f))
        {
            if (!float.IsFinite(weight))
            {
                return null;
            }

            low = Math.Min(low, LowestBit(weight));
            largest = Math.Max(largest, Math.Abs((double)weight));
        }

        low = low == int.MaxValue ? 0 : low;
        if (Math.ScaleB(largest, -low) * Math.Max(1, forest.Count) >= Math.ScaleB(1, MostBits))
        {
            return null;
        }

        var integers = new LeafIntegers(forest, low);
        integers.Bounds = integers.FindBounds();
        return Array.TrueForAll(integers.Bounds, bound => bound < 1L << MostBits) ? integers : null;
    }

    /// <summary>The integers of a leaf by their targets; those of one target are added up.</summary>
    internal IReadOnlyDictionary<int, long> Leaf(ForestTree tree, int leaf) =>
        forest.Leaf(tree, leaf).Where(pair => pair.Weight != 0f).GroupBy(pair => pair.Target).ToDictionary(pairs => pairs.Key, pairs => pairs.Sum(pair => (long)Math.ScaleB(pair.Weight, -exponent)));

    /// <summary>What an integer stands for, as an expression of float.</summary>
    /// <param name="sum">The integer.</param>
    /// <param name="target">Whose it is.</param>
    internal string Real(string sum, int target)
    {
        bool isExact = Bounds[target] <= ExactInFloat && exponent is >= LowestExponent and <= HighestExponent && forest.Count <= ExactInFloat;
        string factor = isExact ? Literal.Of(MathF.ScaleB(1f, exponent)) : Math.ScaleB(1, exponent).ToString("R", CultureInfo.InvariantCulture) + "d";
        string product = exponent == 0 && (isExact || forest.Aggregate == 0) ? sum : $"{sum} * {factor}";
        string mean = forest.Aggregate == 1 ? string.Create(CultureInfo.InvariantCulture, $"{product} / {forest.Count}{(isExact ? "f" : "d")}") : product;
        return isExact ? mean : $"(float)({mean})";
    }

    private long[] FindBounds()
    {
        long[] bounds = new long[forest.Targets];
        foreach (ForestTree tree in forest.Trees)
        {
            long[] largest = new long[forest.Targets];
            foreach (int leaf in tree.Leaves)
            {
                foreach (IGrouping<int, (int Target, float Weight)> pairs in forest.Leaf(tree, leaf).Where(pair => pair.Weight != 0f).GroupBy(pair => pair.Target))
                {
                    largest[pairs.Key] = Math.Max(largest[pairs.Key], pairs.Sum(pair => (long)Math.Abs(Math.ScaleB(pair.Weight, -exponent))));
                }
            }

            for (int target = 0; target < bounds.Length; target++)
            {
                bounds[target] += largest[target];
            }
        }

        return bounds;
    }

    // The exponent of the lowest bit that is set.
    private static int LowestBit(float weight)
    {
        int bits = BitConverter.SingleToInt32Bits(weight);
        int power = (bits >> 23) & 0xFF;
        int mantissa = (bits & 0x7FFFFF) | (power == 0 ? 0 : 1 << 23);
        return Math.Max(power, 1) - 150 + System.Numerics.BitOperations.TrailingZeroCount(mantissa);
    }
}
