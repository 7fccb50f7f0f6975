using System.Globalization;
using System.Runtime.ExceptionServices;

namespace EdgeInference.Devices;

/// <summary>
/// Reads a slow sensor on a thread of its own and gives its latest sample at once, so that a loop turns faster than its sensor
/// measures, and a driver that blocks or hangs does not stop it. Start and read failures reach <see cref="SensorMonitor"/> as
/// those of a sensor that is read directly. Nothing is allocated for a read.
/// </summary>
/// <remarks>
/// Between two measurements the sample repeats: a window of 100 samples at 10 ms over a sensor that measures each 2 s holds one
/// value or two, its steps are the sensor's, and a recording has the same repeats. Counts of the monitor are of measurements:
/// a repeat makes no sensor stuck, ends no fault, and does not break a row of failed reads.
/// </remarks>
public sealed class BackgroundSampleSource : ISampleSource
{
    // How long a caller waits for a driver that is in a call; after that the thread closes the sensor when the driver returns.
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(2);

    private readonly ISampleSource source;
    private readonly TimeSpan interval;
    private readonly TimeSpan limit;
    private readonly TimeProvider time;
    private readonly LatestSample latest;
    private readonly object gate = new();
    private readonly ITimer timer;
    private Thread? thread;
    private int requested;
    private int answered;
    private Exception? startFailure;
    private Exception? readFailure;
    private long requestedAt;
    private bool acknowledged = true;
    private long measuredAt;
    private int measurements;
    private bool stopping;

    /// <summary>Creates a source, which owns the sensor's; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="source">The sensor; it is started, read and closed by the thread alone.</param>
    /// <param name="interval">Time from the end of a measurement to the start of the next, above 0.</param>
    /// <param name="limit">Age at which a sample is no longer given, and the longest time that a start may take; above the interval.</param>
    /// <param name="time">The clock, or null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An interval that is not above 0, or a limit that is not above the interval.</exception>
    public BackgroundSampleSource(ISampleSource source, TimeSpan interval, TimeSpan limit, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, interval);
        this.source = source;
        this.interval = interval;
        this.limit = limit;
        this.time = time ?? TimeProvider.System;
        latest = new LatestSample(source.Channels);
        timer = this.time.CreateTimer(static state => ((BackgroundSampleSource)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public int Channels => source.Channels;

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames => source.ChannelNames;

    /// <summary>Whether the last read gave a sample that an earlier one gave already.</summary>
    internal bool IsRepeat { get; private set; }

    /// <summary>Starts that are done, failed ones included.</summary>
    internal int Answered => Volatile.Read(ref answered);

    /// <summary>Measurements that are done, failed ones included.</summary>
    internal int Measurements => Volatile.Read(ref measurements);

    /// <summary>Asks for a start and returns at once; a read fails until the first measurement is there.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref stopping), this);
        // One that took too long and is done now is as good as another.
        if (Volatile.Read(ref answered) == requested && (acknowledged || startFailure is not null))
        {
            acknowledged = false;
            requestedAt = time.GetTimestamp();
            Volatile.Write(ref requested, requested + 1);
        }

        if (thread is null)
        {
            thread = new Thread(Run) { Name = "sensor", IsBackground = true };
            thread.Start();
        }

        Wake();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The measurement failed, the sensor is still being started, or its last sample is too old.</exception>
    public void Read(Span<float> sample)
    {
        if (!HasStarted())
        {
            throw new IOException("The sensor is still being started.");
        }

        if (Volatile.Read(ref readFailure) is not null && Interlocked.Exchange(ref readFailure, null) is { } failure)
        {
            Rethrow(failure);
        }

        IsRepeat = !latest.Take();
        if (latest.Time == 0)
        {
            throw new IOException("The sensor has given no sample since its start.");
        }

        TimeSpan age = time.GetElapsedTime(latest.Time);
        if (age > limit)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The sensor's last sample is {age.TotalSeconds:0.0##} s old, and at most {limit.TotalSeconds:0.0##} s are allowed: its driver does not return."));
        }

        latest.Values.CopyTo(sample);
    }

    /// <summary>
    /// Ends the thread and closes the sensor. A driver that is in a call is waited for, 2 s at most; where it does not return,
    /// the thread closes the sensor when it does.
    /// </summary>
    public void Dispose()
    {
        if (Volatile.Read(ref stopping))
        {
            return;
        }

        Volatile.Write(ref stopping, true);
        if (thread is null)
        {
            source.Dispose();
        }
        else
        {
            Wake();
            if (!thread.Join(StopWait))
            {
                return;
            }
        }

        timer.Dispose();
    }

    /// <summary>Whether the start that was asked for is done, and its first measurement made or failed.</summary>
    /// <exception cref="IOException">The start failed, or takes too long.</exception>
    internal bool HasStarted()
    {
        if (Volatile.Read(ref answered) == requested)
        {
            acknowledged = true;
            if (startFailure is { } failure)
            {
                Rethrow(failure);
            }

            return requested > 0;
        }

        TimeSpan waited = time.GetElapsedTime(requestedAt);
        return waited <= limit
            ? false
            : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The sensor has not started within {limit.TotalSeconds:0.0##} s: its driver does not return."));
    }

    private static void Rethrow(Exception exception)
    {
        if (!DeviceFault.IsSurvivable(exception))
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        throw new IOException(DeviceFault.Sentence(exception), exception);
    }

    private void Wake()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    private void Run()
    {
        int order = 0;
        bool measuring = false;
        while (!Volatile.Read(ref stopping))
        {
            if (Volatile.Read(ref requested) is var asked && asked != order)
            {
                order = asked;
                measuring = TryStart();
            }

            if (measuring)
            {
                Measure();
            }

            Volatile.Write(ref answered, order);
            Wait(order, measuring);
        }

        try
        {
            source.Dispose();
        }
        catch (Exception exception) when (DeviceFault.IsSurvivable(exception))
        {
            // The sensor is given up; nobody is left who could act on it.
        }
    }

    private bool TryStart()
    {
        // Of the sensor as it was before nothing is given any more.
        Volatile.Write(ref readFailure, null);
        latest.Publish(0);
        try
        {
            startFailure = null;
            source.Start();
            return true;
        }
        catch (Exception exception)
        {
            startFailure = exception;
            return false;
        }
    }

    private void Measure()
    {
        try
        {
            UnfilledChannel.Mark(latest.Next);
            source.Read(latest.Next);
            measuredAt = time.GetTimestamp();
            latest.Publish(measuredAt);
        }
        catch (Exception exception)
        {
            measuredAt = time.GetTimestamp();
            Volatile.Write(ref readFailure, exception);
        }

        Volatile.Write(ref measurements, measurements + 1);
    }

    // Until the next measurement is due, for ever where there is none; a start that is asked for ends it.
    private void Wait(int order, bool measuring)
    {
        lock (gate)
        {
            while (!Volatile.Read(ref stopping) && Volatile.Read(ref requested) == order)
            {
                TimeSpan rest = Timeout.InfiniteTimeSpan;
                if (measuring)
                {
                    rest = interval - time.GetElapsedTime(measuredAt);
                    if (rest <= TimeSpan.Zero)
                    {
                        return;
                    }
                }

                timer.Change(rest, Timeout.InfiniteTimeSpan);
                Monitor.Wait(gate);
            }
        }
    }
}
