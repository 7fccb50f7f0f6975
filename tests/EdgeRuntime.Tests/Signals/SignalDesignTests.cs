using System.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Signals;
using EdgeInference.Runtime.Stress.Signals;

namespace EdgeInference.Runtime.Tests.Signals;

/// <summary>Filters and bands that settings ask for are what the formulas of their kinds say.</summary>
public class SignalDesignTests
{
    private static readonly SignalSettings plain = new()
    {
        Channels = [new SignalChannel("x")],
        SamplePeriod = 0.01f,
        Length = 64,
        Hop = 32,
        Features = [new SignalOutput(SignalFeature.Mean)],
    };

    /// <summary>By the analogue prototypes, whose frequency is tan(πfT) after the bilinear transform.</summary>
    [Theory]
    [InlineData(FilterKind.LowPass, 20, 2, 1)]
    [InlineData(FilterKind.LowPass, 3, 8, 1)]
    [InlineData(FilterKind.LowPass, 45, 4, 1)]
    [InlineData(FilterKind.HighPass, 0.5, 2, 1)]
    [InlineData(FilterKind.HighPass, 30, 6, 1)]
    [InlineData(FilterKind.BandPass, 10, 2, 3)]
    [InlineData(FilterKind.Notch, 16.7, 2, 10)]
    public void A_filter_has_the_response_of_its_kind(FilterKind kind, double frequency, int order, double quality)
    {
        int[] coefficients = BiquadDesign.Rounded(new SignalFilter(kind, frequency, order, quality), 0.01);
        Assert.Equal(5 * (order / 2), coefficients.Length);
        for (double f = 0.25; f < 50; f += 0.25)
        {
            double ratio = Math.Tan(Math.PI * f * 0.01) / Math.Tan(Math.PI * frequency * 0.01);
            double width = ratio / quality * (ratio / quality);
            double middle = (1 - (ratio * ratio)) * (1 - (ratio * ratio));
            double expected = kind switch
            {
                FilterKind.LowPass => 1 / (1 + Math.Pow(ratio, 2 * order)),
                FilterKind.HighPass => 1 / (1 + Math.Pow(ratio, -2 * order)),
                FilterKind.BandPass => width / (middle + width),
                _ => middle / (middle + width),
            };
            Assert.Equal(expected, Math.Pow(Response(coefficients, 2 * Math.PI * f * 0.01), 2), 1e-5);
        }
    }

    [Fact]
    public void The_gain_is_what_the_worst_input_reaches_and_the_error_that_of_rounding_at_least()
    {
        var pipeline = new SignalPipeline(plain with { Filters = [new SignalFilter(FilterKind.HighPass, 2, 4), new SignalFilter(FilterKind.BandPass, 10, 2, 4)] });
        int[] coefficients = BiquadDesign.Rounded(new SignalFilter(FilterKind.HighPass, 2, 4), 0.01f);
        double worst = 1;
        for (int end = 5; end <= coefficients.Length; end += 5)
        {
            var impulse = new ExactFilter(coefficients[..end]);
            double[] response = [.. Enumerable.Range(0, 4000).Select(i => impulse.Next(i == 0 ? 1 : 0))];
            var filter = new ExactFilter(coefficients[..end]);
            double[] outputs = [.. Enumerable.Range(0, 4000).Select(i => filter.Next(Math.Sign(response[3999 - i])))];
            worst = Math.Max(worst, outputs[^1]);
        }

        double gain = new SignalPipeline(plain with { Filters = [new SignalFilter(FilterKind.HighPass, 2, 4)] }).FilterGain;
        Assert.Equal(worst, gain, 1e-6);
        int[] all = [.. coefficients, .. BiquadDesign.Rounded(new SignalFilter(FilterKind.BandPass, 10, 2, 4), 0.01f)];
        double error = 0.5;
        for (int first = 0; first < all.Length; first += 5)
        {
            // What the section adds, 1 − z⁻¹ of what it cuts, on its way to the end.
            var filter = new ExactFilter([1 << 30, -(1 << 30), 0, .. all[(first + 3)..]]);
            double[] response = [.. Enumerable.Range(0, 4000).Select(i => filter.Next(i == 0 ? 1 : 0))];
            error += Math.Max(response.Where(value => value > 0).Sum(), -response.Where(value => value < 0).Sum()) / 1024;
        }

        Assert.Equal(error, pipeline.FilterError, 1e-9);
        Assert.Equal((0.0, 1.0), (new SignalPipeline(plain).FilterError, new SignalPipeline(plain).FilterGain));
    }

