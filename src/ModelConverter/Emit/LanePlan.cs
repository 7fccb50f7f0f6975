using System.Numerics;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>One unit's accumulator within a 64-bit element.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Shift">Its lowest bit.</param>
/// <param name="Bits">Its width.</param>
/// <param name="Low">Lowest sum that the unit can have; the lane holds the sum less this, so that it is never negative.</param>
/// <param name="High">Highest sum that the unit can have.</param>
internal sealed record Lane(int Unit, int Shift, int Bits, long Low, long High)
{
    /// <summary>Highest value that the lane can hold.</summary>
    internal long Span => High - Low;
}

/// <summary>The lanes of one 64-bit element, lowest bits first, and what it holds before the first product.</summary>
internal sealed record LaneGroup(IReadOnlyList<Lane> Lanes, long Initial);

/// <summary>
/// Puts the accumulators of several units side by side into 64-bit elements, so that one multiplication of an input with a
/// packed constant serves all of them.
/// </summary>
/// <remarks>
/// The proof that no lane overflows: with x in [a, b], a unit's sum Σ wx lies between Σ min(wa, wb) and Σ max(wa, wb). A lane
/// starts at minus the lower bound and is as wide as the difference of both, so at the end it holds a value from 0 to that
/// difference: no lane is negative, none reaches the next, and nothing was borrowed. What happens on the way does not matter,
/// because 64-bit arithmetic is exact modulo 2⁶⁴. The top bit of an element stays 0.
/// </remarks>
internal static class LanePlan
{
    private const int ElementBits = 63;

    /// <summary>The groups for a layer.</summary>
    /// <param name="weights">Weights [units, depth], row-major.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="range">What an input can be.</param>
    internal static List<LaneGroup> Make(ReadOnlySpan<int> weights, int units, ValueRange range)
    {
        int depth = weights.Length / units;
        var groups = new List<LaneGroup>();
        var open = new List<Lane>();
        int used = 0;
        for (int unit = 0; unit < units; unit++)
        {
            (long low, long high) = Bounds(weights.Slice(unit * depth, depth), range);
            int bits = Math.Max(1, 64 - BitOperations.LeadingZeroCount((ulong)(high - low)));
            if (used + bits > ElementBits)
            {
                groups.Add(Close(open));
                used = 0;
            }

            open.Add(new Lane(unit, used, bits, low, high));
            used += bits;
        }

        groups.Add(Close(open));
        return groups;
    }

    /// <summary>The packed weights of a group for one input.</summary>
    internal static long Constant(LaneGroup group, ReadOnlySpan<int> weights, int depth, int input)
    {
        long constant = 0;
        foreach (Lane lane in group.Lanes)
        {
            constant += (long)weights[(lane.Unit * depth) + input] << lane.Shift;
        }

        return constant;
    }

    private static (long Low, long High) Bounds(ReadOnlySpan<int> weights, ValueRange range)
    {
        long low = 0;
        long high = 0;
        foreach (int weight in weights)
        {
            long a = (long)weight * range.Low;
            long b = (long)weight * range.High;
            low += Math.Min(a, b);
            high += Math.Max(a, b);
        }

        return (low, high);
    }

    private static LaneGroup Close(List<Lane> open)
    {
        // A single lane goes to the top: it is then read with one shift, and its constants are too large for the short
        // form of a long constant, which costs a conversion.
        List<Lane> lanes = open.Count == 1 ? [open[0] with { Shift = ElementBits - open[0].Bits }] : [.. open];
        open.Clear();
        long initial = 0;
        foreach (Lane lane in lanes)
        {
            initial += -lane.Low << lane.Shift;
        }

        return new LaneGroup(lanes, initial);
    }
}
