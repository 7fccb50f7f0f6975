using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Devices.Tests;

/// <summary>A loop shows what the model's classifier decides: abstentions, values that are not finite and ties included.</summary>
public sealed class LoopDecisionTests
{
    private const int Safe = DecisionFilter.Undecided;
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_abstention_holds_the_label_that_stands(int outputs)
    {
        // Sure of the last class at 9, of the first at -9, unsure at 0.
        float high = outputs == 3 ? 0.6f : 0.7f;
        Run run = Loop(TestModels.Create(outputs: outputs, bands: [0.3f, high]), Options, [0f, 9f, 0f, 0f, -9f, 0f]);
        int last = Math.Max(2, outputs) - 1;
        Assert.Equal([Safe, last, last, last, 0, 0], run.Labels);
        Assert.Equal((6L, 4L, 0L), (run.Statistics.Decisions, run.Statistics.Abstentions, run.Statistics.NotFinite));
    }

    [Theory]
    [InlineData(0, new[] { 1, Safe, Safe, Safe, 1, Safe })]
    [InlineData(1, new[] { 1, 1, Safe, Safe, 1, 1 })]
    [InlineData(2, new[] { 1, 1, 1, Safe, 1, 1 })]
    public void More_abstentions_than_are_tolerated_are_the_safe_state(int tolerated, int[] labels) =>
        Assert.Equal(labels, Loop(TestModels.Create(bands: [0.3f, 0.7f]), Options with { ToleratedAbstentions = tolerated }, [9f, 0f, 0f, 0f, 9f, 0f]).Labels);

    [Fact]
    public void Abstentions_have_no_vote()
    {
        Run run = Loop(TestModels.Create(bands: [0.3f, 0.7f]), Options with { Filter = new() { Votes = 3 } }, [9f, 9f, 9f, 0f, -9f, 0f, 0f, -9f]);
        Assert.Equal([Safe, Safe, 1, 1, 1, 1, 1, 0], run.Labels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Features_that_are_not_finite_are_a_fault(int outputs)
    {
        // The square of 3e38 is beyond float32, and the sensor's sample is good.
        DecisionLoopOptions options = Options with { WindowLength = 2, Features = [Feature.Rms] };
        float[] samples = [9f, 9f, 3e38f, 9f, 9f, 9f];
        float rms = Rms(3e38f, 9f);
        Assert.False(float.IsFinite(rms));
        Run run = Loop(TestModels.Create(outputs: outputs), options, samples);

        // The window starts anew behind the fault.
        int last = Math.Max(2, outputs) - 1;
        Assert.Equal([Safe, last, Safe, Safe, last, last], run.Labels);
        Assert.Equal((4L, 1L), (run.Statistics.Decisions, run.Statistics.NotFinite));
    }

    [Fact]
    public void Outputs_that_are_not_finite_are_a_fault()
    {
        Run run = Loop(TestModels.Create(outputs: 3, weight: 3f), Options, [9f, 3e38f, 9f]);
        Assert.Equal([2, Safe, 2], run.Labels);
        Assert.Equal(1, run.Statistics.NotFinite);
    }

    [Fact]
    public void Of_two_equal_outputs_the_first_decides()
    {
        byte[] model = TestModels.Create(outputs: 2);
        Run run = Loop(model, Options, [0f, 9f, 0f]);
        Assert.Equal([0, 1, 0], run.Labels);
        Assert.Equal(run.Decided, run.Labels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_models_own_state_starts_anew_behind_a_fault(bool fault)
    {
        // Decides for 1 where the sum of all samples is above 0.
        Run run = Loop(TestModels.Summing(), Options, [5f, fault ? float.NaN : 3f, -1f]);
        Assert.Equal(fault ? [1, Safe, 0] : [1, 1, 1], run.Labels);
    }

    [Fact]
    public void A_number_of_abstentions_is_not_negative() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Loop(TestModels.Create(), Options with { ToleratedAbstentions = -1 }, []));

    private static float Rms(params float[] window)
    {
        float[] features = new float[1];
        new FeatureExtractor(1, window.Length, [Feature.Rms], 1).Extract(window, features);
        return features[0];
    }

    private static Run Loop(byte[] file, DecisionLoopOptions options, float[] samples)
    {
        using var host = new ModelHost(EdgeModel.Load(file), 1);
        using ModelSlot slot = host.CreateSlot();
        using var monitor = new SensorMonitor(new ScriptedSource(1, (i, values) => values[0] = samples[i]));
        using var loop = new DecisionLoop(monitor, slot, options, []);
        var labels = new List<int>();
        var decided = new List<int>();
        foreach (float _ in samples)
        {
            loop.Step();
            labels.Add(loop.Label);
            decided.Add(loop.LastDecision.ClassIndex);
        }

        return new Run([.. labels], [.. decided], loop.Statistics);
    }

    private sealed record Run(int[] Labels, int[] Decided, LoopStatistics Statistics);
}
