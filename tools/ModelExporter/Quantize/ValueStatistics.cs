namespace ModelExporter.Quantize;

/// <summary>What calibration saw of one tensor: extremes, per-channel means, and a histogram of its elements.</summary>
public sealed class ValueStatistics
{
    /// <summary>Number of bins of the histogram.</summary>
    public const int Bins = 2048;

    private readonly double[] sums;
    private long rows;

    /// <summary>Creates empty statistics for a tensor with this last dimension.</summary>
    public ValueStatistics(int channels)
    {
        sums = new double[channels];
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

    /// <summary>Extremes over all channels.</summary>
    public ValueRange Range => new(ChannelLow.Min(), ChannelHigh.Max());

    /// <summary>Mean of each channel.</summary>
    public double[] Means => Array.ConvertAll(sums, sum => sum / Math.Max(rows, 1));

    /// <summary>First pass: extremes and means.</summary>
    public void AddExtremes(ReadOnlySpan<float> values)
    {
        int channels = sums.Length;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i % channels;
            ChannelLow[channel] = Math.Min(ChannelLow[channel], values[i]);
            ChannelHigh[channel] = Math.Max(ChannelHigh[channel], values[i]);
            sums[channel] += values[i];
        }

        rows += values.Length / channels;
    }

    /// <summary>Second pass: the histogram over the extremes of the first.</summary>
    public void AddHistogram(ReadOnlySpan<float> values)
    {
        (float low, float high) = Range;
        double scale = high > low ? Bins / ((double)high - low) : 0;
        foreach (float value in values)
        {
            Histogram[Math.Clamp((int)((value - low) * scale), 0, Bins - 1)]++;
        }
    }
}
