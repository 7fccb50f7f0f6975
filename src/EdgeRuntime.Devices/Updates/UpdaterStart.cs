using System.Globalization;

namespace EdgeInference.Devices;

/// <summary>The start of an updater: what the store remembers, the model on trial that ends every start, and the choice.</summary>
internal static class UpdaterStart
{
    /// <summary>Opens an updater, which then owns the store.</summary>
    /// <exception cref="InvalidDataException">There is no usable model.</exception>
    internal static ModelUpdater Open(ModelStore store, string? factory, UpdatePolicy policy, Action<UpdateReport>? reported, Func<ModelSlot, string?>? refusal)
    {
        var reports = new List<UpdateReport>();
        try
        {
            StoreState? known = CountStart(store, store.ReadState(), policy, reports);
            reports.AddRange(store.Problems.Select(problem => Failed(store, problem)));
            var chooser = new ModelChooser(store, factory, policy, refusal);
            (ModelOffer Offer, StoreState State)? chosen = chooser.Choose(known);
            reports.AddRange(chooser.Reports);
            if (chosen is not { } choice)
            {
                string reasons = string.Join(" ", reports.Select(report => $"'{report.Origin}': {report.Reason}"));
                throw new InvalidDataException($"There is no usable model in '{store.Folder}'{(factory is null ? "" : $" or at '{factory}'")}. {reasons}".TrimEnd());
            }

            StoreState state = Settle(store, choice.Offer, choice.State, chooser.StoredIsLost, reports);
            var updater = ModelUpdater.Of(store, factory, policy, choice.Offer, state);
            updater.Reported += reported;
            return updater;
        }
        catch
        {
            store.Dispose();
            throw;
        }
        finally
        {
            foreach (UpdateReport report in reports)
            {
                reported?.Invoke(report);
            }
        }
    }

    // Before the model runs: it may be what ends the process.
    private static StoreState? CountStart(ModelStore store, StoreState? known, UpdatePolicy policy, List<UpdateReport> reports)
    {
        if (known is not { OnTrial: true, InUse: { } used })
        {
            return known;
        }

        if (policy.Trial is not { } trial)
        {
            return known.Confirm();
        }

        if (known.Starts >= trial.Starts)
        {
            reports.Add(new UpdateReport(UpdateOutcome.TakenBack, store.Path, used.Version, string.Create(
                CultureInfo.InvariantCulture, $"Version {used.Version} is taken back: the program was started {known.Starts} times and did not confirm it.")));
            return known.TakeBack(used.Hash);
        }

        StoreState counted = known with { Starts = known.Starts + 1 };
        Write(store, ref counted, reports);
        return counted;
    }

    private static StoreState Settle(ModelStore store, ModelOffer chosen, StoreState state, bool storedIsLost, List<UpdateReport> reports)
    {
        if (Write(store, ref state, reports) && storedIsLost && chosen.Place == ModelPlace.Previous)
        {
            TryRestore(store, reports);
        }

        return state;
    }

    // One that cannot be written was reported as such.
    private static bool Write(ModelStore store, ref StoreState state, List<UpdateReport> reports)
    {
        if (!store.IsHeld || state == store.Stored)
        {
            return store.IsHeld;
        }

        try
        {
            state = store.Write(state);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!reports.Exists(report => report.Reason == exception.Message))
            {
                reports.Add(Failed(store, exception.Message));
            }

            return false;
        }
    }

    private static void TryRestore(ModelStore store, List<UpdateReport> reports)
    {
        try
        {
            store.Restore();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reports.Add(Failed(store, exception.Message));
        }
    }

    private static UpdateReport Failed(ModelStore store, string reason) => new(UpdateOutcome.StorageFailed, store.Folder, 0, reason);
}
