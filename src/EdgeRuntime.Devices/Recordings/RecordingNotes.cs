namespace EdgeInference.Devices.Recordings;

/// <summary>Counts what recordings lack, and says it.</summary>
internal sealed class RecordingNotes
{
    private readonly List<string> tables = [];
    private SensorFault fault;
    private string lastFault = "";
    private long bridged;

    internal long NotFinite { get; set; }

    internal long Missed { get; private set; }

    internal long Gaps { get; private set; }

    internal long Faults { get; private set; }

    internal void Table(string? note)
    {
        if (note is not null)
        {
            tables.Add(note);
        }
    }

    internal void Skip(long missed, bool breaks)
    {
        Missed += missed;
        Gaps += breaks ? 1 : 0;
    }

    /// <summary>Notes how a read ended.</summary>
    /// <param name="sensor">The sensor, after the read.</param>
    /// <param name="failed">Its failed reads before.</param>
    internal void Sample(SensorMonitor sensor, long failed)
    {
        SensorFault now = sensor.Fault;
        if (now == SensorFault.None)
        {
            bridged += sensor.FailedReads - failed;
        }
        else if (now != fault && sensor.Count(now) > 0)
        {
            // A state that the monitor does not count is none that anyone has to look after.
            Faults++;
            lastFault = sensor.LastError is { } reason ? $"{now}: {reason.TrimEnd('.')}" : $"{now}";
        }

        fault = now;
    }

    internal IReadOnlyList<string> Sentences() =>
    [
        .. tables,
        .. Faults > 0 ? [$"The sensor was at fault {Times(Faults)} (last: {lastFault}); the window was started again each time."] : Array.Empty<string>(),
        .. bridged > 0 ? [$"{Count(bridged, "read")} failed and took the sample before (ToleratedErrors)."] : Array.Empty<string>(),
        .. Missed > 0 ? [$"{Count(Missed, "sample")} {(Missed == 1 ? "was" : "were")} missed, {(Gaps == 1 ? "1 window was" : $"{Gaps} windows were")} started again."] : Array.Empty<string>(),
        .. NotFinite > 0 ? [$"{Count(NotFinite, "row")} {(NotFinite == 1 ? "is" : "are")} left out: a feature was not finite."] : Array.Empty<string>(),
    ];

    private static string Times(long count) => count == 1 ? "once" : $"{count} times";

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