    /// <summary>Far below the sample rate the poles lie near 1, where cut sums would drift without the error's feedback.</summary>
    [Fact]
    public void A_slow_filter_keeps_its_level()
    {
        var pipeline = new SignalPipeline(plain with { Filters = [new SignalFilter(FilterKind.LowPass, 0.01)] });

        // The sums of (1 − z⁻¹)/A are the largest value of 1/A, e^(−π/4)/ω for a Butterworth filter far below the sample rate, and some of its ringing.
        double largest = Math.Exp(-Math.PI / 4) / (2 * Math.PI * 0.01 * 0.01);
        Assert.InRange(pipeline.FilterError, 0.5 + (largest / 1024), 0.5 + (1.1 * largest / 1024));
        bool due = false;
        for (int i = 0; i < 200_000 || !due; i++)
        {
            due = pipeline.Add((ReadOnlySpan<short>)[1000]);
        }

        float[] mean = new float[1];
        pipeline.Features(mean);
        Assert.InRange(mean[0], 1000 - (float)pipeline.FilterError, 1000 + (float)pipeline.FilterError);
    }

    [Theory]
    [InlineData(MelScale.Htk, 0, 0)]
    [InlineData(MelScale.Htk, 20, 8000)]
    [InlineData(MelScale.Slaney, 0, 0)]
    [InlineData(MelScale.Slaney, 300, 7600)]
    public void Triangles_are_spaced_evenly_on_their_scale(MelScale scale, double low, double high)
    {
        int[] edges = BandDesign.Edges(new SignalOutput(SignalFeature.MelPower, 20, low, high, scale), 1024, 1.0 / 16_000);
        Assert.Equal(22, edges.Length);
        double[] mels = [.. edges.Select(edge => Mel(edge / 256.0 * 16_000 / 1024, scale))];
        Assert.Equal(low, edges[0] / 256.0 * 16_000 / 1024, 0.05);
        Assert.Equal(high == 0 ? 8000 : high, edges[^1] / 256.0 * 16_000 / 1024, 0.05);
        double step = (mels[^1] - mels[0]) / 21;
        Assert.All(Enumerable.Range(0, 21), i => Assert.Equal(step, mels[i + 1] - mels[i], step * 0.005));

        // As published: 1000 mel, and step 15 of the linear part, at 1 kHz.
        Assert.Equal(scale == MelScale.Htk ? 1000 : 15, Mel(1000, scale), scale == MelScale.Htk ? 0.05 : 1e-9);
    }

    [Theory]
    [InlineData(8, 0, 0, 1, 9, 17, 25, 33)]
    [InlineData(16, 0, 0, 1, 5, 9)]
    [InlineData(2, 12.5, 25, 9, 13, 17)]
    public void Bands_divide_the_bins(int bands, double low, double high, params int[] expected)
    {
        int[] edges = BandDesign.Edges(new SignalOutput(SignalFeature.BandPower, bands, low, high), 64, 0.01);
        Assert.Equal(bands + 1, edges.Length);
        int step = bands == 8 ? 2 : bands == 16 ? 2 : 1;
        Assert.Equal(expected, edges.Where((_, i) => i % step == 0).Take(expected.Length));
    }

