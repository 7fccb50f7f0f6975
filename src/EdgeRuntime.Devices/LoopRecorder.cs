using System.Buffers;
using System.Globalization;

namespace EdgeInference.Devices;

/// <summary>
/// Writes what a <see cref="DecisionLoop"/> with the same sensor and options would decide on as rows of a table, for
/// <c>edge train</c>: the same values under the names that the loop compares with the model's.
/// </summary>
public sealed class LoopRecorder
{
    /// <summary>The name of the table's last column, which holds the class.</summary>
    public const string LabelColumn = "label";

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",;\"\t\r\n");

    private readonly SensorMonitor sensor;
    private readonly DecisionLoopOptions options;
    private readonly TimeProvider time;
    private readonly LoopInput input;
    private readonly float[] sample;

    /// <summary>Creates a recorder; the caller keeps ownership of the sensor.</summary>
    /// <exception cref="ArgumentException">An option is out of range, the sensor does not name its channels, or a channel has the name of the label column.</exception>
    public LoopRecorder(SensorMonitor sensor, DecisionLoopOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(sensor);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Period, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ToleratedMisses, nameof(options));
        this.sensor = sensor;
        this.options = options;
        this.time = time ?? TimeProvider.System;
        input = new LoopInput(sensor, options);
        sample = new float[sensor.Channels];
        if (input.Names.Length == 0)
        {
            throw new ArgumentException("The sample source does not name its channels, so the table has no header; name each channel.", nameof(sensor));
        }

        if (input.Names.Contains(LabelColumn) || input.Names.Distinct().Count() != input.Names.Length)
        {
            throw new ArgumentException($"The columns [{string.Join(", ", input.Names)}] and '{LabelColumn}' are not all different; give each channel a unique name.", nameof(sensor));
        }
    }

    /// <summary>The table's columns before the label's.</summary>
    public IReadOnlyList<string> Names => input.Names;

    /// <summary>Rows skipped because a value was not finite; a loop would not decide on them either.</summary>
    public long NotFinite { get; private set; }

    /// <summary>Appends rows of one class to a table, which is created with the first row if it does not exist.</summary>
    /// <param name="path">Path of the CSV file.</param>
    /// <param name="label">Text of the class.</param>
    /// <param name="duration">How long to record.</param>
    /// <param name="cancellation">Ends the recording early.</param>
    /// <returns>The number of rows written.</returns>
    /// <exception cref="ArgumentException">The class has no text, or one with a line break.</exception>
    /// <exception cref="InvalidDataException">The table exists and has other columns, or its last row is incomplete.</exception>
    /// <exception cref="IOException">The table cannot be read or written.</exception>
    public long Record(string path, string label, TimeSpan duration, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        if (label.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A class text must not contain a line break.", nameof(label));
        }

        string header = string.Join(',', input.Names.Append(LabelColumn).Select(Cell));
        bool isNew = CheckTable(path, header);
        StreamWriter? table = null;
        using var timer = new DeadlineTimer(time);
        long period = Math.Max(1, (long)(options.Period.TotalSeconds * time.TimestampFrequency));
        long due = time.GetTimestamp();
        double end = due + (duration.TotalSeconds * time.TimestampFrequency);
        long rows = 0;
        input.Clear();
        try
        {
            while (due < end && timer.WaitUntil(due, cancellation))
            {
                if (Step())
                {
                    if (table is null)
                    {
                        table = File.AppendText(path);
                        table.Write(isNew ? header + "\n" : "");
                    }

                    table.Write(string.Join(',', input.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)).Append(Cell(label))) + "\n");
                    rows++;
                }

                due += period;
                long missed = Math.Max(0, (time.GetTimestamp() - due) / period);
                due += missed * period;
                if (missed > options.ToleratedMisses)
                {
                    input.Clear();
                }
            }
        }
        finally
        {
            table?.Dispose();
        }

        return rows;
    }

    // Whether a row is there.
    private bool Step()
    {
        if (sensor.Read(sample) != SensorFault.None)
        {
            input.Clear();
            return false;
        }

        if (!input.Add(sample))
        {
            return false;
        }

        if (!input.Values.All(float.IsFinite))
        {
            NotFinite++;
            input.Clear();
            return false;
        }

        return true;
    }

    // Returns whether the table is still to be made.
    private static bool CheckTable(string path, string header)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return true;
        }

        using FileStream file = File.OpenRead(path);
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
        {
            throw new InvalidDataException($"The last row of {path} is incomplete; remove it, or end it with a line break.");
        }

        file.Seek(0, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        string? found = reader.ReadLine();
        return found == header ? false
            : throw new InvalidDataException($"{path} has the columns [{found}] but this recording has [{header}]; record to another file, or use the same window and features.");
    }

    private static string Cell(string text) =>
        text.AsSpan().ContainsAny(NeedQuotes) || text.Trim().Length != text.Length ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
