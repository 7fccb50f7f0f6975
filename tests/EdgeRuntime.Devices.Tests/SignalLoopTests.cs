using System.Globalization;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>A model that has a signal pipeline says period, window, hop and features: loop, recorder and replay follow it, to the bit.</summary>
public sealed class SignalLoopTests : IDisposable
{
    private static readonly SignalSettings Settings = new()
    {
        Channels = [new("x", 0.001f), new("y", 0.01f)],
        SamplePeriod = 0.01f,
        Length = 16,
        Hop = 6,
        Filters = [new(FilterKind.HighPass, 2)],
        Features = [new(SignalFeature.Mean), new(SignalFeature.Rms), new(SignalFeature.BandPower, 2)],
    };

    private readonly string folder = Directory.CreateTempSubdirectory("edge-loop-").FullName;

    private string Table => Path.Combine(folder, "samples.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Nothing_need_be_set()
    {
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor sensor = Sensor(_ => 0);
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions(), []);
        Assert.Equal((TimeSpan.FromMilliseconds(10), 16, 6), (loop.Options.Period, loop.Options.WindowLength, loop.Options.Hop));
    }

    [Theory]
    [InlineData("period", "x,y", "The model expects a sample every 10 ms but the loop takes one every 8 ms; set Period to 10 ms.")]
    [InlineData("window", "x,y", "The model expects windows of 16 samples but the loop uses 32; set WindowLength to 16.")]
    [InlineData("hop", "x,y", "The model expects a window every 6 samples but the loop has one every 8; set Hop to 6.")]
    [InlineData("features", "x,y", "The model makes its features of samples by its own pipeline but the loop has Features too; leave Features empty.")]
    [InlineData("", "y,x", "The model makes its features of the channels [x, y] but the sample source gives [y, x]; name the channels as in the recording that it was trained on, in its order.")]
    public void A_setting_that_disagrees_is_refused_by_its_name(string setting, string channels, string sentence)
    {
        var options = setting switch
        {
            "period" => new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(8) },
            "window" => new DecisionLoopOptions { WindowLength = 32, Hop = 6 },
            "hop" => new DecisionLoopOptions { WindowLength = 16, Hop = 8 },
            "features" => new DecisionLoopOptions { Features = [Feature.Mean] },
            _ => new DecisionLoopOptions(),
        };
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(2, _ => { }, channelNames: channels.Split(',')));
        Assert.StartsWith(sentence, Assert.Throws<ArgumentException>(() => new DecisionLoop(sensor, slot, options, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_agree_are_taken()
    {
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor sensor = Sensor(_ => 0);
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(10), WindowLength = 16, Hop = 6 }, []);
        Assert.Equal(16, loop.Options.WindowLength);
    }

    [Fact]
    public void A_model_with_another_pipeline_does_not_follow()
    {
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        using SensorMonitor sensor = Sensor(_ => 0);
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions(), []);
        using EdgeModel other = EdgeModel.Load(Model(Settings with { Filters = [new(FilterKind.HighPass, 3)] }));
        using EdgeModel same = EdgeModel.Load(Model(Settings, weight: 0.5f));
        Assert.StartsWith("Its signal pipeline differs from that of the model in use: it has other channels, filters or features", host.Refusal(other, allowOtherContract: false), StringComparison.Ordinal);
        Assert.StartsWith("The model's pipeline has other channels, filters or features than the one that the loop runs", host.Refusal(other, allowOtherContract: true), StringComparison.Ordinal);
        Assert.Null(host.Refusal(same, allowOtherContract: false));
    }

    [Fact]
    public void A_replay_of_recorded_samples_has_the_values_and_decisions_of_the_pipeline_to_the_bit()
    {
        Record("rest", 0, 120);
        Record("shake", 1, 90);
        byte[] file = Model(Settings);
        using var host = new ModelHost(EdgeModel.Load(file), 1);
        using ModelSlot slot = host.CreateSlot();
        using var replay = new LoopReplay(Table, ["x", "y"], slot, new DecisionLoopOptions(), "label");
        Assert.True(replay.IsSamples);
        var values = new List<float>();
        replay.Decided = made => values.AddRange(made);
        ReplaySummary summary = replay.Run(slot, []);

        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        var pipeline = SignalPipeline.Of(model.File)!;
        var expected = new List<float>();
        long[][] confusion = [new long[3], new long[3]];
        float[] features = new float[pipeline.FeatureCount];
        string before = "";
        foreach (string[] cells in File.ReadLines(Table).Skip(1).Select(line => line.Split(',')))
        {
            if (cells[3] != before)
            {
                pipeline.Reset();
                before = cells[3];
            }

            if (pipeline.Add((ReadOnlySpan<float>)[float.Parse(cells[1], CultureInfo.InvariantCulture), float.Parse(cells[2], CultureInfo.InvariantCulture)]))
            {
                pipeline.Features(features);
                expected.AddRange(features);
                confusion[before == "shake" ? 1 : 0][classifier.Classify(features).ClassIndex]++;
            }
        }

        Assert.Equal(18 + 13, summary.Loop.Decisions);
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), values.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(confusion.Select(row => (IEnumerable<long>)row), summary.Confusion);
        Assert.True(confusion[1][1] > 10 && confusion[0][0] > 15, string.Join(' ', confusion.SelectMany(row => row)));

        // The same without the model at the opening: it says its window when it runs.
        using var later = new LoopReplay(Table, ["x", "y"], new DecisionLoopOptions());
        Assert.Equal(confusion.Select(row => (IEnumerable<long>)row), later.Run(slot, []).Confusion);
    }

    [Fact]
    public void Rows_that_are_recorded_with_a_model_are_those_of_its_pipeline()
    {
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        var time = new FakeTime();
        int reads = 0;
        using SensorMonitor sensor = Sensor(_ => Value(1, reads++), time);
        var recorder = new LoopRecorder(sensor, slot, new DecisionLoopOptions(), time);
        Assert.Equal(Settings.Channels.SelectMany(channel => new[] { "mean", "rms", "band_power_0", "band_power_1" }.Select(name => $"{channel.Name}_{name}")), recorder.Names);
        Assert.Equal(3, recorder.Record(Table, "shake", TimeSpan.FromMilliseconds(280)));
        var pipeline = new SignalPipeline(Settings);
        float[] features = new float[pipeline.FeatureCount];
        var rows = new List<string>();
        for (int i = 0; i < 28; i++)
        {
            if (pipeline.Add((ReadOnlySpan<float>)[Value(1, 2 * i), Value(1, (2 * i) + 1)]))
            {
                pipeline.Features(features);
                rows.Add(string.Join(',', features.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + ",shake");
            }
        }

        Assert.Equal(rows, File.ReadLines(Table).Skip(1));

        // They are replayed as they are.
        using var replay = new LoopReplay(Table, ["x", "y"], slot, new DecisionLoopOptions(), "label");
        Assert.False(replay.IsSamples);
        Assert.Equal(3, replay.Run(slot, []).Loop.Decisions);
    }

    // The monitor sees it as a fault of the sensor.
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_value_that_is_not_finite_starts_the_window_anew(float value)
    {
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        int reads = 0;
        using var sensor = new SensorMonitor(new DelegateSampleSource(2, sample => (sample[0], sample[1]) = (reads++ == 10 ? value : 0.1f, 0.1f), channelNames: ["x", "y"]));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions(), []);
        for (int i = 0; i < 26; i++)
        {
            loop.Step();
        }

        Assert.Equal(0, loop.Statistics.Decisions);
        loop.Step();
        Assert.Equal(1, loop.Statistics.Decisions);
    }

    [Fact]
    public void A_turn_allocates_nothing()
    {
        using var host = new ModelHost(EdgeModel.Load(Model(Settings)), 1);
        using ModelSlot slot = host.CreateSlot();
        using var sensor = new SensorMonitor(new DelegateSampleSource(2, sample => (sample[0], sample[1]) = (0.1f, 0.2f), channelNames: ["x", "y"]));
        using var loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions(), []);
        for (int i = 0; i < 100; i++)
        {
            loop.Step();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            loop.Step();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // Class 1 where the two channels swing by more than their noise.
    private static byte[] Model(SignalSettings settings, float weight = 0.02f) => TestModels.Described(
        ["rest", "shake"],
        [.. new SignalPipeline(settings).FeatureNames],
        weight: weight,
        bias: -40f,
        more: builder =>
        {
            builder.AddWindow(settings.SamplePeriod, settings.Length, settings.Hop);
            builder.AddBytes(MetadataKey.Signals, settings.Record());
        });

    private static float Value(int shakes, int i) => (0.003f * ((i * 7919) % 13)) + (shakes * 0.4f * MathF.Sin(i * 0.31f));

    private static SensorMonitor Sensor(Func<int, float> read, TimeProvider? time = null) =>
        new(new DelegateSampleSource(2, sample => (sample[0], sample[1]) = (read(0), read(1)), channelNames: ["x", "y"]), time: time);

    private void Record(string label, int shakes, int samples)
    {
        var time = new FakeTime();
        int reads = 0;
        using SensorMonitor sensor = Sensor(_ => Value(shakes, reads++), time);
        Assert.Equal(samples, new LoopRecorder(sensor, new DecisionLoopOptions { Period = TimeSpan.FromMilliseconds(10) }, time).RecordSamples(Table, label, TimeSpan.FromMilliseconds(10 * samples)));
    }
}
