using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>
/// An offset and a scale for each feature of a model's input. Features of a table differ by orders of magnitude, so one
/// scale for all would leave small ones no levels; the layer that reads them takes the scales into its weights.
/// </summary>
/// <param name="Offsets">The middle of each feature's range: what quantizes to 0.</param>
/// <param name="Scales">The step of each feature.</param>
internal sealed record FeatureScales(float[] Offsets, float[] Scales)
{
    // New inputs leave the calibrated range now and then, except past a value that is a bound. A part of 256 levels is
    // worth it, and of 65,536 levels three quarters are. As a share of half the range.
    private const double Int8Headroom = 0.5;
    private const double Int16Headroom = 3;

    /// <summary>Whether every reader of an input is a Dense layer, which can take scales into its weights.</summary>
    public static bool IsApplicable(Graph graph, Value input) =>
        !graph.Outputs.Contains(input) && graph.Consumers(input) is { Count: > 0 } readers
        && readers.All(node => node.Opcode == Opcode.Dense && node.Input(0) == input && node.Input(1).IsConstant);

    /// <summary>The range of each feature without a share of the rows at each end; whole where nothing would be left, as of a flag that is rare.</summary>
    internal static ValueRange[] WithoutTails(IReadOnlyList<float[]> rows, double tail)
    {
        int cut = (int)(rows.Count * tail);
        return [.. Enumerable.Range(0, rows[0].Length).Select(feature =>
        {
            float[] sorted = [.. rows.Select(row => row[feature]).Order()];
            return sorted[cut] < sorted[^(cut + 1)] ? new ValueRange(sorted[cut], sorted[^(cut + 1)]) : new ValueRange(sorted[0], sorted[^1]);
        })];
    }

    /// <summary>Offsets and scales that spread each feature's calibrated range, or the one that is given for it, over all levels.</summary>
    public static FeatureScales From(ValueStatistics statistics, Precision precision, ValueRange[]? ranges = null)
    {
        int limit = precision == Precision.Int8 ? 127 : 32767;
        double headroom = precision == Precision.Int8 ? Int8Headroom : Int16Headroom;
        int features = statistics.ChannelLow.Length;
        var offsets = new float[features];
        var scales = new float[features];
        for (int i = 0; i < features; i++)
        {
            double low = ranges?[i].Low ?? statistics.ChannelLow[i];
            double high = ranges?[i].High ?? statistics.ChannelHigh[i];

            double half = (high - low) / 2;
            if (half == 0)
            {
                // A feature that never moved keeps its own step size, so that a new value still shows.
                half = Math.Max(Math.Abs(high), 1);
                low -= half;
                high += half;
            }

            low -= ranges is not null || statistics.IsBoundedBelow(i) ? 0 : half * headroom;
            high += ranges is not null || statistics.IsBoundedAbove(i) ? 0 : half * headroom;
            offsets[i] = (float)((low + high) / 2);
            scales[i] = (float)((high - low) / 2 / limit);
            scales[i] = scales[i] >= 1e-30f ? scales[i] : 1e-30f;
        }

        return new FeatureScales(offsets, scales);
    }
}
