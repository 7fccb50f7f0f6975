namespace EdgeInference.Devices;

/// <summary>What is wrong with a sensor.</summary>
public enum SensorFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The sensor does not answer when it is started, or is not the expected sensor.</summary>
    NotPresent,

    /// <summary>A read failed.</summary>
    BusError,

    /// <summary>All channels have had exactly the same values for too long.</summary>
    Stuck,

    /// <summary>A value is not finite, or outside what the sensor can measure.</summary>
    OutOfRange,
}

/// <summary>When a sensor counts as faulty, and how it comes back.</summary>
public sealed record SensorMonitorOptions
{
    /// <summary>Consecutive failed reads that are bridged with the last good sample, 0 or more.</summary>
    public int ToleratedErrors { get; init; }

    /// <summary>Identical samples in a row that make a sensor stuck, 2 or more; 0 for sensors whose values may not change, such as digital inputs.</summary>
    public int StuckSamples { get; init; }

    /// <summary>Good samples in a row that end a fault, 1 or more.</summary>
    public int RecoverySamples { get; init; } = 1;

    /// <summary>Time between two attempts to start a faulty sensor.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lowest value that any channel can have.</summary>
    public float Minimum { get; init; } = float.NegativeInfinity;

    /// <summary>Highest value that any channel can have.</summary>
    public float Maximum { get; init; } = float.PositiveInfinity;
}

/// <summary>Reads a source, tells faults apart, counts them, and starts the source again until it is good. Serves one thread; counters may be read from any.</summary>
public sealed class SensorMonitor : IDisposable
{
    private readonly ISampleSource source;
    private readonly SensorMonitorOptions options;
    private readonly TimeProvider time;
    private readonly float[] last;
    private readonly long[] faultCounts = new long[Enum.GetValues<SensorFault>().Length];
    private bool running;
    private bool everAttempted;
    private long lastAttempt;
    private int errorsInARow;
    private int sameInARow;
    private int goodInARow;
    private long samples;
    private long failedReads;
    private long recoveries;
    private volatile SensorFault fault;

    /// <summary>Creates a monitor, which owns the source.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SensorMonitor(ISampleSource source, SensorMonitorOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        this.options = options ?? new SensorMonitorOptions();
        this.time = time ?? TimeProvider.System;
        ArgumentOutOfRangeException.ThrowIfNegative(this.options.ToleratedErrors, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.RecoverySamples, 1, nameof(options));
        if (this.options.StuckSamples is < 0 or 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "StuckSamples must be 0, or 2 or more.");
        }

        if (source.ChannelNames.Count != 0 && source.ChannelNames.Count != source.Channels)
        {
            throw new ArgumentException($"The source has {source.Channels} channels but {source.ChannelNames.Count} channel names.", nameof(source));
        }

        last = new float[source.Channels];
    }

    /// <summary>Values in a sample.</summary>
    public int Channels => source.Channels;

    /// <summary>A name for each channel; empty if the source names none.</summary>
    public IReadOnlyList<string> ChannelNames => source.ChannelNames;

    /// <summary>What is wrong now.</summary>
    public SensorFault Fault => fault;

    /// <summary>Why the last start or read failed, or null.</summary>
    public string? LastError { get; private set; }

    /// <summary>Samples delivered.</summary>
    public long Samples => Volatile.Read(ref samples);

    /// <summary>Reads that failed, the tolerated ones included.</summary>
    public long FailedReads => Volatile.Read(ref failedReads);

    /// <summary>Times that a faulty sensor became good again.</summary>
    public long Recoveries => Volatile.Read(ref recoveries);

    /// <summary>Times that this fault occurred.</summary>
    public long Count(SensorFault kind) => Volatile.Read(ref faultCounts[(int)kind]);

    /// <summary>Reads one sample.</summary>
    /// <param name="sample">Room for <see cref="Channels"/> values; undefined where a fault is returned.</param>
    /// <returns>The fault, or <see cref="SensorFault.None"/> where the sample may be used.</returns>
    public SensorFault Read(Span<float> sample)
    {
        if (!running && !TryStart())
        {
            return fault;
        }

        try
        {
            source.Read(sample);
        }
        catch (Exception exception) when (IsDeviceError(exception))
        {
            return ReadFailed(exception, sample);
        }

        errorsInARow = 0;
        SensorFault found = Judge(sample);
        sample[..last.Length].CopyTo(last);
        return found == SensorFault.None ? Good() : Bad(found);
    }

    /// <summary>Closes the source.</summary>
    public void Dispose() => source.Dispose();

    // What System.Device's drivers throw when hardware does not do what it should.
    private static bool IsDeviceError(Exception exception) =>
        exception is IOException or TimeoutException or UnauthorizedAccessException or InvalidOperationException or PlatformNotSupportedException;

    private bool TryStart()
    {
        if (everAttempted && time.GetElapsedTime(lastAttempt) < options.RetryInterval)
        {
            return false;
        }

        everAttempted = true;
        lastAttempt = time.GetTimestamp();
        try
        {
            source.Start();
            running = true;
            return true;
        }
        catch (Exception exception) when (IsDeviceError(exception))
        {
            LastError = exception.Message;
            Enter(SensorFault.NotPresent);
            return false;
        }
    }

    private SensorFault ReadFailed(Exception exception, Span<float> sample)
    {
        LastError = exception.Message;
        failedReads++;
        errorsInARow++;
        goodInARow = 0;
        if (fault == SensorFault.None && errorsInARow <= options.ToleratedErrors && samples > 0)
        {
            last.CopyTo(sample);
            return SensorFault.None;
        }

        // A sensor that lost its power has lost its settings too.
        running = false;
        lastAttempt = time.GetTimestamp();
        Enter(SensorFault.BusError);
        return fault;
    }

    private SensorFault Judge(ReadOnlySpan<float> sample)
    {
        bool same = true;
        for (int i = 0; i < last.Length; i++)
        {
            if (!(sample[i] >= options.Minimum && sample[i] <= options.Maximum) || !float.IsFinite(sample[i]))
            {
                return SensorFault.OutOfRange;
            }

            same &= sample[i] == last[i];
        }

        sameInARow = same ? sameInARow + 1 : 1;
        return options.StuckSamples > 0 && sameInARow >= options.StuckSamples ? SensorFault.Stuck : SensorFault.None;
    }

    private SensorFault Good()
    {
        goodInARow++;
        if (fault != SensorFault.None)
        {
            if (goodInARow < options.RecoverySamples)
            {
                return fault;
            }

            fault = SensorFault.None;
            LastError = null;
            recoveries++;
        }

        samples++;
        return SensorFault.None;
    }

    private SensorFault Bad(SensorFault found)
    {
        goodInARow = 0;
        bool hangs = found == SensorFault.Stuck && fault == SensorFault.Stuck;
        if (hangs && time.GetElapsedTime(lastAttempt) >= options.RetryInterval)
        {
            running = false;
        }

        Enter(found);
        return fault;
    }

    private void Enter(SensorFault found)
    {
        if (fault != found)
        {
            faultCounts[(int)found]++;
            fault = found;
        }
    }
}
