using System.Globalization;
using EdgeInference.Devices.Recordings;

namespace EdgeInference.Devices;

/// <summary>
/// Writes what a <see cref="DecisionLoop"/> with the same sensor and options would see as rows of a table: the values that it
/// would decide on, for <c>edge train</c>, or its samples. Rows are whole, and on the disk about a second after they were taken. When the process is killed, the last
/// row may lack its line break; the next recording cuts it off.
/// </summary>
public sealed class LoopRecorder
{
    /// <summary>The name of the table's last column, which holds the class.</summary>
    public const string LabelColumn = "label";

    /// <summary>The name of the first column of a table of samples: seconds from the start of its recording to when the sample was due.</summary>
    public const string TimeColumn = "time";

    private readonly SensorMonitor sensor;
    private readonly DecisionLoopOptions options;
    private readonly TimeProvider time;
    private readonly LoopInput input;
    private readonly float[] sample;
    private readonly Func<string, Stream> open;
    private readonly RecordingNotes notes = new();

    /// <summary>Creates a recorder; the caller keeps ownership of the sensor.</summary>
    /// <exception cref="ArgumentException">An option is out of range, the sensor does not name its channels, or a channel has the name of another column.</exception>
    public LoopRecorder(SensorMonitor sensor, DecisionLoopOptions options, TimeProvider? time = null)
        : this(sensor, options, time, RecordingFile.Open)
    {
    }

    /// <summary>Creates a recorder of what a loop with this model would decide on: by the model's signal pipeline where it has one.</summary>
    /// <param name="sensor">The sensor; the caller keeps ownership of it.</param>
    /// <param name="model">The model; the caller keeps ownership of it, and it is not needed later.</param>
    /// <param name="options">As of the loop: what the model says may be left open.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">As above, or the model takes other channels.</exception>
    public LoopRecorder(SensorMonitor sensor, ModelSlot model, DecisionLoopOptions options, TimeProvider? time)
        : this(sensor, options, time, RecordingFile.Open, Known(model).Expectation)
    {
    }

    internal LoopRecorder(SensorMonitor sensor, DecisionLoopOptions options, TimeProvider? time, Func<string, Stream> open, ModelExpectation? model = null)
    {
        ArgumentNullException.ThrowIfNull(sensor);
        ArgumentNullException.ThrowIfNull(options);
        model ??= new ModelExpectation();
        options = model.Complete(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Period, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ToleratedMisses, nameof(options));
        this.sensor = sensor;
        this.options = options;
        this.time = time ?? TimeProvider.System;
        this.open = open;
        input = new LoopInput(sensor.Channels, sensor.ChannelNames, options, model);
        sample = new float[sensor.Channels];
        if (input.Names.Length == 0)
        {
            throw new ArgumentException("The sample source does not name its channels, so the table has no header; name each channel.", nameof(sensor));
        }

        RefuseSame(input.Names, [LabelColumn]);
    }

    /// <summary>The table's columns before the label's.</summary>
    public IReadOnlyList<string> Names => input.Names;

    /// <summary>Rows skipped because a value was not finite; a loop would not decide on them either.</summary>
    public long NotFinite => notes.NotFinite;

    /// <summary>Samples that were due while the recorder was busy, and were skipped.</summary>
    public long MissedSamples => notes.Missed;

    /// <summary>Times that a window was started again because too many samples were missed.</summary>
    public long Gaps => notes.Gaps;

    /// <summary>Times that the sensor came to be at fault.</summary>
    public long SensorFaults => notes.Faults;

    /// <summary>What the recordings lack, a sentence each: rows and samples left out, faults of the sensor with the reason of the last.</summary>
    public IReadOnlyList<string> Notes => notes.Sentences();

