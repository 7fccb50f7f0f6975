using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Tests;

/// <summary>Votes, hysteresis and hold against their definitions, at the numbers where they turn.</summary>
public class DeviceFilterTests
{
    private readonly FakeTimeProvider time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    [InlineData(6, 4)]
    [InlineData(7, 4)]
    public void More_than_half_of_the_votes_are_needed(int votes, int needed)
    {
        for (int ones = 0; ones <= votes; ones++)
        {
            // First the zeros, so that the last vote is a 1 where there is one.
            var filter = new DecisionFilter(3, new DecisionFilterOptions { Votes = votes }, time);
            for (int i = 0; i < votes; i++)
            {
                Assert.Equal(DecisionFilter.Undecided, filter.Label);
                filter.NextBinary(0.5f, 0.5f, i < votes - ones ? 0 : 1);
            }

            int expected = ones >= needed ? 1 : ones == 0 ? 0 : DecisionFilter.Undecided;
            Assert.Equal(expected, filter.Label);
        }
    }

    [Fact]
    public void Votes_are_those_of_the_last_decisions()
    {
        var random = new Random(11);
        for (int votes = 1; votes <= 7; votes++)
        {
            var filter = new DecisionFilter(3, new DecisionFilterOptions { Votes = votes }, time);
            var all = new List<int>();
            int stands = DecisionFilter.Undecided;
            for (int i = 0; i < 500; i++)
            {
                int label = random.Next(10) < 7 ? i / 25 % 3 : random.Next(3);
                all.Add(label);
                int[] last = [.. all.TakeLast(votes)];
                stands = last.Length == votes && 2 * last.Count(vote => vote == label) > votes ? label : stands;
                Assert.Equal(stands, filter.NextClass([0.3f, 0.3f, 0.4f], label));
            }
        }
    }

    [Theory]

    // A label, the probability of class 1, the label after it; threshold 0.5 and width 0.25.
    [InlineData(0, 0.625f, 1)]
    [InlineData(0, 0.62499994f, 0)]
    [InlineData(0, 0.5f, 0)]
    [InlineData(1, 0.375f, 1)]
    [InlineData(1, 0.37499997f, 0)]
    [InlineData(1, 0.5f, 1)]
    public void A_binary_label_turns_at_half_the_width_beside_the_threshold(int held, float probability, int label)
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 0.25f }, time);
        Assert.Equal(held, filter.NextBinary(held, 0.5f, held));
        Assert.Equal(label, filter.NextBinary(probability, 0.5f, probability >= 0.5f ? 1 : 0));
    }

    [Fact]
    public void The_first_decision_needs_no_band()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 0.25f }, time);
        Assert.Equal(1, filter.NextBinary(0.5f, 0.5f, 1));
        filter.Reset();
        Assert.Equal(0, filter.NextBinary(0.49f, 0.5f, 0));
        filter.Reset();
        Assert.Equal(1, filter.NextBinary(0.51f, 0.5f, 1));
    }

    [Theory]
    [InlineData(0.5f, 0.25f, 0)]
    [InlineData(0.50000006f, 0.25f, 1)]
    [InlineData(0.25f, 0.25f, 0)]
    [InlineData(0.2f, 0.3f, 0)]
    public void Another_class_takes_over_when_it_leads_by_more_than_the_width(float probability, float present, int label)
    {
        var filter = new DecisionFilter(3, new DecisionFilterOptions { Hysteresis = 0.25f }, time);
        Assert.Equal(0, filter.NextClass([0.9f, 0.1f, 0f], 0));
        Assert.Equal(label, filter.NextClass([present, probability, 0f], 1));
    }

    [Fact]
    public void The_band_is_about_the_decision_before_and_votes_about_what_it_leaves()
    {
        // Within the band each decision stays a 0 and votes so.
        var filter = new DecisionFilter(2, new DecisionFilterOptions { Hysteresis = 0.25f, Votes = 3 }, time);
        float[] probabilities = [0.1f, 0.6f, 0.6f, 0.7f, 0.4f, 0.6f, 0.3f];
        int[] labels = [.. probabilities.Select(p => filter.NextBinary(p, 0.5f, p >= 0.5f ? 1 : 0))];
        Assert.Equal([-1, -1, 0, 0, 1, 1, 1], labels);
    }

    [Fact]
    public void A_hold_counts_from_the_change_and_the_first_label_waits_for_none()
    {
        var filter = new DecisionFilter(2, new DecisionFilterOptions { MinimumHold = TimeSpan.FromMilliseconds(100) }, time);
        Assert.Equal(0, Next(filter, 0));
        Pass(60);
        Assert.Equal(0, Next(filter, 0));
        Pass(39);
        Assert.Equal(0, Next(filter, 1));
        Pass(1);
        Assert.Equal(1, Next(filter, 1));
        Pass(99);
        Assert.Equal(1, Next(filter, 0));
        Pass(1);
        Assert.Equal(0, Next(filter, 0));
        filter.Reset();
        Assert.Equal(1, Next(filter, 1));
    }

    [Theory]
    [InlineData(2, 1, 0f, 0L, true)]
    [InlineData(1, 1, 0f, 0L, false)]
    [InlineData(2, 0, 0f, 0L, false)]
    [InlineData(2, 1, -1e-9f, 0L, false)]
    [InlineData(2, 1, 0.99999994f, 0L, true)]
    [InlineData(2, 1, 1f, 0L, false)]
    [InlineData(2, 1, float.NaN, 0L, false)]
    [InlineData(2, 1, 0f, -1L, false)]
    public void Numbers_are_taken_up_to_their_bounds(int classes, int votes, float hysteresis, long holdTicks, bool taken)
    {
        var options = new DecisionFilterOptions { Votes = votes, Hysteresis = hysteresis, MinimumHold = TimeSpan.FromTicks(holdTicks) };
        if (taken)
        {
            Assert.Equal(DecisionFilter.Undecided, new DecisionFilter(classes, options, time).Label);
            return;
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionFilter(classes, options, time));
    }

    private static int Next(DecisionFilter filter, int label) => filter.NextBinary(label, 0.5f, label);

    private void Pass(int milliseconds) => time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
