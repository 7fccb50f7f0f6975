using EdgeInference.Runtime.Signals;

namespace EdgeInference.Runtime.Tests;

/// <summary>Windows, features and spectra at every length and hop that is small, against plain definitions in double precision.</summary>
public class SignalReferenceTests
{
    [Fact]
    public void Windows_of_every_hop_hold_the_last_samples_and_nothing_from_before_a_gap()
    {
        for (int length = 1; length <= 6; length++)
        {
            for (int hop = 1; hop <= length; hop++)
            {
                var window = new SlidingWindow(2, length, hop);
                Assert.Equal((2, length, hop), (window.Channels, window.Length, window.Hop));
                foreach (int start in new[] { 100, 200 })
                {
                    int since = 0;
                    for (int i = 0; i < 25; i++)
                    {
                        bool due = window.Add([start + i, -start - i]);
                        bool expected = i + 1 == length || (i + 1 > length && (i + 1 - length) % hop == 0);
                        Assert.True(expected == due, $"length {length}, hop {hop}, sample {i}");
                        since = due ? 0 : since + 1;
                        if (due)
                        {
                            float[] samples = new float[2 * length];
                            window.CopyTo(samples);
                            Assert.Equal(Enumerable.Range(0, length).SelectMany(k => new float[] { start + i - length + 1 + k, -(start + i - length + 1 + k) }), samples);
                        }
                    }

                    window.Clear();
                }
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(0, 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(1, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(1, 4, 5));
        Assert.Throws<ArgumentException>(() => new SlidingWindow(2, 4, 4).Add([1]));
        Assert.Throws<ArgumentException>(() => new SlidingWindow(2, 4, 4).Add([1, 2, 3]));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(7, 4)]
    [InlineData(31, 7)]
    [InlineData(32, 16)]
    [InlineData(33, 5)]
    [InlineData(100, 64)]
    public void Features_are_their_definitions(int length, int bands)
    {
        const int Channels = 3;
        Feature[] features = bands == 0 ? [.. Enum.GetValues<Feature>().Where(feature => feature != Feature.BandPower)] : [Feature.BandPower, .. Enum.GetValues<Feature>().Where(feature => feature != Feature.BandPower)];
        var extractor = bands == 0 ? new FeatureExtractor(Channels, length, features) : new FeatureExtractor(Channels, length, features, bands);
        Assert.Equal((Channels, length, bands, Channels * (5 + bands)), (extractor.Channels, extractor.Length, extractor.Bands, extractor.Count));
        var random = new Random(length);
        for (int trial = 0; trial < 5; trial++)
        {
            // Small integers, so that samples at the mean and of equal magnitude occur.
            float[] window = [.. Enumerable.Range(0, Channels * length).Select(_ => trial == 4 ? 2f : random.Next(-2, 3))];
            float[] values = new float[extractor.Count + 1];
            values[^1] = 42f;
            extractor.Extract(window, values);
            for (int channel = 0; channel < Channels; channel++)
            {
                double[] x = [.. Enumerable.Range(0, length).Select(i => (double)window[(i * Channels) + channel])];
                double mean = x.Sum() / length;
                int crossings = Enumerable.Range(1, length - 1).Count(i => (x[i] - mean >= -1e-6) != (x[i - 1] - mean >= -1e-6));
                double[] expected =
                [
                    .. Bands(x, bands),
                    mean,
                    x.Sum(value => (value - mean) * (value - mean)) / length,
                    Math.Sqrt(x.Sum(value => value * value) / length),
                    x.Max(Math.Abs),
                    crossings / (double)(length - 1),
                ];
                for (int i = 0; i < expected.Length; i++)
                {
                    double actual = values[(channel * expected.Length) + i];
                    bool nearMean = i == expected.Length - 1 && x.Any(value => value != mean && Math.Abs(value - mean) < 1e-6);
                    Assert.True(nearMean || Math.Abs(expected[i] - actual) <= 2e-6 * (1 + Math.Abs(expected[i])), $"channel {channel}, feature {i}: {actual}, not {expected[i]}");
                }
            }

            Assert.Equal(42f, values[^1]);
        }
    }

    [Fact]
    public void Names_and_bounds_of_features_are_held()
    {
        var extractor = new FeatureExtractor(2, 8, [Feature.BandPower, Feature.Peak, Feature.Rms], 2);
        Assert.Equal(["x_band_power_0", "x_band_power_1", "x_peak", "x_rms", "y_band_power_0", "y_band_power_1", "y_peak", "y_rms"], extractor.Names(["x", "y"]));
        Assert.Equal(["a_mean", "a_variance", "a_zero_crossing_rate"], new FeatureExtractor(1, 2, [Feature.Mean, Feature.Variance, Feature.ZeroCrossingRate]).Names(["a"]));
        Assert.Equal(8, new FeatureExtractor(1, 16, [Feature.BandPower]).Count);
        Assert.Throws<ArgumentException>(() => extractor.Names(["x"]));
        Assert.Throws<ArgumentException>(() => extractor.Names(["x", "y", "z"]));
        Assert.Throws<ArgumentException>(() => extractor.Extract(new float[15], new float[8]));
        Assert.Throws<ArgumentException>(() => extractor.Extract(new float[17], new float[8]));
        Assert.Throws<ArgumentException>(() => extractor.Extract(new float[16], new float[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(0, 8, [Feature.Mean]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(1, 1, [Feature.Mean]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(1, 3, [Feature.BandPower], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(1, 8, [Feature.BandPower], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(1, 8, [Feature.BandPower], 5));
        Assert.Equal(4, new FeatureExtractor(1, 8, [Feature.BandPower], 4).Bands);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerSpectrum(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerSpectrum(65537));
        Assert.Equal((65536, 32768), (new PowerSpectrum(65536).Length, new PowerSpectrum(65536).Bins));
        Assert.Equal((4, 2), (new PowerSpectrum(4).Length, new PowerSpectrum(4).Bins));
        Assert.Throws<ArgumentException>(() => new PowerSpectrum(4).Compute(new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => new PowerSpectrum(4).Compute(new float[5], new float[2]));
        Assert.Throws<ArgumentException>(() => new PowerSpectrum(4).Compute(new float[4], new float[1]));
    }

    /// <summary>Zero is positive, and a window that never leaves its mean never crosses it.</summary>
    [Theory]
    [InlineData(new float[] { 1, -1, 1, -1 }, 1)]
    [InlineData(new float[] { 0, 0, 0 }, 0)]
    [InlineData(new float[] { 0, -1, 1 }, 1)]
    [InlineData(new float[] { 1, 0, -1 }, 0.5f)]
    [InlineData(new float[] { -1, 0, 1 }, 0.5f)]
    [InlineData(new float[] { -1, -1, 1, 1 }, 1f / 3)]
    public void A_crossing_is_a_change_of_sign_about_the_mean(float[] window, float expected)
    {
        float[] values = new float[1];
        new FeatureExtractor(1, window.Length, [Feature.ZeroCrossingRate]).Extract(window, values);
        Assert.Equal(expected, values[0]);
    }

    [Fact]
    public void A_spectrum_is_the_same_after_another_signal()
    {
        var spectrum = new PowerSpectrum(5);
        float[] first = new float[spectrum.Bins];
        float[] again = new float[spectrum.Bins];
        spectrum.Compute([1, 5, -2, 0, 3], first);
        spectrum.Compute([9, 9, -9, 1, 0], again);
        spectrum.Compute([1, 5, -2, 0, 3], again);
        Assert.Equal(first, again);
    }

    // Bands of equal width of the one-sided periodogram under a Hann window, padded with zeros to a power of two.
    private static double[] Bands(double[] x, int bands)
    {
        if (bands == 0)
        {
            return [];
        }

        int points = 4;
        while (points < x.Length)
        {
            points *= 2;
        }

        double mean = x.Sum() / x.Length;
        double[] hann = [.. Enumerable.Range(0, x.Length).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / x.Length)))];
        double energy = hann.Sum(value => value * value);
        double[] result = new double[bands];
        int bins = points / 2;
        for (int band = 0; band < bands; band++)
        {
            for (int bin = band * bins / bands; bin < (band + 1) * bins / bands; bin++)
            {
                double re = 0;
                double im = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    double angle = 2 * Math.PI * i * (bin + 1) / points;
                    re += (x[i] - mean) * hann[i] * Math.Cos(angle);
                    im += (x[i] - mean) * hann[i] * Math.Sin(angle);
                }

                result[band] += ((re * re) + (im * im)) * (bin == bins - 1 ? 1 : 2) / (energy * points);
            }
        }

        return result;
    }
}
