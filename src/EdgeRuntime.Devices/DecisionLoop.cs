using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Devices;

/// <summary>
/// Samples at a fixed rate, decides, and acts: sensor, window, features, model, filter, outputs. While the sensor is at fault,
/// the loop hangs, or no label has won yet, outputs are in their safe state. Allocates nothing per sample.
/// </summary>
/// <remarks>
/// The class is the one that the model's <see cref="Classifier"/> decides for. Where it abstains in its abstain band, the label
/// is held, for as long as <see cref="DecisionLoopOptions.ToleratedAbstentions"/> says. Where a value is not finite,
/// the loop does what it does at a fault of the sensor: safe state, and window, votes and the model's own state start again.
/// </remarks>
public sealed class DecisionLoop : IDisposable
{
    private readonly SensorMonitor sensor;
    private readonly ModelSlot model;
    private readonly DecisionLoopOptions options;
    private readonly IDecisionOutput[] outputs;
    private readonly int[] shown;
    private readonly TimeProvider time;
    private readonly LoopInput input;
    private readonly DecisionFilter filter;
    private readonly float[] sample;
    private ModelExpectation expectation;
    private int label = DecisionFilter.Undecided;
    private int abstained;
    private int outputsAtFault;
    private string? labelToLearn;
    private long lastTurn = Never;
    private long lastDecision = Never;

    /// <summary>Creates a loop; the caller keeps ownership of sensor, slot and outputs.</summary>
    /// <exception cref="ArgumentException">The model's number of values, feature names, window or sample period differ from the loop's, an output is bound to a class that the model does not have, or an option is out of range.</exception>
    public DecisionLoop(SensorMonitor sensor, ModelSlot model, DecisionLoopOptions options, IReadOnlyList<IDecisionOutput> outputs, TimeProvider? time = null)
        : this(sensor, model, options, outputs, time, null)
    {
    }

    /// <summary>The same with another way from samples to the model's values, as of a recording that holds those values.</summary>
    internal DecisionLoop(SensorMonitor sensor, ModelSlot model, DecisionLoopOptions options, IReadOnlyList<IDecisionOutput> outputs, TimeProvider? time, LoopInput? values)
    {
        ArgumentNullException.ThrowIfNull(sensor);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(outputs);
        model.TakePending();
        options = model.Expectation.Complete(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Period, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ToleratedMisses, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ToleratedAbstentions, nameof(options));
        if (options.WatchdogTimeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.WatchdogTimeout, TimeSpan.Zero, nameof(options));
        }

        this.sensor = sensor;
        this.model = model;
        this.options = options;
        this.outputs = [.. outputs];
        this.time = time ?? TimeProvider.System;
        shown = new int[this.outputs.Length];
        Array.Fill(shown, Unknown);
        sample = new float[sensor.Channels];
        input = values ?? new LoopInput(sensor.Channels, sensor.ChannelNames, options, model.Expectation);
        if (input.Values.Length != model.InputLength)
        {
            throw new ArgumentException($"The loop produces {input.Values.Length} values but the model expects {model.InputLength}; set window, channels and features as the model was trained.", nameof(options));
        }

        // From here on no model is offered that the loop could not take; one that was offered before is looked at now.
        model.Requirement = Refusal;
        model.TakePending();
        expectation = model.Expectation;
        if (Refusal(expectation) is { } reason)
        {
            model.Requirement = null;
            throw new ArgumentException(reason);
        }