    /// <summary>Appends rows of one class to a table, which is created with the first row if it does not exist.</summary>
    /// <param name="path">Path of the CSV file. A last row without a line break is cut off, and a note says so.</param>
    /// <param name="label">Text of the class.</param>
    /// <param name="duration">How long to record.</param>
    /// <param name="cancellation">Ends the recording early, with the rows so far.</param>
    /// <returns>The number of rows written.</returns>
    /// <exception cref="ArgumentException">The class has no text, or one with a line break.</exception>
    /// <exception cref="InvalidDataException">The table exists and has other columns.</exception>
    /// <exception cref="IOException">The table cannot be read or written, or its disk is full; the rows that it got are whole.</exception>
    public long Record(string path, string label, TimeSpan duration, CancellationToken cancellation = default) =>
        Record(path, label, input.Names, duration, (_, fault) => fault ? null : Values(), cancellation);

    /// <summary>
    /// Appends the samples themselves: <see cref="TimeColumn"/>, channels, class. A row without values says that the sensor was at
    /// fault from then to the next row; times that are further apart than the period say that the samples between were missed; a
    /// time that is not later than the one before begins another recording. No window spans any of them.
    /// </summary>
    /// <inheritdoc cref="Record(string, string, TimeSpan, CancellationToken)"/>
    public long RecordSamples(string path, string label, TimeSpan duration, CancellationToken cancellation = default)
    {
        bool wasFault = false;
        RefuseSame(sensor.ChannelNames, [TimeColumn, LabelColumn]);
        return Record(path, label, [TimeColumn, .. sensor.ChannelNames], duration, Row, cancellation);

        string? Row(long number, bool fault)
        {
            bool isNew = !fault || !wasFault;
            wasFault = fault;
            return isNew ? RecordedTime.Text(number, options.Period) + string.Concat(sample.Select(value => fault ? "," : "," + Text(value))) : null;
        }
    }

    private long Record(string path, string label, IEnumerable<string> columns, TimeSpan duration, Func<long, bool, string?> row, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        if (label.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A class text must not contain a line break.", nameof(label));
        }

        (string first, string? cut) = RecordingEnd.Prepare(path, CsvCells.Line(columns.Append(LabelColumn)));
        notes.Table(cut);
        using var timer = new DeadlineTimer(time);
        var pace = new SamplePace(time, options.Period);
        double end = pace.Due + (duration.TotalSeconds * time.TimestampFrequency);
        RecordingFile? file = null;
        string last = "," + CsvCells.Cell(label);
        input.Clear();
        try
        {
            for (long number = 0; pace.Due < end && timer.WaitUntil(pace.Due, cancellation); number++)
            {
                if (row(number, !Read()) is { } cells)
                {
                    file ??= new RecordingFile(path, open(path), first);
                    file.Add(cells + last);
                }

                long missed = pace.Next(time.GetTimestamp());
                number += missed;
                notes.Skip(missed, input.Skip(missed));
            }

            file?.End();
            return file?.Rows ?? 0;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static ModelSlot Known(ModelSlot model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.TakePending();
        return model;
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void RefuseSame(IEnumerable<string> names, string[] others)
    {
        string[] columns = [.. names];
        if (columns.Concat(others).Distinct().Count() != columns.Length + others.Length)
        {
            throw new ArgumentException($"The columns [{string.Join(", ", columns)}] and {string.Join(", ", others.Select(other => $"'{other}'"))} are not all different; give each channel a unique name.");
        }

        if (Array.Find(columns, column => column.AsSpan().ContainsAny('\r', '\n')) is { } broken)
        {
            throw new ArgumentException($"The channel name '{broken}' has a line break; give the channel a name of one line.");
        }
    }

    private bool Read()
    {
        long failed = sensor.FailedReads;
        bool good = sensor.Read(sample) == SensorFault.None;
        notes.Sample(sensor, failed);
        if (!good)
        {
            input.Clear();
        }

        return good;
    }

    // The row that a loop would decide on now, if it would.
    private string? Values()
    {
        if (!input.Add(sample))
        {
            return null;
        }

        if (!input.Values.All(float.IsFinite))
        {
            notes.NotFinite++;
            input.Clear();
            return null;
        }

        return string.Join(',', input.Values.Select(Text));
    }
}
