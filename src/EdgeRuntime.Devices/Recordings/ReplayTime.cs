namespace EdgeInference.Devices.Recordings;

/// <summary>The time of a recording, which moves from row to row.</summary>
internal sealed class ReplayTime : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time since the first row.</summary>
    internal TimeSpan Elapsed => new(now);

    public override long GetTimestamp() => now;

    internal void Pass(TimeSpan span) => now += span.Ticks;
}
