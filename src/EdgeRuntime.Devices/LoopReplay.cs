using System.Globalization;
using EdgeInference.Devices.Recordings;

namespace EdgeInference.Devices;

/// <summary>
/// Runs what a <see cref="LoopRecorder"/> wrote through a <see cref="DecisionLoop"/> and its outputs, in the time of the
/// recording. A table of samples passes window and features too; one of a loop's values begins at the model.
/// </summary>
public sealed class LoopReplay : IDisposable
{
    private const string Fault = "The recording has no sample here.";

    private readonly RecordedTable table;
    private readonly IReadOnlyList<string> channelNames;
    private readonly LoopInput made;
    private readonly string path;
    private readonly ReplayTime time = new();
    private readonly SensorMonitor sensor;
    private readonly Dictionary<string, long> unknown = [];
    private DecisionLoopOptions options;
    private LoopInput input;
    private bool isBroken;
    private bool hasNeighbours;

    /// <summary>Opens a recording.</summary>
    /// <param name="path">Path of the CSV file.</param>
    /// <param name="channelNames">A name for each channel of the sensor.</param>
    /// <param name="options">The loop's options, as at the recording.</param>
    /// <param name="labelColumn">The column of the label; it may be missing.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no channel name.</exception>
    /// <exception cref="InvalidDataException">The table's columns are not those of a recording with these options.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public LoopReplay(string path, IReadOnlyList<string> channelNames, DecisionLoopOptions options, string labelColumn = LoopRecorder.LabelColumn)
        : this(path, channelNames, options, labelColumn, new ModelExpectation())
    {
    }

    /// <summary>Opens a recording for a model: by its signal pipeline where it has one.</summary>
    /// <param name="path">As above.</param>
    /// <param name="channelNames">As above.</param>
    /// <param name="model">The model that <see cref="Run"/> will be given.</param>
    /// <param name="options">As of a loop: what the model says may be left open.</param>
    /// <param name="labelColumn">As above.</param>
    /// <exception cref="ArgumentException">As above, or the model takes other channels.</exception>
    /// <exception cref="InvalidDataException">As above.</exception>
    /// <exception cref="IOException">As above.</exception>
    public LoopReplay(string path, IReadOnlyList<string> channelNames, ModelSlot model, DecisionLoopOptions options, string labelColumn)
        : this(path, channelNames, options, labelColumn, Known(model).Expectation)
    {
    }

    private LoopReplay(string path, IReadOnlyList<string> channelNames, DecisionLoopOptions options, string labelColumn, ModelExpectation model)
    {
        ArgumentNullException.ThrowIfNull(channelNames);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(channelNames.Count, nameof(channelNames));
        ArgumentNullException.ThrowIfNull(labelColumn);
        this.path = path;
        this.channelNames = channelNames;
        this.options = model.Complete(options);
        made = new LoopInput(channelNames.Count, channelNames, this.options, model);
        table = RecordedTable.Open(path, channelNames, made.Names, labelColumn);
        input = table.IsSamples ? made : made.OfRows();
        sensor = new SensorMonitor(
            new DelegateSampleSource(
                table.Values.Length,
                sample =>
                {
                    if (isBroken)
                    {
                        throw new IOException(Fault);
                    }

                    table.Values.CopyTo(sample);
                },
                channelNames: table.IsSamples ? channelNames : made.Names),
            new SensorMonitorOptions { RetryInterval = TimeSpan.Zero },
            time);
    }

    /// <summary>Whether the table holds samples and not the values that a loop decides on.</summary>
    public bool IsSamples => table.IsSamples;

    /// <summary>Columns that are left out.</summary>
    public IReadOnlyList<string> LeftOut => table.LeftOut;

    /// <summary>Called with the values of each decision.</summary>
    internal Action<float[]>? Decided { get; set; }

    /// <summary>Runs the recording, once.</summary>
    /// <param name="slot">The model; the caller keeps ownership of it and of the outputs.</param>
    /// <param name="outputs">Outputs, as of a loop.</param>
    /// <param name="changed">Called after each change of the loop's label, or null.</param>
    /// <param name="inRealTime">Whether each row waits until it would be due.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="ArgumentException">The loop would not start with the model.</exception>
    /// <exception cref="InvalidDataException">A row is none of a recording with these options.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public ReplaySummary Run(ModelSlot slot, IReadOnlyList<IDecisionOutput> outputs, Action<ReplayedDecision>? changed = null, bool inRealTime = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(slot);
        slot.TakePending();
        options = slot.Expectation.Complete(options);
        if (IsSamples && made.Signals.Length == 0 && slot.Expectation.CreatePipeline is not null)
        {
            input = new LoopInput(channelNames.Count, channelNames, options, slot.Expectation);
        }

