using System.Globalization;

namespace EdgeInference.Runtime.Signals;

/// <summary>
/// Turns a window of samples into features. float32 with one fixed order of operations: a desktop that prepares training
/// data and a device that decides get the same bits. Allocates nothing per window; serves one thread at a time.
/// </summary>
public sealed class FeatureExtractor
{
    private readonly Feature[] features;
    private readonly float[] column;
    private readonly float[] power;
    private readonly PowerSpectrum? spectrum;

    /// <summary>Creates an extractor.</summary>
    /// <param name="channels">Values in a sample, 1 or more.</param>
    /// <param name="length">Samples in a window, 2 or more; 4 to 65,536 with <see cref="Feature.BandPower"/>.</param>
    /// <param name="features">What to compute of each channel, in this order, each once.</param>
    /// <param name="bands">Number of bands of <see cref="Feature.BandPower"/>, 1 to half the window's length.</param>
    /// <exception cref="ArgumentException">A number is out of range, or a feature is repeated.</exception>
    public FeatureExtractor(int channels, int length, IReadOnlyList<Feature> features, int bands = 8)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        if (features.Count == 0 || features.Distinct().Count() != features.Count)
        {
            throw new ArgumentException("Name at least one feature, and each only once.", nameof(features));
        }

        Channels = channels;
        Length = length;
        this.features = [.. features];
        column = new float[length];
        power = [];
        if (features.Contains(Feature.BandPower))
        {
            spectrum = new PowerSpectrum(length);
            power = new float[spectrum.Bins];
            ArgumentOutOfRangeException.ThrowIfLessThan(bands, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bands, spectrum.Bins);
            Bands = bands;
        }

        PerChannel = features.Sum(feature => feature == Feature.BandPower ? Bands : 1);
    }

    /// <summary>Values in a sample.</summary>
    public int Channels { get; }

    /// <summary>Samples in a window.</summary>
    public int Length { get; }

    /// <summary>Number of bands, 0 without <see cref="Feature.BandPower"/>.</summary>
    public int Bands { get; }

    /// <summary>Number of features of a window: those of channel 0 first.</summary>
    public int Count => Channels * PerChannel;

    private int PerChannel { get; }

    /// <summary>A name for each feature, for a table's header and a model's input names: <c>x_mean</c>, <c>x_band_power_0</c>.</summary>
    /// <param name="channelNames">A name for each channel.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than channels.</exception>
    public string[] Names(IReadOnlyList<string> channelNames)
    {
        ArgumentNullException.ThrowIfNull(channelNames);
        if (channelNames.Count != Channels)
        {
            throw new ArgumentException($"There are {Channels} channels but {channelNames.Count} names.", nameof(channelNames));
        }

        var names = new List<string>(Count);
        foreach (string channel in channelNames)
        {
            foreach (Feature feature in features)
            {
                names.AddRange(feature switch
                {
                    Feature.Mean => [$"{channel}_mean"],
                    Feature.Variance => [$"{channel}_variance"],
                    Feature.Rms => [$"{channel}_rms"],
                    Feature.Peak => [$"{channel}_peak"],
                    Feature.ZeroCrossingRate => [$"{channel}_zero_crossing_rate"],
                    _ => Enumerable.Range(0, Bands).Select(band => string.Create(CultureInfo.InvariantCulture, $"{channel}_band_power_{band}")),
                });
            }
        }

        return [.. names];
    }

    /// <summary>Computes the features of a window.</summary>
    /// <param name="window"><see cref="Length"/> · <see cref="Channels"/> values, row-major [length, channels], the oldest sample first.</param>
    /// <param name="values">Room for <see cref="Count"/> values.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Extract(ReadOnlySpan<float> window, Span<float> values)
    {
        if (window.Length != Length * Channels || values.Length < Count)
        {
            throw new ArgumentException($"The extractor takes {Length * Channels} values and returns {Count}; it was given {window.Length} values and room for {values.Length}.");
        }

        for (int channel = 0; channel < Channels; channel++)
        {
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = window[(i * Channels) + channel];
            }

            float mean = Sum(column) / Length;
            foreach (Feature feature in features)
            {
                if (feature == Feature.BandPower)
                {
                    WriteBands(values[..Bands]);
                    values = values[Bands..];
                    continue;
                }

                values[0] = feature switch
                {
                    Feature.Mean => mean,
                    Feature.Variance => SumOfSquares(column, mean) / Length,
                    Feature.Rms => MathF.Sqrt(SumOfSquares(column, 0f) / Length),
                    Feature.Peak => Peak(column),
                    _ => ZeroCrossings(column, mean) / (float)(Length - 1),
                };
                values = values[1..];
            }
        }
    }

    // Plain loops on purpose: a vectorised sum depends on the processor's vector width.
    private static float Sum(float[] x)
    {
        float sum = 0;
        foreach (float value in x)
        {
            sum += value;
        }

        return sum;
    }

    private static float SumOfSquares(float[] x, float mean)
    {
        float sum = 0;
        foreach (float value in x)
        {
            float difference = value - mean;
            sum += difference * difference;
        }

        return sum;
    }

    private static float Peak(float[] x)
    {
        float peak = 0;
        foreach (float value in x)
        {
            float magnitude = MathF.Abs(value);
            peak = magnitude > peak ? magnitude : peak;
        }

        return peak;
    }

    private static int ZeroCrossings(float[] x, float mean)
    {
        int count = 0;
        bool negative = x[0] - mean < 0;
        for (int i = 1; i < x.Length; i++)
        {
            bool now = x[i] - mean < 0;
            count += now == negative ? 0 : 1;
            negative = now;
        }

        return count;
    }

    private void WriteBands(Span<float> values)
    {
        spectrum!.Compute(column, power);
        for (int band = 0; band < Bands; band++)
        {
            int start = (int)((long)band * power.Length / Bands);
            int end = (int)((long)(band + 1) * power.Length / Bands);
            float sum = 0;
            for (int k = start; k < end; k++)
            {
                sum += power[k];
            }

            values[band] = sum;
        }
    }
}
