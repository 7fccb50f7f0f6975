using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Signals;
using EdgeInference.Runtime.Stress.Signals;

namespace EdgeInference.Runtime.Tests.Signals;

/// <summary>Windows, gaps, units and the way from settings through a file and back.</summary>
public class SignalPipelineTests
{
    private static readonly SignalSettings settings = new()
    {
        Channels = [new SignalChannel("x", 0.5f), new SignalChannel("y", 0.25f)],
        SamplePeriod = 0.02f,
        Length = 4,
        Hop = 3,
        Features = [new SignalOutput(SignalFeature.Mean), new SignalOutput(SignalFeature.Peak)],
    };

    [Fact]
    public void Windows_are_due_when_full_and_then_every_hop_and_hold_the_last_samples()
    {
        for (int length = 2; length <= 5; length++)
        {
            for (int hop = 1; hop <= length; hop++)
            {
                var pipeline = new SignalPipeline(settings with { Length = length, Hop = hop });
                float[] features = new float[4];
                foreach (int start in new[] { 100, 200 })
                {
                    for (int i = 1; i <= 20; i++)
                    {
                        bool due = pipeline.Add((ReadOnlySpan<short>)[(short)(start + i), (short)-(start + (3 * i))]);
                        Assert.Equal(i == length || (i > length && (i - length) % hop == 0), due);
                        if (due)
                        {
                            pipeline.Features(features);
                            float middle = i - ((length - 1) / 2f);
                            Assert.Equal([start + middle, start + i, -start - (3 * middle), start + (3 * i)], features);
                        }
                    }

                    pipeline.Reset();
                }
            }
        }
    }

    [Fact]
    public void A_reset_forgets_what_filters_remember()
    {
        var pipeline = new SignalPipeline(settings with { Filters = [new SignalFilter(FilterKind.LowPass, 1)] });
        float[] first = new float[4];
        float[] second = new float[4];
        Run(first, 1);
        Run(second, 1);
        Assert.NotEqual(0, first[0]);
        Assert.NotEqual(first, second);
        pipeline.Reset();
        Run(second, 1);
        Assert.Equal(first, second);

        void Run(float[] features, int windows)
        {
            for (int i = 0; windows > 0; i++)
            {
                windows -= pipeline.Add((ReadOnlySpan<short>)[(short)(1000 + i), -2000]) ? 1 : 0;
            }

            pipeline.Features(features);
        }
    }

