using System.Globalization;

namespace EdgeInference.Devices;

/// <summary>
/// Watches a model on trial (<see cref="UpdatePolicy.Trial"/>): confirms it after its time, or takes it back where the loop's watchdog
/// expires, or too many decisions are not finite, abstained, or on values unlike the training data.
/// </summary>
public sealed class ModelTrial
{
    // Fewer say nothing about a share.
    private const long FewestDecisions = 10;

    private readonly ModelUpdater updater;
    private readonly DecisionLoop loop;
    private readonly TimeProvider time;
    private Baseline baseline;

    /// <summary>Creates a watch. It follows every later trial of the updater too.</summary>
    /// <param name="updater">The updater whose models are on trial.</param>
    /// <param name="loop">The loop that decides with them.</param>
    /// <param name="time">The clock.</param>
    public ModelTrial(ModelUpdater updater, DecisionLoop loop, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(updater);
        ArgumentNullException.ThrowIfNull(loop);
        this.updater = updater;
        this.loop = loop;
        this.time = time ?? TimeProvider.System;
        baseline = new Baseline(this, 0);
        updater.TrialBegins += Begin;
    }

    /// <summary>Looks once. Call it about once a second from one thread, never from the loop's: going back reads and checks a model.</summary>
    /// <returns>How the trial ended; null while it goes on, and where there is none.</returns>
    public UpdateReport? Check()
    {
        Baseline since = Volatile.Read(ref baseline);
        if (!updater.OnTrial || since.HasFailed)
        {
            return null;
        }

        UpdateTrial limits = updater.Trial;
        long decisions = loop.Statistics.Decisions - since.Decisions;
        if (Failure(since, decisions, limits) is { } failure)
        {
            // Where there is nothing to go back to, it is said once.
            since.HasFailed = true;
            return updater.EndTrial(since.Number, failure);
        }

        return time.GetElapsedTime(since.Started) >= limits.Duration && decisions >= limits.Decisions ? updater.EndTrial(since.Number, failure: null) : null;
    }

    private string? Failure(Baseline since, long decisions, UpdateTrial limits)
    {
        if (loop.Statistics.WatchdogExpirations > since.WatchdogExpirations)
        {
            return "The loop's watchdog expired while the model was on trial.";
        }

        if (decisions < Math.Max(FewestDecisions, limits.Decisions / 10))
        {
            return null;
        }

        return Above("not finite", loop.Statistics.NotFinite - since.NotFinite, decisions, limits.NotFiniteShare)
            ?? Above("in the abstain band", loop.Statistics.Abstentions - since.Abstentions, decisions, limits.AbstainedShare)
            ?? Above("on values unlike the training data", loop.Statistics.UnlikeTraining - since.UnlikeTraining, decisions, limits.UnlikeTrainingShare);
    }

    private static string? Above(string what, long count, long of, double limit) => count <= limit * of ? null
        : string.Create(CultureInfo.InvariantCulture, $"Of {of} decisions on trial {count} were {what}, more than the {limit:0.###} allowed of each.");

    private void Begin(long number) => Volatile.Write(ref baseline, new Baseline(this, number));

    /// <summary>What the loop had counted when a trial began, and what was seen since.</summary>
    private sealed class Baseline(ModelTrial trial, long number)
    {
        internal long Number { get; } = number;

        internal long Started { get; } = trial.time.GetTimestamp();

        internal long Decisions { get; } = trial.loop.Statistics.Decisions;

        internal long NotFinite { get; } = trial.loop.Statistics.NotFinite;

        internal long Abstentions { get; } = trial.loop.Statistics.Abstentions;

        internal long WatchdogExpirations { get; } = trial.loop.Statistics.WatchdogExpirations;

        internal long UnlikeTraining { get; } = trial.loop.Statistics.UnlikeTraining;

        internal bool HasFailed { get; set; }
    }
}
