namespace EdgeInference.ModelConverter.Quantize;

/// <summary>What calibration saw of one tensor: extremes, per-channel means, and a histogram of its elements, NaN left out.</summary>
internal sealed class ValueStatistics
{
    /// <summary>Number of bins of the histogram.</summary>
    public const int Bins = 2048;

    private const double BoundShare = 0.02;

    private readonly double[] sums;
    private readonly int[] lowCounts;
    private readonly int[] highCounts;
    private readonly long[] counts;

    /// <summary>Creates empty statistics for a tensor with this last dimension.</summary>
    public ValueStatistics(int channels)
    {
        sums = new double[channels];
        counts = new long[channels];
        lowCounts = new int[channels];
        highCounts = new int[channels];
        ChannelLow = new float[channels];
        ChannelHigh = new float[channels];
        Array.Fill(ChannelLow, float.PositiveInfinity);
        Array.Fill(ChannelHigh, float.NegativeInfinity);
    }

    /// <summary>Lowest element of each channel of the last axis.</summary>
    public float[] ChannelLow { get; }

    /// <summary>Highest element of each channel of the last axis.</summary>
    public float[] ChannelHigh { get; }

    /// <summary>Elements between <see cref="Range"/>'s ends in equal bins; empty until the second pass.</summary>
    public long[] Histogram { get; } = new long[Bins];

    /// <summary>Extremes over all channels; 0 where every value was missing.</summary>
    public ValueRange Range => counts.Sum() == 0 ? new ValueRange(0, 0) : new ValueRange(ChannelLow.Min(), ChannelHigh.Max());

    /// <summary>Mean of each channel.</summary>
    public double[] Means => [.. sums.Zip(counts, (sum, count) => sum / Math.Max(count, 1))];

    /// <summary>Whether a channel's lowest element occurred so often that it is probably a bound of what is measured.</summary>
    public bool IsBoundedBelow(int channel) => lowCounts[channel] > Math.Max(1, counts[channel] * BoundShare);

    /// <summary>Whether a channel's highest element occurred so often.</summary>
    public bool IsBoundedAbove(int channel) => highCounts[channel] > Math.Max(1, counts[channel] * BoundShare);

    /// <summary>First pass: extremes and means. A missing value, NaN, is left out, here and in the second.</summary>
    public void AddExtremes(ReadOnlySpan<float> values)
    {
        int channels = sums.Length;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i % channels;
            float value = values[i];
            if (float.IsNaN(value))
            {
                continue;
            }

            lowCounts[channel] = value < ChannelLow[channel] ? 1 : value == ChannelLow[channel] ? lowCounts[channel] + 1 : lowCounts[channel];
            highCounts[channel] = value > ChannelHigh[channel] ? 1 : value == ChannelHigh[channel] ? highCounts[channel] + 1 : highCounts[channel];
            ChannelLow[channel] = Math.Min(ChannelLow[channel], value);
            ChannelHigh[channel] = Math.Max(ChannelHigh[channel], value);
            sums[channel] += value;
            counts[channel]++;
        }
    }

    /// <summary>Second pass: the histogram over the extremes of the first.</summary>
    public void AddHistogram(ReadOnlySpan<float> values)
    {
        (float low, float high) = Range;
        double scale = high > low ? Bins / ((double)high - low) : 0;
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                continue;
            }

            Histogram[Math.Clamp((int)((value - low) * scale), 0, Bins - 1)]++;
        }
    }
}
