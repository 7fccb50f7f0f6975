using Microsoft.Extensions.Time.Testing;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>A fault that comes and goes has one beginning and one end.</summary>
public sealed class FaultEpisodeTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FaultEpisode episode;

    public FaultEpisodeTests() => episode = new FaultEpisode(time);

    [Fact]
    public void What_is_not_seen_never_begins()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.False(Look(0, isNow: false, seconds: 5));
        }
    }

    [Fact]
    public void A_fault_that_lasts_begins_once_and_ends_once()
    {
        Assert.True(Look(1, isNow: true));
        Assert.True(episode.IsActive);
        for (int i = 0; i < 100; i++)
        {
            Assert.False(Look(1, isNow: true, seconds: 5));
        }

        Assert.False(Look(1, isNow: false, seconds: 9));
        Assert.True(Look(1, isNow: false, seconds: 1));
        Assert.False(episode.IsActive);
        Assert.Equal((1, 500), (episode.Count, episode.Seconds));
        Assert.False(Look(1, isNow: false, seconds: 100));
    }

    [Fact]
    public void A_loose_contact_begins_once_and_ends_once()
    {
        Assert.True(Look(1, isNow: false));
        for (int i = 2; i <= 200; i++)
        {
            Assert.False(Look(i, isNow: i % 2 == 0, seconds: 9));
        }

        Assert.True(Look(200, isNow: false, seconds: 10));
        Assert.Equal(200, episode.Count);

        // The next one counts anew.
        Assert.True(Look(203, isNow: true, seconds: 60));
        Assert.True(Look(203, isNow: false, seconds: 10));
        Assert.Equal((3, 0), (episode.Count, episode.Seconds));
    }

    private bool Look(long counted, bool isNow, double seconds = 0)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        return episode.Changed(counted, isNow);
    }
}
