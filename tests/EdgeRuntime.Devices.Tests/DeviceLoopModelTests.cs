using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>What a loop takes from its model, and how it follows a model that comes in the middle of a step.</summary>
public sealed class DeviceLoopModelTests
{
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData(-5f, 0)]
    [InlineData(5f, 2)]
    public void The_first_label_is_shown_whichever_it_is(float value, int label)
    {
        var shown = new List<int>();
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(outputs: 3)), 1);
        using ModelSlot slot = host.CreateSlot();

        // Logits are 0, x and 2x.
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = value));
        using var loop = new DecisionLoop(sensor, slot, Options, [new CallbackOutput(shown.Add)]);
        loop.Step();
        loop.Step();
        Assert.Equal([label], shown);
        Assert.Equal(1, loop.Statistics.Changes);
        Assert.Equal(label, loop.LastDecision.ClassIndex);
    }

    [Theory]

    // Threshold 0.75 and a band of 0.1: from 0 to 1 at 0.8, back below 0.7.
    [InlineData(0.79f, 0)]
    [InlineData(0.81f, 1)]
    [InlineData(0.71f, 1, true)]
    [InlineData(0.69f, 0, true)]
    public void The_band_lies_about_the_models_own_threshold(float probability, int label, bool from1 = false)
    {
        byte[] model = TestModels.Described([], ["x"], more: builder => builder.AddFloats(MetadataKey.Threshold, [0.75f]));
        using var host = new ModelHost(EdgeModel.Load(model), 1);
        using ModelSlot slot = host.CreateSlot();
        Assert.Equal(0.75f, slot.Threshold);
        float value = from1 ? 9f : -9f;
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = value, channelNames: ["x"]));
        using var loop = new DecisionLoop(sensor, slot, Options with { Filter = new() { Hysteresis = 0.1f } }, []);
        loop.Step();
        Assert.Equal(from1 ? 1 : 0, loop.Label);
        value = MathF.Log(probability / (1f - probability));
        loop.Step();
        Assert.Equal(label, loop.Label);
    }

    [Fact]
    public void The_band_of_several_classes_is_about_their_probabilities()
    {
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create(outputs: 3)), 1);
        using ModelSlot slot = host.CreateSlot();
        float[] values = [-5f, 0.1f, 5f];
        int read = 0;
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = values[read++]));
        using var loop = new DecisionLoop(sensor, slot, Options with { Filter = new() { Hysteresis = 0.2f } }, []);
        int[] labels = [.. values.Select(_ =>
        {
            loop.Step();
            return loop.Label;
        })];

        // At 0.1 class 2 leads by less than the band.
        Assert.Equal([0, 0, 2], labels);
        Assert.Equal(2, loop.LastDecision.ClassIndex);
    }

    [Fact]
    public void A_model_that_comes_between_the_read_and_the_decision_is_followed_at_once()
    {
        using var host = new ModelHost(Model("still", "shaking"), 1);
        using ModelSlot slot = host.CreateSlot();
        int read = 0;
        using var sensor = new SensorMonitor(new DelegateSampleSource(1, sample =>
        {
            sample[0] = 9f;
            if (read++ == 3)
            {
                host.Swap(Model("shaking", "still"), 2);
            }
        }, channelNames: ["x"]));
        var texts = new List<string?>();
        using var loop = new DecisionLoop(sensor, slot, Options with { Filter = new() { Votes = 2 } }, [new ClassTextOutput(texts.Add)]);
        for (int i = 0; i < 6; i++)
        {
            loop.Step();
        }

        // Two votes for 'shaking', the change, and two votes of the other model for 'still'.
        Assert.Equal([null, "shaking", null, "still"], texts);
        Assert.Equal("still", loop.ClassText);
    }

    [Fact]
    public void Every_fault_of_the_sensor_is_the_safe_state()
    {
        using var host = new ModelHost(EdgeModel.Load(TestModels.Above(0.5f, 100f)), 1);
        foreach (SensorFault fault in Enum.GetValues<SensorFault>().Where(fault => fault != SensorFault.Starting))
        {
            using ModelSlot slot = host.CreateSlot();
            int read = 0;
            var source = new DelegateSampleSource(
                1,
                sample => sample[0] = read++ == 0 || fault == SensorFault.None ? 1f + read : fault switch
                {
                    SensorFault.BusError => throw new IOException(),
                    SensorFault.Stuck => 2f,
                    SensorFault.OutOfRange => float.NaN,
                    _ => 1f,
                },
                () => _ = fault == SensorFault.NotPresent ? throw new IOException() : 0);
            using var sensor = new SensorMonitor(source, new SensorMonitorOptions { StuckSamples = 2 });
            using var loop = new DecisionLoop(sensor, slot, Options, []);
            loop.Step();
            Assert.Equal(fault == SensorFault.NotPresent ? DecisionFilter.Undecided : 1, loop.Label);
            loop.Step();
            Assert.Equal((fault, fault == SensorFault.None ? 1 : DecisionFilter.Undecided), (sensor.Fault, loop.Label));
        }
    }

    [Fact]
    public void Models_that_were_left_in_a_row_are_all_freed()
    {
        EdgeModel[] models = [.. Enumerable.Range(0, 4).Select(i => EdgeModel.Load(TestModels.Create(weight: i)))];
        SharedModel[] shared = [.. models.Select((model, i) => new SharedModel(model, (ulong)i, ModelExpectation.Of(model)))];
        using var host = new ModelHost(EdgeModel.Load(TestModels.Create()), 1);
        ModelSlot slot = host.CreateSlot();
        foreach (SharedModel next in shared)
        {
            slot.Offer(new ModelInstance(next));
            next.RemoveUser();
            slot.TakePending();
        }

        slot.FreeRetired();
        Assert.Equal([false, false, false, true], models.Select(model => Record.Exception(() => model.CreateSession().Dispose()) is null));
        slot.Dispose();
        Assert.Throws<ObjectDisposedException>(() => models[3].CreateSession());
    }

    private static EdgeModel Model(string first, string second) => EdgeModel.Load(TestModels.Described([first, second], ["x"], weight: 100f, bias: -50f));
}
