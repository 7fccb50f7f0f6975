using Esp32;

namespace EdgeInference.Nano.Tests;

/// <summary>The pace of samples/Esp32, which is compiled for nanoFramework.</summary>
public class SamplePaceTests
{
    private const long Millisecond = 10_000;

    [Fact]
    public void Samples_are_due_at_multiples_of_the_period_whatever_the_work_takes()
    {
        var pace = new Pace(20 * Millisecond, 0);
        Assert.False(pace.Next(3 * Millisecond));
        Assert.Equal(17, pace.Wait);
        Assert.False(pace.Next(25 * Millisecond));
        Assert.Equal(15, pace.Wait);
    }

    [Theory]
    [InlineData(59, 0, false)]
    [InlineData(79, 0, false)]
    [InlineData(80, 0, true)]
    public void A_window_begins_anew_where_more_than_two_samples_were_missed(int ended, int wait, bool anew)
    {
        var pace = new Pace(20 * Millisecond, 0);
        Assert.Equal(anew, pace.Next(ended * Millisecond));
        Assert.Equal(wait, pace.Wait);

        // The next one is due at its multiple again.
        Assert.False(pace.Next((ended + 1) * Millisecond));
        Assert.Equal(((((ended / 20) + 1) * 20) - ended - 1), pace.Wait);
    }
}
