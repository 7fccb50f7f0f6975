using System.Globalization;

namespace EdgeInference.Devices;

/// <content>How the trial of a model ends: it stays, or the model before it comes back.</content>
public sealed partial class ModelUpdater
{
    private long trialNumber;

    /// <summary>Raised with the number of a trial before its model is offered to the first slot.</summary>
    internal event Action<long>? TrialBegins;

    /// <summary>Whether the model in use is on trial: it is taken back if it does badly, or if nobody confirms it. See <see cref="UpdatePolicy.Trial"/>.</summary>
    public bool OnTrial => Volatile.Read(ref state).OnTrial;

    internal UpdateTrial Trial => policy.Trial ?? new UpdateTrial();

    /// <summary>Ends the trial of the model in use: it stays. Where that cannot be stored, it is on trial again at the next start.</summary>
    /// <returns><see cref="UpdateOutcome.Confirmed"/>; <see cref="UpdateOutcome.Unchanged"/> where it is not on trial; <see cref="UpdateOutcome.StorageFailed"/>.</returns>
    public UpdateReport Confirm()
    {
        UpdateReport report;
        lock (gate)
        {
            report = state.OnTrial ? EndTrial() : new UpdateReport(UpdateOutcome.Unchanged, store.Path, Host.Version, "It is not on trial.");
        }

        return Report(report);
    }

    /// <summary>
    /// Takes the model in use back, on trial or not: the confirmed one before it, or the one that the device was shipped with, decides
    /// from the next inference on. The one taken back is remembered and never taken again, nor is any of its version or an older one.
    /// </summary>
    /// <param name="reason">A sentence for the user.</param>
    /// <returns><see cref="UpdateOutcome.TakenBack"/>; <see cref="UpdateOutcome.Unreachable"/> where there is no earlier model, so that this one stays.</returns>
    public UpdateReport FallBack(string reason)
    {
        UpdateReport report;
        lock (gate)
        {
            report = GoBack(reason);
            Host.FreeUnused();
        }

        return Report(report);
    }

    /// <summary>Ends a trial, unless another has begun since.</summary>
    /// <param name="number">Its number, 0 for that of the start.</param>
    /// <param name="failure">Why the model is taken back; null to confirm it.</param>
    internal UpdateReport? EndTrial(long number, string? failure)
    {
        UpdateReport report;
        lock (gate)
        {
            if (!state.OnTrial || number != trialNumber)
            {
                return null;
            }

            report = failure is null ? EndTrial() : GoBack(failure);
            Host.FreeUnused();
        }

        return Report(report);
    }

    private UpdateReport EndTrial()
    {
        string? failure = Write(state.Confirm());
        return failure is null
            ? new UpdateReport(UpdateOutcome.Confirmed, store.Path, Host.Version, $"Version {Host.Version} has passed its trial and stays.")
            : new UpdateReport(UpdateOutcome.StorageFailed, store.Path, Host.Version, $"Version {Host.Version} has passed its trial, and is on trial again after a restart: {failure}");
    }

    private UpdateReport GoBack(string reason)
    {
        ulong from = Host.Version;
        if (EarlierModel.Find(store, factory, policy, state) is not { } earlier)
        {
            return new UpdateReport(UpdateOutcome.Unreachable, store.PreviousPath, from, $"{reason} There is no earlier model to go back to, so that version {from} stays in use.");
        }

        StoredModel bad = state.InUse!;
        string? failure = Write(state.TakeBack(bad.Hash).GoBack(earlier.Identity)) ?? (earlier.Place == ModelPlace.Previous ? Restore() : null);
        string stored = failure is null ? "" : $" It could not be stored: {failure}";
        try
        {
            Host.Swap(earlier.Model, earlier.Identity.Version);
        }
        catch (ArgumentException exception)
        {
            earlier.Model.Dispose();
            return new UpdateReport(UpdateOutcome.TakenBack, store.Path, from, $"{reason} Version {earlier.Identity.Version} is in use from the next start on: {exception.Message}{stored}");
        }

        current = earlier.Bytes;
        return new UpdateReport(UpdateOutcome.TakenBack, store.Path, from, string.Create(CultureInfo.InvariantCulture, $"{reason} Version {earlier.Identity.Version} is in use again instead of version {from}.{stored}"));
    }

    // What cannot be stored holds for this process all the same.
    private string? Write(StoreState next)
    {
        state = next;
        try
        {
            state = store.Write(next);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FreshFiles.ReasonOf(exception);
        }
    }

    private string? Restore()
    {
        try
        {
            store.Restore();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
