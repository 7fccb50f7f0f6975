using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>A loop decides only with a model that was trained on what the loop gives.</summary>
public sealed class LoopContractTests
{
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(8), WindowLength = 4, Hop = 2, Features = [Feature.Mean, Feature.Peak] };

    [Theory]
    [InlineData("x_mean,x_peak,y_mean,y_peak", "x,y", null)]
    [InlineData("x_peak,x_mean,y_mean,y_peak", "x,y", "produces the features [x_mean, x_peak, y_mean, y_peak] but the model expects [x_peak, x_mean, y_mean, y_peak], the same in another order: number 0 is 'x_mean', expected 'x_peak'")]
    [InlineData("x_mean,x_peak,z_mean,z_peak", "x,y", "produces the features [x_mean, x_peak, y_mean, y_peak] but the model expects [x_mean, x_peak, z_mean, z_peak]: number 2 is 'y_mean', expected 'z_mean'")]
    [InlineData("x_mean,x_peak,y_mean,y_peak", "", "The model expects the features [x_mean, x_peak, y_mean, y_peak] but the sample source does not name its channels")]
    public void Features_are_those_of_the_model_in_its_order(string model, string channels, string? refusal) =>
        AssertLoop(TestModels.Described([], model.Split(',')), channels.Split(',', StringSplitOptions.RemoveEmptyEntries), Options, refusal);

    [Fact]
    public void Features_are_not_called_as_their_channels() =>
        AssertLoop(TestModels.Described([], ["x", "y"]), ["x", "y"], Options with { Features = [Feature.Mean] }, "produces the features [x_mean, y_mean] but the model expects [x, y]");

    [Fact]
    public void A_model_without_names_takes_any() => AssertLoop(TestModels.Create(4), ["a", "b"], Options, null);

    [Theory]
    [InlineData(1, "x,y", null)]
    [InlineData(1, "y,x", "the same in another order")]
    [InlineData(2, "x_0,y_0,x_1,y_1", null)]
    [InlineData(2, "x_0,x_1,y_0,y_1", "number 1 is 'y_0', expected 'x_1'")]
    public void Samples_without_features_have_names_too(int window, string model, string? refusal) =>
        AssertLoop(TestModels.Described([], model.Split(',')), ["x", "y"], Options with { Features = [], WindowLength = window, Hop = 1 }, refusal);

    [Theory]
    [InlineData("x,y", 2, null)]
    [InlineData("y,x", 2, "the same in another order")]
    public void A_model_of_a_window_may_name_the_values_of_one_sample(string model, int length, string? refusal) =>
        AssertLoop(
            TestModels.Described([], model.Split(','), samples: 2, more: builder => builder.AddWindow(0f, length, 1)),
            ["x", "y"],
            Options with { Features = [], WindowLength = 2, Hop = 1 },
            refusal);

    [Theory]
    [InlineData(1e30f, "set Period to")]
    [InlineData(1e-30f, "set Period to")]
    public void A_period_that_is_none_of_a_clock_is_refused(float seconds, string refusal) =>
        AssertLoop(TestModels.Described([], ["x", "y"], more: builder => builder.AddWindow(seconds, 0, 0)), ["x", "y"], Options with { Features = [], WindowLength = 1, Hop = 1 }, refusal);

    [Fact]
    public void A_model_of_other_units_replaces_none_unless_allowed()
    {
        EdgeModel Model(string unit) => EdgeModel.Load(TestModels.Described([], ["x"], more: builder => builder.AddTextList(EdgeInference.ModelFormat.MetadataKey.InputUnits, [unit])));
        using var host = new ModelHost(Model("g"), 1);
        using EdgeModel same = Model("g");
        using EdgeModel other = Model("m/s²");
        Assert.Null(host.Refusal(same, allowOtherContract: false));
        Assert.StartsWith("Its units differ from those of the model in use: number 0 is 'm/s²', expected 'g'", host.Refusal(other, allowOtherContract: false), StringComparison.Ordinal);
        Assert.Null(host.Refusal(other, allowOtherContract: true));
    }

    [Fact]
    public void Names_that_are_not_one_for_each_channel_are_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => new SensorMonitor(new DelegateSampleSource(2, _ => { }, channelNames: ["x"])));
        Assert.Contains("2 channels but 1 channel names", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 2, 8.0, null)]
    [InlineData(8, 2, 8.0, "windows of 8 samples but the loop uses 4; set WindowLength to 8")]
    [InlineData(4, 1, 8.0, "a window every 1 samples but the loop has one every 2; set Hop to 1")]
    [InlineData(4, 2, 10.0, "a sample every 10 ms but the loop takes one every 8 ms; set Period to 10 ms")]
    [InlineData(null, null, null, null)]
    public void Window_hop_and_period_are_those_of_the_model(int? window, int? hop, double? milliseconds, string? refusal) =>
        AssertLoop(TestModels.Create(4), ["x", "y"], Options, refusal, new ModelExpectation { WindowLength = window, Hop = hop, SamplePeriod = milliseconds is { } time ? TimeSpan.FromMilliseconds(time) : null });

    [Fact]
    public void A_period_that_was_a_float_of_seconds_is_the_same() =>
        AssertLoop(TestModels.Create(4), ["x", "y"], Options, null, new ModelExpectation { SamplePeriod = TimeSpan.FromSeconds((double)0.008f) });

    [Fact]
    public void A_model_of_another_window_or_period_replaces_none_unless_allowed()
    {
        var of = new Dictionary<EdgeModel, ModelExpectation>();
        EdgeModel Model(ModelExpectation says)
        {
            var model = EdgeModel.Load(TestModels.Create(4));
            of.Add(model, says);
            return model;
        }

        var first = new ModelExpectation { WindowLength = 4, Hop = 2, SamplePeriod = TimeSpan.FromMilliseconds(8) };
        using var host = new ModelHost(Model(first), 1, model => of[model]);
        Assert.Null(host.Refusal(Model(first with { }), allowOtherContract: false));
        using EdgeModel longer = Model(first with { WindowLength = 8 });
        Assert.StartsWith("Its window length differs from that of the model in use: 8, expected 4; allow it with UpdatePolicy.AllowOtherContract", host.Refusal(longer, allowOtherContract: false), StringComparison.Ordinal);
        Assert.Contains("hop differs", host.Refusal(Model(first with { Hop = 1 }), allowOtherContract: false), StringComparison.Ordinal);
        Assert.Contains("10 ms, expected 8 ms", host.Refusal(Model(first with { SamplePeriod = TimeSpan.FromMilliseconds(10) }), allowOtherContract: false), StringComparison.Ordinal);
        Assert.Contains("not given, expected 8 ms", host.Refusal(Model(first with { SamplePeriod = null }), allowOtherContract: false), StringComparison.Ordinal);
        Assert.Null(host.Refusal(longer, allowOtherContract: true));

        // A loop that runs would not start with it: after the next start there would be no decision.
        using var monitor = new SensorMonitor(new DelegateSampleSource(2, _ => { }, channelNames: ["x", "y"]));
        using ModelSlot slot = host.CreateSlot();
        var loop = new DecisionLoop(monitor, slot, Options, []);
        Assert.Contains("set WindowLength to 8", host.Refusal(longer, allowOtherContract: true), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => host.Swap(longer, 2));
        loop.Dispose();
        Assert.Null(host.Refusal(longer, allowOtherContract: true));
    }

    private static void AssertLoop(byte[] file, string[] channels, DecisionLoopOptions options, string? refusal, ModelExpectation? expectation = null)
    {
        var model = EdgeModel.Load(file);
        using var host = expectation is null ? new ModelHost(model, 1) : new ModelHost(model, 1, _ => expectation);
        using ModelSlot slot = host.CreateSlot();
        using var monitor = new SensorMonitor(new DelegateSampleSource(2, _ => { }, channelNames: channels));
        if (refusal is null)
        {
            using var loop = new DecisionLoop(monitor, slot, options, []);
            return;
        }

        var exception = Assert.Throws<ArgumentException>(() => new DecisionLoop(monitor, slot, options, []));
        Assert.Contains(refusal, exception.Message, StringComparison.Ordinal);
    }
}
