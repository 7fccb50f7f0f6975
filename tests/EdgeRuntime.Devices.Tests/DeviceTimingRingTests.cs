namespace EdgeInference.Devices.Tests;

/// <summary>Timings that the loop leaves for a reader of another thread.</summary>
public sealed class DeviceTimingRingTests
{
    private readonly TimingRing ring = new();

    [Fact]
    public void Timings_come_once_and_in_order_and_what_has_no_room_waits()
    {
        var timings = new LoopTiming[3];
        Assert.Equal(0, ring.Take(timings));
        Add(0, 5);
        Assert.Equal(3, ring.Take(timings));
        Assert.Equal([Timing(0), Timing(1), Timing(2)], timings);
        Assert.Equal(2, ring.Take(timings));
        Assert.Equal([Timing(3), Timing(4)], timings[..2]);
        Assert.Equal(0, ring.Take(timings));
    }

    [Fact]
    public void A_reader_that_is_late_gets_the_last_ones()
    {
        Add(0, 3 * TimingRing.Capacity);
        var timings = new LoopTiming[2 * TimingRing.Capacity];
        Assert.Equal(TimingRing.Capacity - 1, ring.Take(timings));
        Assert.Equal(Timing((2 * TimingRing.Capacity) + 1), timings[0]);
        Assert.Equal(Timing((3 * TimingRing.Capacity) - 1), timings[TimingRing.Capacity - 2]);
    }

    [Fact]
    public void A_reader_beside_the_writer_gets_whole_timings_in_order()
    {
        const int Count = 500_000;
        var writer = new Thread(() => Add(0, Count));
        writer.Start();
        var timings = new LoopTiming[100];
        long last = -1;
        while (last < Count - 1)
        {
            int taken = ring.Take(timings);
            foreach (LoopTiming timing in timings.AsSpan(0, taken))
            {
                Assert.True(timing.Lateness.Ticks > last);
                Assert.Equal(2 * timing.Lateness, timing.Duration);
                last = timing.Lateness.Ticks;
            }
        }

        writer.Join();
    }

    private static LoopTiming Timing(long ticks) => new(TimeSpan.FromTicks(ticks), TimeSpan.FromTicks(2 * ticks));

    private void Add(int first, int count)
    {
        for (long i = first; i < first + count; i++)
        {
            ring.Add(Timing(i).Lateness, Timing(i).Duration);
        }
    }
}