        BindOutputs();
        filter = new DecisionFilter(model.Classes, options.Filter, this.time);
    }

    // What an output shows when nobody knows: before its first call, and after a failed one.
    private static int Unknown => int.MinValue;

    private static long Never => long.MinValue;

    /// <summary>Counters and timings.</summary>
    public LoopStatistics Statistics { get; } = new();

    /// <summary>How the loop samples, what it decides on, and when it gives up; with what the model said where it was left open.</summary>
    public DecisionLoopOptions Options => options;

    /// <summary>Number of outputs that failed when they were last tried, and are tried again at each sample. May be read from any thread.</summary>
    public int OutputsAtFault => Volatile.Read(ref outputsAtFault);

    /// <summary>Time since the loop last turned, or null if it never did. May be read from any thread.</summary>
    public TimeSpan? SinceTurn => Since(ref lastTurn);

    /// <summary>
    /// Time since the turn in which the model last ran on values that are finite, or null if it never did; an abstention is one too.
    /// May be read from any thread.
    /// </summary>
    public TimeSpan? SinceDecision => Since(ref lastDecision);

    /// <summary>The current label, or −1 in the safe state.</summary>
    public int Label => Volatile.Read(ref label);

    /// <summary>Text of the current class, its number if the model's classes have no texts, null in the safe state. May be read from any thread.</summary>
    public string? ClassText
    {
        get
        {
            while (true)
            {
                // Of one model: between two models with other classes no label stands.
                int before = Label;
                ModelExpectation of = Volatile.Read(ref expectation);
                if (Label == before && ReferenceEquals(Volatile.Read(ref expectation), of))
                {
                    return before == DecisionFilter.Undecided ? null
                        : before < of.ClassTexts.Count ? of.ClassTexts[before]
                        : before.ToString(CultureInfo.InvariantCulture);
                }
            }
        }
    }

    /// <summary>The last decision, before the filter.</summary>
    public Decision LastDecision { get; private set; }

    /// <summary>Version of the model in use.</summary>
    public ulong ModelVersion => model.Version;

    /// <summary>Whether the loop decides: the sensor works and there is a current label.</summary>
    public bool IsDeciding => Label != DecisionFilter.Undecided;

    /// <summary>
    /// Asks the model to learn that the values of the next decision are of a class. Any thread may call it; the loop learns after that
    /// decision, on its own thread. Of two calls before a decision the later counts.
    /// </summary>
    /// <param name="classText">The text of a class of the model, its number where it has no texts.</param>
    /// <returns>Null, or why nothing is learned, in a sentence.</returns>
    public string? Learn(string classText)
    {
        ArgumentNullException.ThrowIfNull(classText);
        ModelExpectation of = Volatile.Read(ref expectation);
        if ((model.Heads & (LearningHeads.LastLayer | LearningHeads.AddedClasses)) == 0)
        {
            return "The model does not learn from labels; make it with 'edge train --adaptable'.";
        }

        if (ClassOf(classText, of) < 0)
        {
            string known = of.ClassTexts.Count > 0 ? string.Join(", ", of.ClassTexts) : $"0 to {model.Classes - 1}";
            return $"'{classText}' is not a class of the model; its classes are {known}.";
        }

        Volatile.Write(ref labelToLearn, classText);
        return null;
    }

    /// <summary>Runs until it is cancelled, then puts outputs into their safe state. Blocks; give it its own thread.</summary>
    public void Run(CancellationToken cancellation)
    {
        using var timer = new DeadlineTimer(time);
        using Watchdog? watchdog = options.WatchdogTimeout == Timeout.InfiniteTimeSpan ? null : new Watchdog(time, options.WatchdogTimeout, WatchdogExpired);
        var pace = new SamplePace(time, options.Period);
        try
        {
            while (timer.WaitUntil(pace.Due, cancellation))
            {
                long started = time.GetTimestamp();
                if (watchdog is not null && watchdog.Turn())
                {
                    Array.Fill(shown, Unknown);
                }

                Step(started);
                long ended = time.GetTimestamp();
                Statistics.AddTiming(time.GetElapsedTime(pace.Due, started), time.GetElapsedTime(started, ended));
                Skip(pace.Next(ended));
            }
        }
        finally
        {
            label = DecisionFilter.Undecided;
            Show(label);
        }
    }

    /// <summary>Takes one sample, decides and acts, without waiting.</summary>
    public void Step() => Step(time.GetTimestamp());

    /// <summary>Puts outputs into their safe state.</summary>
    public void Dispose()
    {
        model.Requirement = null;
        Show(DecisionFilter.Undecided);
    }

    private void Step(long now)
    {
        Volatile.Write(ref lastTurn, now);
        Turn(now);
        Statistics.AddTurn();
    }

    private void Turn(long now)
    {
        model.TakePending();
        FollowModel();
        if (sensor.Read(sample) != SensorFault.None)
        {
            StartAnew();
            Show(DecisionFilter.Undecided);
            return;
        }

        if (input.Add(sample))
        {
            Decision decision = model.Decide(input.Values);
            FollowModel();
            LastDecision = decision;
            LearnFrom(decision);
            Statistics.AddDecision();
            if (decision.IsUnlikeTrainingData || expectation.TrainingRanges?.Hold(input.Values) == false)
            {
                Statistics.AddUnlikeTraining();
            }

            Follow(decision);
            if (decision.Reason is DecisionReason.Decided or DecisionReason.AbstainBand)
            {
                Volatile.Write(ref lastDecision, now);
            }
        }

        Show(filter.Label);
    }

    private void LearnFrom(in Decision decision)
    {
        if (Volatile.Read(ref labelToLearn) is null || decision.Reason == DecisionReason.NotFinite || Interlocked.Exchange(ref labelToLearn, null) is not { } text)
        {
            return;
        }

        // Another model may have come since the text was looked at.
        int wanted = ClassOf(text, expectation);
        if (wanted >= 0 && (model.Heads & (LearningHeads.LastLayer | LearningHeads.AddedClasses)) != 0 && model.Learn(input.Values, wanted))
        {
            Statistics.AddLearned();
        }
    }

    private int ClassOf(string text, ModelExpectation of)
    {
        for (int i = 0; i < of.ClassTexts.Count; i++)
        {
            if (of.ClassTexts[i] == text)
            {
                return i;
            }
        }

        return of.ClassTexts.Count == 0 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < model.Classes ? number : -1;
    }

    private TimeSpan? Since(ref long timestamp)
    {
        long then = Volatile.Read(ref timestamp);
        return then == Never ? null : time.GetElapsedTime(then);
    }

    private void Follow(in Decision decision)
    {
        // A class that was added moves no output: those are bound to the model's own.
        DecisionReason reason = decision.ClassIndex >= model.Classes ? DecisionReason.AbstainBand : decision.Reason;
        switch (reason)
        {
            case DecisionReason.Decided:
                abstained = 0;
                ReadOnlySpan<float> probabilities = model.Probabilities;
                _ = probabilities.IsEmpty
                    ? filter.NextBinary(decision.Probability, model.Threshold, decision.ClassIndex)
                    : filter.NextClass(probabilities, decision.ClassIndex);
                break;
            case DecisionReason.AbstainBand:
                Statistics.AddAbstention();
                if (abstained >= options.ToleratedAbstentions)
                {
                    filter.Reset();
                }
                else
                {
                    abstained++;
                }

                break;
            default:
                // In a recurrent state a NaN would stay for ever.
                Statistics.AddNotFinite();
                StartAnew();
                break;
        }
    }

    // What comes next does not continue what was before.
    private void StartAnew()
    {
        input.Clear();
        model.Reset();
        filter.Reset();
        abstained = 0;
    }

    private string? Refusal(ModelExpectation model) =>
        model.LoopDifference(options, input.Names, input.SampleNames, input.Signals)
        ?? outputs.OfType<IClassBoundOutput>().Select(output => output.Refusal(model.ClassTexts, this.model.Classes)).FirstOrDefault(reason => reason is not null);

    private void BindOutputs()
    {
        foreach (IDecisionOutput output in outputs)
        {
            (output as IClassBoundOutput)?.Bind(expectation.ClassTexts);
        }
    }

    // A label that the model before decided stands for another class now.
    private void FollowModel()
    {
        ModelExpectation next = model.Expectation;
        if (ReferenceEquals(next, expectation))
        {
            return;
        }

        bool sameClasses = next.ClassTexts.SequenceEqual(expectation.ClassTexts);
        if (!sameClasses)
        {
            filter.Reset();
            abstained = 0;
            Show(DecisionFilter.Undecided);
        }

        Volatile.Write(ref expectation, next);
        if (!sameClasses)
        {
            BindOutputs();
        }
    }

    /// <summary>Leaves out samples that were missed, 0 or more.</summary>
    internal void Skip(long missed)
    {
        Statistics.AddMissed(missed);
        if (input.Skip(missed))
        {
            Statistics.AddGap();
            model.Reset();
        }
    }

    private void Show(int next)
    {
        if (next != label)
        {
            Statistics.AddChange();
            Volatile.Write(ref label, next);
        }

        int failing = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (shown[i] != next)
            {
                shown[i] = Write(outputs[i], next) ? next : Unknown;
            }

            failing += shown[i] == next ? 0 : 1;
        }

        Volatile.Write(ref outputsAtFault, failing);
    }

    private bool Write(IDecisionOutput output, int next)
    {
        try
        {
            if (next == DecisionFilter.Undecided)
            {
                output.ApplySafe();
            }
            else
            {
                output.Apply(next);
            }

            return true;
        }
        catch (Exception exception) when (DeviceFault.IsSurvivable(exception))
        {
            Statistics.AddOutputFault();
            return false;
        }
    }

    private void WatchdogExpired()
    {
        Statistics.AddWatchdogExpiration();
        foreach (IDecisionOutput output in outputs)
        {
            Write(output, DecisionFilter.Undecided);
        }
    }
}
