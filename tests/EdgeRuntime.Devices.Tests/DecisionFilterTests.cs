using EdgeRuntime.Devices.Tests.Doubles;

namespace EdgeRuntime.Devices.Tests;

public class DecisionFilterTests
{
    private readonly FakeTime time = new();

    [Fact]
    public void Hysteresis_holds_a_binary_label_within_the_band()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 0.2f }, time);
        int[] labels = [.. new[] { 0.55f, 0.45f, 0.41f, 0.39f, 0.55f, 0.59f, 0.61f, 0.5f }.Select(p => filter.NextBinary(p, 0.5f))];
        Assert.Equal([1, 1, 1, 0, 0, 0, 1, 1], labels);
    }

    [Fact]
    public void Another_class_needs_a_lead()
    {
        var filter = new DecisionFilter(3, new DecisionFilterOptions { Hysteresis = 0.1f }, time);
        Assert.Equal(0, filter.NextClass([0.5f, 0.3f, 0.2f], 0));
        Assert.Equal(0, filter.NextClass([0.4f, 0.45f, 0.15f], 1));
        Assert.Equal(1, filter.NextClass([0.3f, 0.5f, 0.2f], 1));
    }

    [Fact]
    public void More_than_half_of_the_last_k_decide_and_none_before_k()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { Votes = 5 }, time);
        int[] raw = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1];
        int[] labels = [.. raw.Select(label => filter.NextBinary(label, 0.5f))];
        int none = DecisionFilter.Undecided;

        // The third 1 of five wins only when five are there, and only a label just voted for can take over.
        Assert.Equal([none, none, none, none, none, 0, 0, 0, 0, 1], labels);
    }

    [Fact]
    public void A_label_is_held_for_its_time()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { MinimumHold = TimeSpan.FromSeconds(1) }, time);
        Assert.Equal(1, filter.NextBinary(1, 0.5f));
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, filter.NextBinary(0, 0.5f));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, filter.NextBinary(0, 0.5f));
        filter.Reset();
        Assert.Equal(DecisionFilter.Undecided, filter.Label);
        Assert.Equal(1, filter.NextBinary(1, 0.5f));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(2, new DecisionFilterOptions { Votes = 0 }, time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 1 }, time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(1, new DecisionFilterOptions(), time));
    }
}
