using EdgeInference.Runtime.Signals;

namespace EdgeInference.Runtime.Tests;

public class SignalTests
{
    private static readonly Feature[] All = Enum.GetValues<Feature>();

    [Fact]
    public void A_window_comes_when_full_and_then_every_hop()
    {
        var window = new SlidingWindow(2, 4, 3);
        var due = new List<int>();
        for (int i = 0; i < 12; i++)
        {
            if (window.Add([i, -i]))
            {
                due.Add(i);
            }
        }

        Assert.Equal([3, 6, 9], due);
        float[] samples = new float[8];
        window.CopyTo(samples);
        Assert.Equal([8, -8, 9, -9, 10, -10, 11, -11], samples);
        window.Clear();
        Assert.False(window.Add([0, 0]));
        Assert.False(window.Add([0, 0]));
        Assert.False(window.Add([0, 0]));
        Assert.True(window.Add([0, 0]));
        Assert.Throws<ArgumentException>(() => window.Add([1]));
    }

    [Fact]
    public void Features_of_a_known_window_are_what_the_formulas_say()
    {
        // x = 1, −1, 3, −3 in channel 0 and a constant 2 in channel 1.
        var extractor = new FeatureExtractor(2, 4, [Feature.Mean, Feature.Variance, Feature.Rms, Feature.Peak, Feature.ZeroCrossingRate]);
        float[] values = new float[extractor.Count];
        extractor.Extract([1, 2, -1, 2, 3, 2, -3, 2], values);
        Assert.Equal([0f, 5f, MathF.Sqrt(5f), 3f, 1f, 2f, 0f, 2f, 2f, 0f], values);
        Assert.Equal(["a_mean", "a_variance", "a_rms", "a_peak", "a_zero_crossing_rate"], extractor.Names(["a", "b"])[..5]);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(1024)]
    public void The_spectrum_is_the_discrete_fourier_transform(int length)
    {
        var random = new Random(length);
        float[] signal = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 1))];
        var spectrum = new PowerSpectrum(length);
        float[] power = new float[spectrum.Bins];
        spectrum.Compute(signal, power);

        int points = spectrum.Bins * 2;
        double mean = signal.Average(value => (double)value);
        double[] hann = [.. Enumerable.Range(0, length).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)))];
        double energy = hann.Sum(value => value * value);
        for (int k = 1; k <= spectrum.Bins; k++)
        {
            double re = 0;
            double im = 0;
            for (int i = 0; i < length; i++)
            {
                double x = (signal[i] - mean) * hann[i];
                re += x * Math.Cos(2 * Math.PI * i * k / points);
                im -= x * Math.Sin(2 * Math.PI * i * k / points);
            }

            double expected = ((re * re) + (im * im)) * (k == spectrum.Bins ? 1 : 2) / (energy * points);
            Assert.Equal(expected, power[k - 1], 1e-6);
        }
    }

    [Fact]
    public void A_sine_lies_in_its_band_with_its_variance()
    {
        const int Length = 256;
        var extractor = new FeatureExtractor(1, Length, [Feature.BandPower], bands: 8);
        float[] window = [.. Enumerable.Range(0, Length).Select(i => 3f * MathF.Sin(2 * MathF.PI * 40 * i / Length))];
        float[] bands = new float[extractor.Count];
        extractor.Extract(window, bands);
        Assert.Equal(4.5f, bands[2], 1e-3f);
        Assert.True(bands.Where((_, band) => band != 2).Sum() < 1e-6);
    }

    [Fact]
    public void The_tables_are_correctly_rounded()
    {
        for (int count = 1; count < 300; count++)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(Math.Cos(2 * Math.PI * i / count), Trigonometry.Cosine(i, count), 6e-8);
                Assert.Equal(Math.Sin(2 * Math.PI * i / count), Trigonometry.Sine(i, count), 6e-8);
            }
        }
    }

    [Fact]
    public void The_bits_are_the_same_on_every_machine()
    {
        // The hash was computed on x64; the service's self-check computes it again on Arm64.
        Assert.Equal(FeatureCheck.ExpectedHash, FeatureCheck.Hash());
    }

    [Fact]
    public void Nothing_is_allocated_per_window()
    {
        var window = new SlidingWindow(3, 64, 1);
        var extractor = new FeatureExtractor(3, 64, All);
        float[] samples = new float[64 * 3];
        float[] values = new float[extractor.Count];
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Step();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Step()
        {
            window.Add([1, 2, 3]);
            window.CopyTo(samples);
            extractor.Extract(samples, values);
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureExtractor(1, 8, []));
        Assert.Throws<ArgumentException>(() => new FeatureExtractor(1, 8, [Feature.Mean, Feature.Mean]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(1, 8, All, bands: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureExtractor(1, 2, All));
        Assert.Throws<ArgumentException>(() => new FeatureExtractor(1, 8, All, 4).Extract(new float[7], new float[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(1, 4, 5));
    }
}
