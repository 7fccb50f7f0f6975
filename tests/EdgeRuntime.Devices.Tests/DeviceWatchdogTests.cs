using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Tests;

/// <summary>When the watchdog acts: at its timeout after the last turn, not before, once for each stop.</summary>
public sealed class DeviceWatchdogTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider time = new();
    private readonly List<TimeSpan> expirations = [];
    private readonly long start;
    private readonly Watchdog watchdog;

    public DeviceWatchdogTests()
    {
        start = time.GetTimestamp();
        watchdog = new Watchdog(time, Timeout, () => expirations.Add(time.GetElapsedTime(start)));
    }

    public void Dispose() => watchdog.Dispose();

    [Fact]
    public void Without_a_turn_it_acts_at_the_timeout_and_once()
    {
        Pass(99);
        Assert.Empty(expirations);
        Pass(1);
        Assert.Equal([Timeout], expirations);
        Pass(1000);
        Assert.Single(expirations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(99)]
    public void The_timeout_counts_from_the_last_turn(int turn)
    {
        Pass(turn);
        Assert.False(watchdog.Turn());
        Pass(99);
        Assert.Empty(expirations);
        Pass(1);
        Assert.Equal([TimeSpan.FromMilliseconds(turn + 100)], expirations);
    }

    [Fact]
    public void A_loop_that_turns_in_time_is_left_alone()
    {
        for (int i = 0; i < 200; i++)
        {
            Pass(99);
            Assert.False(watchdog.Turn());
        }

        Assert.Empty(expirations);
    }

    [Fact]
    public void The_turn_after_an_expiration_says_so_and_the_next_stop_is_found_again()
    {
        Pass(130);
        Assert.True(watchdog.Turn());
        Assert.False(watchdog.Turn());
        Pass(99);
        Assert.Single(expirations);
        Pass(1);
        Assert.Equal([TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(230)], expirations);
        Assert.True(watchdog.Turn());
    }

    [Fact]
    public void A_disposed_watchdog_acts_no_more()
    {
        watchdog.Dispose();
        Pass(500);
        Assert.Empty(expirations);
    }

    private void Pass(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}