        using var loop = new DecisionLoop(sensor, slot, options, outputs, time, input);
        using var timer = inRealTime ? new DeadlineTimer(TimeProvider.System) : null;
        var run = new Turn(loop, slot, changed, timer, cancellation);
        if (!IsSamples)
        {
            // The first window is full at its last sample.
            time.Pass(options.Period * (options.WindowLength - 1));
        }

        TimeSpan step = IsSamples ? options.Period : options.Period * options.Hop;
        for (long last = -1; !cancellation.IsCancellationRequested && table.Read(); run.Summary.Rows++)
        {
            last = IsSamples ? Approach(run, last) : last;
            isBroken = !table.HasValues;
            run.Summary.Breaks += isBroken ? 1 : 0;
            Step(run, step);
        }

        if (IsSamples && run.Summary.Rows > 2 && !hasNeighbours && !cancellation.IsCancellationRequested)
        {
            throw new InvalidDataException(FormattableString.Invariant($"In {path} no two rows are a period, {options.Period.TotalMilliseconds} ms, apart; set the period as it was at the recording."));
        }

        run.Summary.Loop = loop.Statistics;
        run.Summary.Notes = [.. Notes()];
        return run.Summary;
    }

    /// <summary>Closes the table.</summary>
    public void Dispose()
    {
        table.Dispose();
        sensor.Dispose();
    }

    private static ModelSlot Known(ModelSlot model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.TakePending();
        return model;
    }

    // What lies between the last row and this one. Returns this row's number.
    private long Approach(Turn run, long last)
    {
        long number = RecordedTime.Number(table.Time, options.Period)
            ?? throw new InvalidDataException(FormattableString.Invariant($"{path}, line {table.Line}: the time '{table.Time}' is none of a recording with a period of {options.Period.TotalMilliseconds} ms; set the period as it was at the recording."));
        if (last < 0)
        {
            return number;
        }

        long missed = number - last - 1;
        hasNeighbours |= missed == 0;
        if (missed < 0)
        {
            // Another recording: no window spans both.
            isBroken = true;
            run.Summary.Breaks++;
            Step(run, options.Period);
        }
        else
        {
            // While the sensor was at fault nothing could be missed: the loop stays in its safe state.
            run.Loop.Skip(isBroken ? 0 : missed);
            time.Pass(options.Period * missed);
        }

        return number;
    }

    private void Step(Turn run, TimeSpan step)
    {
        if (run.Timer is { } timer && !timer.WaitUntil(run.Start + (long)(time.Elapsed.TotalSeconds * TimeProvider.System.TimestampFrequency), run.Cancellation))
        {
            return;
        }

        long decisions = run.Loop.Statistics.Decisions;
        run.Loop.Step();
        if (run.Loop.Statistics.Decisions > decisions)
        {
            Decided?.Invoke(input.Values);
            Compare(run);
        }

        if (run.Loop.Label != run.Label)
        {
            run.Label = run.Loop.Label;
            run.Summary.Changes++;
            run.Changed?.Invoke(new ReplayedDecision(time.Elapsed, table.Line, run.Loop.ClassText, run.Loop.LastDecision.Probability));
        }

        time.Pass(step);
    }

    private void Compare(Turn run)
    {
        if (table.Label is not { } label)
        {
            return;
        }

        int known = run.Summary.Classes.ToList().IndexOf(label);
        if (known >= 0)
        {
            run.Summary.Add(known, run.Loop.LastDecision.ClassIndex);
        }
        else
        {
            unknown[label] = unknown.GetValueOrDefault(label) + 1;
        }
    }

    private IEnumerable<string> Notes()
    {
        if (table.IsCut)
        {
            yield return $"The last row of {path} has no line break, so it may be incomplete; it is left out.";
        }

        foreach ((string label, long count) in unknown)
        {
            yield return $"Decisions on rows with the label '{label}', which is no class of the model, are not compared: {count}.";
        }
    }

    private sealed class Turn(DecisionLoop loop, ModelSlot slot, Action<ReplayedDecision>? changed, DeadlineTimer? timer, CancellationToken cancellation)
    {
        internal DecisionLoop Loop => loop;

        internal Action<ReplayedDecision>? Changed => changed;

        /// <summary>What waits for each row; null where none is waited for.</summary>
        internal DeadlineTimer? Timer => timer;

        internal CancellationToken Cancellation => cancellation;

        internal long Start { get; } = TimeProvider.System.GetTimestamp();

        internal int Label { get; set; } = DecisionFilter.Undecided;

        internal ReplaySummary Summary { get; } = new(
            slot.ClassTexts.Count > 0 ? slot.ClassTexts : [.. Enumerable.Range(0, slot.Classes).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    }
}
