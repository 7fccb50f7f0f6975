using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

public class DecisionFilterTests
{
    private readonly FakeTime time = new();

    [Fact]
    public void Hysteresis_holds_a_binary_label_within_the_band()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 0.2f }, time);
        int[] labels = [.. new[] { 0.55f, 0.45f, 0.41f, 0.39f, 0.55f, 0.59f, 0.61f, 0.5f }.Select(p => Binary(filter, p))];
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
        int[] labels = [.. raw.Select(label => Binary(filter, label))];
        int none = DecisionFilter.Undecided;

        // The third 1 of five wins only when five are there, and only a label just voted for can take over.
        Assert.Equal([none, none, none, none, none, 0, 0, 0, 0, 1], labels);
    }

    [Fact]
    public void A_label_is_held_for_its_time()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { MinimumHold = TimeSpan.FromSeconds(1) }, time);
        Assert.Equal(1, Binary(filter, 1));
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, Binary(filter, 0));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, Binary(filter, 0));
        filter.Reset();
        Assert.Equal(DecisionFilter.Undecided, filter.Label);
        Assert.Equal(1, Binary(filter, 1));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(2, new DecisionFilterOptions { Votes = 0 }, time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 1 }, time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(1, new DecisionFilterOptions(), time));
    }

    [Fact]
    public void The_class_is_the_models_where_no_band_holds_another()
    {
        // Equal to the threshold, and the model decided for class 0: of two equal outputs the first does.
        var filter = new DecisionFilter(2, new DecisionFilterOptions(), time);
        Assert.Equal(0, filter.NextBinary(0.5f, 0.5f, 0));
        Assert.Equal(1, filter.NextBinary(0.5f, 0.5f, 1));
        Assert.Equal(0, filter.NextBinary(0.5f, 0.5f, 0));

        // Calibrated to the same number, and decided for before that.
        filter = new DecisionFilter(3, new DecisionFilterOptions(), time);
        Assert.Equal(0, filter.NextClass([0.5f, 0.3f, 0.2f], 0));
        Assert.Equal(1, filter.NextClass([0.4f, 0.4f, 0.2f], 1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_class_that_is_none_is_no_ballot(int label)
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions(), time);
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.NextBinary(0.5f, 0.5f, label));
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.NextClass([0.5f, 0.5f], label));
        Assert.Equal(DecisionFilter.Undecided, filter.Label);
    }

    private static int Binary(DecisionFilter filter, float probability) => filter.NextBinary(probability, 0.5f, probability >= 0.5f ? 1 : 0);
}