    [Fact]
    public void What_settings_say_wrong_is_named()
    {
        (SignalSettings Settings, string Sentence)[] cases =
        [
            (plain with { Channels = [] }, "A pipeline has 1 to 255 channels, not 0."),
            (plain with { Channels = [new SignalChannel("")] }, "The channel name '' has 0 bytes; it takes 1 to 32767."),
            (plain with { Channels = [new SignalChannel("x", 0)] }, "The count of channel 'x' has the size 0; it is finite and above 0."),
            (plain with { Channels = [new SignalChannel("x"), new SignalChannel("x")] }, "Two channels have the same name; give each its own."),
            (plain with { SamplePeriod = 0 }, "The sample period is 0 s; it is finite and above 0."),
            (plain with { Length = 1 }, "The window has 1 samples; it takes 2 to 16384."),
            (plain with { Length = 16385 }, "The window has 16385 samples; it takes 2 to 16384."),
            (plain with { Length = 16384, Channels = [.. Enumerable.Range(0, 65).Select(i => new SignalChannel($"{i}"))] }, "The windows of 65 channels have 1064960 counts, more than 1048576; take a shorter window."),
            (plain with { Hop = 65 }, "The hop is 65 samples; it is 1 to the window's length, 64."),
            (plain with { Features = [] }, "A pipeline makes at least one feature."),
            (plain with { Features = [new(SignalFeature.Mean), new(SignalFeature.Mean)] }, "A feature is named twice; name each kind once."),
            (plain with { Features = [new((SignalFeature)9)] }, "There is no feature 9."),
            (plain with { Features = [new(SignalFeature.Peak, 3)] }, "Peak has no bands; leave bands, low and high out."),
            (plain with { Length = 3, Hop = 1, Features = [new(SignalFeature.BandPower, 1)] }, "BandPower needs a window of 4 samples or more."),
            (plain with { Features = [new(SignalFeature.BandPower)] }, "BandPower takes 1 to 256 bands from 0 Hz or more to at most 50 Hz, half the sample rate; it was given 0 from 0 to 50 Hz. (Parameter 'output')"),
            (plain with { Features = [new(SignalFeature.BandPower, 4, 20, 60)] }, "BandPower takes 1 to 256 bands from 0 Hz or more to at most 50 Hz, half the sample rate; it was given 4 from 20 to 60 Hz. (Parameter 'output')"),
            (plain with { Features = [new(SignalFeature.BandPower, 33)] }, "BandPower has 33 bands but the spectrum only 32 bins from 0 to 50 Hz; take fewer bands or a longer window. (Parameter 'output')"),
            (plain with { Features = [new(SignalFeature.MelPower, 200)] }, "MelPower has 200 bands, but there is no bin of the spectrum under triangle 0; take fewer bands, a longer window or a higher low frequency. (Parameter 'output')"),
            (plain with { Filters = [new((FilterKind)7, 1)] }, "There is no filter 7."),
            (plain with { Filters = [new(FilterKind.LowPass, 50)] }, "A LowPass filter has the frequency 50 Hz; it is above 0 and below 50 Hz, half the sample rate."),
            (plain with { Filters = [new(FilterKind.LowPass, 20, 3)] }, "A LowPass filter has the order 3; it takes 2, 4, 6 or 8."),
            (plain with { Filters = [new(FilterKind.Notch, 20, 4)] }, "A Notch filter has the order 4; it takes 2."),
            (plain with { Filters = [new(FilterKind.Notch, 20, 2, 0)] }, "A Notch filter has the quality 0; it is finite and above 0."),
            (plain with { Filters = [new(FilterKind.LowPass, 1e-9)] }, "A LowPass filter at 1E-09 Hz cannot be made at 100 samples a second; take another frequency or quality. (Parameter 'filter')"),
            (plain with { Filters = [.. Enumerable.Repeat(new SignalFilter(FilterKind.LowPass, 40), 17)] }, "The filters have 17 sections of second order, more than 16; take fewer filters or lower orders."),
        ];
        foreach ((SignalSettings settings, string sentence) in cases)
        {
            Assert.Equal(sentence, (Record.Exception(() => new SignalPipeline(settings)) as ArgumentException)?.Message ?? $"nothing is wrong with {settings}");
        }

        Assert.Throws<ArgumentNullException>(() => new SignalPipeline(null!));
    }

    [Fact]
    public void Filters_without_room_for_their_gain_are_refused()
    {
        // 1 / (1 − 1.9z⁻¹ + a2·z⁻²): 1 / (a2 − 0.9) at the least.
        int[] Resonance(double a2) => [1 << 30, 0, 0, (int)(-1.9 * (1 << 30)), (int)(a2 * (1 << 30))];
        SignalRecordWriter.CheckGain([.. Resonance(0.9025).Select((value, i) => i == 0 ? value / 30 : value)]);
        Assert.Contains("times as large as the samples, more than the 15 that they have room for", Assert.Throws<ArgumentException>(() => SignalRecordWriter.CheckGain(Resonance(0.9025))).Message, StringComparison.Ordinal);

        // In between, though what follows takes it away.
        Assert.Throws<ArgumentException>(() => SignalRecordWriter.CheckGain([.. Resonance(0.9025), 1 << 20, 0, 0, 0, 0]));
    }

    private static double Mel(double frequency, MelScale scale) => scale == MelScale.Htk
        ? 1127.01048 * Math.Log(1 + (frequency / 700))
        : frequency < 1000 ? frequency * 3 / 200 : 15 + (27 * Math.Log(frequency / 1000) / Math.Log(6.4));

    private static double Response(int[] coefficients, double turn)
    {
        Complex z = Complex.FromPolarCoordinates(1, -turn);
        Complex response = 1;
        for (int s = 0; s < coefficients.Length; s += 5)
        {
            double[] c = [.. coefficients[s..(s + 5)].Select(value => value / (double)(1 << 30))];
            response *= (c[0] + (c[1] * z) + (c[2] * z * z)) / (1 + (c[3] * z) + (c[4] * z * z));
        }

        return response.Magnitude;
    }
}
