using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>A wait ends at its point in time and not before, on a given clock, on the kernel's and on the runtime's timers.</summary>
public class DeviceDeadlineTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(9_999, 9_999)]
    [InlineData(10_000, 10_000)]
    [InlineData(10_000_000, 10_000_000)]
    public void A_wait_takes_what_is_left(int ticks, int waited)
    {
        var time = new FakeTime();
        using var timer = new DeadlineTimer(time);
        long start = time.GetTimestamp();
        Assert.True(timer.WaitUntil(start + ticks, default));
        Assert.Equal(waited, time.GetTimestamp() - start);
    }

    [Fact]
    public void Who_is_cancelled_does_not_wait()
    {
        var time = new FakeTime();
        using var timer = new DeadlineTimer(time);
        long start = time.GetTimestamp();
        Assert.False(timer.WaitUntil(start + 100, new CancellationToken(canceled: true)));
        Assert.False(timer.WaitUntil(start - 100, new CancellationToken(canceled: true)));
        Assert.Equal(start, time.GetTimestamp());
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(true, 70)]
    [InlineData(false, 3)]
    [InlineData(false, 70)]
    public void No_wait_on_a_real_clock_ends_early(bool system, int milliseconds)
    {
        // Longer than a slice of the kernel's sleep, too.
        TimeProvider time = system ? TimeProvider.System : new OtherSystemTime();
        using var timer = new DeadlineTimer(time);
        long target = time.GetTimestamp() + (milliseconds * time.TimestampFrequency / 1000);
        Assert.True(timer.WaitUntil(target, default));
        Assert.True(time.GetTimestamp() >= target);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_ends_a_long_wait(bool system)
    {
        TimeProvider time = system ? TimeProvider.System : new OtherSystemTime();
        using var timer = new DeadlineTimer(time);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.False(timer.WaitUntil(time.GetTimestamp() + (3600 * time.TimestampFrequency), stop.Token));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(499_999, 499_999)]
    [InlineData(500_000, 500_000)]
    [InlineData(500_001, 500_000)]
    [InlineData(36_000_000_000, 500_000)]
    public void A_sleep_ends_at_its_point_in_time_or_after_50_ms(long ticks, long slept)
    {
        var time = new FakeTime();
        using var timer = new DeadlineTimer(time);
        Assert.Equal(10_000_000, time.TimestampFrequency);
        Assert.Equal(7 + slept, timer.SliceEnd(7, 7 + ticks));
    }

    private sealed class OtherSystemTime : TimeProvider;
}