    [Fact]
    public void Values_in_the_sensors_unit_are_counts_of_their_channel()
    {
        var pipeline = new SignalPipeline(settings);
        float[] features = new float[4];
        foreach (float value in new[] { 1f, 2f, 3f, 4f })
        {
            pipeline.Add((ReadOnlySpan<float>)[value, -value]);
        }

        pipeline.Features(features);
        Assert.Equal([5f, 8f, -10f, 16f], features);

        // A sample that was refused was not added, nor was a part of it.
        pipeline.Reset();
        Assert.Throws<ArgumentException>(() => pipeline.Add((ReadOnlySpan<float>)[9f, float.NaN]));
        Assert.Equal([false, false, false, true], new[] { 1f, 2f, 3f, 4f }.Select(value => pipeline.Add((ReadOnlySpan<float>)[value, -value])));
        pipeline.Features(features);
        Assert.Equal([5f, 8f, -10f, 16f], features);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var pipeline = new SignalPipeline(settings);
        Assert.Equal("A sample of this pipeline has 2 values, not 1.", Assert.Throws<ArgumentException>(() => pipeline.Add((ReadOnlySpan<short>)[1])).Message);
        Assert.Equal("A sample of this pipeline has 2 values, not 3.", Assert.Throws<ArgumentException>(() => pipeline.Add((ReadOnlySpan<float>)[1, 2, 3])).Message);
        Assert.StartsWith("The pipeline makes 4 features but there is room for 3.", Assert.Throws<ArgumentException>(() => pipeline.Features(new float[3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => SignalPipeline.Of(null!));
        Assert.Null(SignalPipeline.Of(ModelFile.Read(new ModelBytes(SmallModels.Sigmoid()))));
    }

    [Fact]
    public void A_file_gives_the_pipeline_back_that_its_settings_made()
    {
        var random = new Random(11);
        for (int i = 0; i < 50; i++)
        {
            SignalSettings any = RandomSignals.Settings(random);
            var made = new SignalPipeline(any);
            SignalPipeline read = SignalPipeline.Of(ModelFile.Read(new ModelBytes(SignalEngines.Model(any))))!;
            Assert.Equal(any.Channels, read.Channels);
            Assert.Equal((any.SamplePeriod, any.Length, any.Hop), (read.SamplePeriod, read.Length, read.Hop));
            Assert.Equal(made.FeatureNames, read.FeatureNames);
            Assert.Equal((made.FeatureCount, made.RamBytes, made.FilterError, made.FilterGain), (read.FeatureCount, read.RamBytes, read.FilterError, read.FilterGain));
            Assert.Equal(read.FeatureCount, read.FeatureNames.Count);
            Assert.Equal(read.FeatureCount, read.FeatureNames.Distinct().Count());
        }
    }

    /// <summary>Arrays alone: counts, plan, five coefficients and a state for each filter and channel; transform, quarter of a turn, half a window's turn.</summary>
    [Theory]
    [InlineData(64, 0, false, (2 * 2 * 64) + (4 * 1))]
    [InlineData(64, 2, false, (2 * 2 * 64) + (4 * 1) + (4 * ((2 * 5) + (2 * 2 * 3) + (2 * 2))))]
    [InlineData(64, 0, true, (2 * 2 * 64) + (4 * 11) + (4 * (64 + 17)))]
    [InlineData(48, 0, true, (2 * 2 * 48) + (4 * 11) + (4 * (64 + 17 + 25)))]
    public void The_bytes_of_RAM_are_those_of_its_arrays(int length, int filters, bool hasBands, int expected)
    {
        SignalSettings some = settings with
        {
            Length = length,
            Filters = [.. Enumerable.Repeat(new SignalFilter(FilterKind.LowPass, 5), filters)],
            Features = [hasBands ? new SignalOutput(SignalFeature.BandPower, 8) : new SignalOutput(SignalFeature.Mean)],
        };
        Assert.Equal(expected, new SignalPipeline(some).RamBytes);
    }

    [Fact]
    public void A_window_allocates_nothing()
    {
        var pipeline = new SignalPipeline(settings with
        {
            Length = 32,
            Filters = [new SignalFilter(FilterKind.HighPass, 1)],
            Features = [new(SignalFeature.Variance), new(SignalFeature.BandPower, 4), new(SignalFeature.LogMelPower, 3, 1)],
        });
        float[] features = new float[pipeline.FeatureCount];
        Run(64);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(64);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int samples)
        {
            for (int i = 0; i < samples; i++)
            {
                if (pipeline.Add((ReadOnlySpan<short>)[(short)(i * 97), 5]))
                {
                    pipeline.Features(features);
                }
            }
        }
    }

    [Fact]
    public void A_sine_has_its_power_in_its_band()
    {
        var pipeline = new SignalPipeline(settings with { Channels = [new SignalChannel("x")], SamplePeriod = 0.01f, Length = 128, Hop = 1, Features = [new SignalOutput(SignalFeature.BandPower, 5)] });
        for (int i = 0; i < 128; i++)
        {
            pipeline.Add((ReadOnlySpan<short>)[(short)Math.Round(10_000 * Math.Sin(2 * Math.PI * 25 * i * 0.01))]);
        }

        float[] bands = new float[5];
        pipeline.Features(bands);
        Assert.Equal(5e7, bands[2], 5e5);
        Assert.All(new[] { 0, 1, 3, 4 }, band => Assert.InRange(bands[band], 0, 5e7 * 1e-4));
    }
}
