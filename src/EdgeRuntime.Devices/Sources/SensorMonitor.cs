namespace EdgeInference.Devices;

/// <summary>Reads a source, tells faults apart, counts them, and starts the source again until it is good. Serves one thread; counters may be read from any.</summary>
public sealed class SensorMonitor : IDisposable
{
    private readonly ISampleSource source;
    private readonly BackgroundSampleSource? background;
    private readonly SensorMonitorOptions options;
    private readonly TimeProvider time;
    private readonly float[] last;
    private readonly long[] faultCounts = new long[Enum.GetValues<SensorFault>().Length];
    private bool running;
    private bool starting;
    private bool everAttempted;
    private long lastAttempt;
    private int errorsInARow;
    private int sameInARow;
    private int goodInARow;
    private int badChannel;
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
        background = source as BackgroundSampleSource;
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

    /// <summary>What went wrong last, as a sentence: why a start or a read failed, or which channel has which value. Null before the first fault and after a recovery.</summary>
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
        Span<float> values = sample[..last.Length];
        if (!running && !TryStart())
        {
            return fault;
        }

        UnfilledChannel.Mark(values);
        try
        {
            source.Read(values);
        }
        catch (Exception exception) when (DeviceFault.IsSurvivable(exception))
        {
            return ReadFailed(exception, values);
        }

        if (background is { IsRepeat: true })
        {
            return Repeat();
        }

        errorsInARow = 0;
        SensorFault found = Judge(values);
        values.CopyTo(last);
        return found == SensorFault.None ? Good() : Bad(found);
    }

    /// <summary>Closes the source.</summary>
    public void Dispose() => source.Dispose();

    private bool TryStart()
    {
        if (!starting && everAttempted && time.GetElapsedTime(lastAttempt) < options.RetryInterval)
        {
            return false;
        }

        try
        {
            if (!starting)
            {
                everAttempted = true;
                lastAttempt = time.GetTimestamp();
                source.Start();
            }

            running = background?.HasStarted() ?? true;
            starting = !running;
            if (starting && fault == SensorFault.None)
            {
                fault = SensorFault.Starting;
            }

            return running;
        }
        catch (Exception exception) when (DeviceFault.IsSurvivable(exception))
        {
            if (starting)
            {
                starting = false;
                lastAttempt = time.GetTimestamp();
            }

            LastError = DeviceFault.Sentence(exception);
            Enter(SensorFault.NotPresent);
            return false;
        }
    }

    private SensorFault ReadFailed(Exception exception, Span<float> sample)
    {
        LastError = DeviceFault.Sentence(exception);
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
                // Once for a channel, not a text for each sample.
                if (fault != SensorFault.OutOfRange || badChannel != i)
                {
                    badChannel = i;
                    LastError = SensorReport.OutOfRange(i, sample[i], ChannelNames, last.Length, options);
                }

                return SensorFault.OutOfRange;
            }

            same &= sample[i] == last[i];
        }

        sameInARow = same ? sameInARow + 1 : 1;
        if (options.StuckSamples == 0 || sameInARow < options.StuckSamples)
        {
            return SensorFault.None;
        }

        if (fault != SensorFault.Stuck)
        {
            LastError = SensorReport.Stuck(sample, ChannelNames, options.StuckSamples);
        }

        return SensorFault.Stuck;
    }

    // The same measurement once more: it was judged when it came, and counts for nothing else.
    private SensorFault Repeat()
    {
        if (fault == SensorFault.None)
        {
            samples++;
        }

        return fault;
    }

    private SensorFault Good()
    {
        goodInARow++;
        if (fault == SensorFault.Starting)
        {
            fault = SensorFault.None;
        }

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
