using System.Globalization;
using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>
/// Chooses the model of a start among the one in use, the one before and the one that the device was shipped with: the newest that
/// is not older than any that was accepted; where there is none the one before, and at last the factory's.
/// </summary>
internal sealed class ModelChooser(ModelStore store, string? factory, UpdatePolicy policy, Func<ModelSlot, string?>? refusal)
{
    /// <summary>What was passed over, and why.</summary>
    internal List<UpdateReport> Reports { get; } = [];

    /// <summary>What lies where the model in use should, and must make room for the one before.</summary>
    internal bool StoredIsLost { get; private set; }

    /// <summary>Chooses.</summary>
    /// <param name="state">What the store remembers; null at a first start.</param>
    /// <returns>The model and the state with it in use; null if none is usable.</returns>
    internal (ModelOffer Offer, StoreState State)? Choose(StoreState? state)
    {
        StoreState known = state ?? new StoreState();
        var offers = new List<ModelOffer>();
        Add(offers, ModelPlace.Store, store.Path, ref known);
        if (!offers.Exists(offer => offer.Identity == known.InUse))
        {
            // The one in use may have this name since a replacement was cut.
            Add(offers, ModelPlace.Previous, store.PreviousPath, ref known);
        }

        if (factory is not null)
        {
            Add(offers, ModelPlace.Factory, factory, ref known);
        }

        StoreState before = known;
        ModelOffer? newest = offers.Where(offer => IsRegular(offer, before)).OrderByDescending(offer => offer.Identity.Version).FirstOrDefault();
        ModelOffer? chosen = newest ?? LastResort(offers, known);
        foreach (ModelOffer other in offers.Where(offer => offer != chosen))
        {
            other.Model.Dispose();
        }

        return chosen is null ? null
            : chosen.Identity == known.InUse ? (chosen, known)
            : newest is null || chosen.Identity == known.Previous ? (chosen, known.GoBack(chosen.Identity))
            : (chosen, known.Use(chosen.Identity, onTrial: policy.Trial is not null && chosen.Place != ModelPlace.Factory && known.InUse is not null));
    }

    private static bool IsRegular(ModelOffer offer, StoreState state) => offer.Identity == state.InUse || state.Refusal(offer.Identity) is null;

    private ModelOffer? LastResort(List<ModelOffer> offers, StoreState state)
    {
        ModelOffer? before = offers.Find(offer => offer.Identity == state.Previous);
        ModelOffer? chosen = before ?? offers.Find(offer => offer.Place == ModelPlace.Factory);
        if (chosen is not null)
        {
            Reports.Add(new UpdateReport(UpdateOutcome.NotNewer, chosen.Path, chosen.Identity.Version, string.Create(
                CultureInfo.InvariantCulture,
                $"{(before is null ? "The model that the device was shipped with" : "The confirmed model before")}, version {chosen.Identity.Version}, is used although version {state.Highest} was accepted here: nothing newer is usable; offer a version above {state.Highest}.")));
        }

        return chosen;
    }

    private void Add(List<ModelOffer> offers, ModelPlace place, string path, ref StoreState state)
    {
        byte[]? bytes = Read(place, path);
        if (bytes is null)
        {
            return;
        }

        string hash = StoreRecord.HashOf(bytes);
        if (state.TakenBack.Contains(hash))
        {
            StoredIsLost |= place == ModelPlace.Store;
            return;
        }

        var candidate = ModelCandidate.Check(bytes, policy);
        if (candidate.Model is not { } model)
        {
            StoredIsLost |= place == ModelPlace.Store && candidate.Outcome == UpdateOutcome.NotAModel;
            Reports.Add(new UpdateReport(candidate.Outcome, path, candidate.Version, candidate.Reason));
            if (state.OnTrial && policy.Trial is not null && hash == state.InUse?.Hash && candidate.Outcome == UpdateOutcome.SelfTestFailed)
            {
                StoredIsLost |= place == ModelPlace.Store;
                state = state.TakeBack(hash);
            }

            return;
        }

        var offer = new ModelOffer(path, place, bytes, new StoredModel(hash, candidate.Version), model);
        if ((Unfitting(offer) ?? Older(offer, state)) is { } report)
        {
            model.Dispose();
            Reports.Add(report);
            return;
        }

        offers.Add(offer);
    }

    private byte[]? Read(ModelPlace place, string path)
    {
        try
        {
            return RegularFile.Read(path, policy.MaxBytes);
        }
        catch (Exception exception) when (place != ModelPlace.Factory && exception is FileNotFoundException or DirectoryNotFoundException)
        {
            StoredIsLost |= place == ModelPlace.Store;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Reports.Add(new UpdateReport(UpdateOutcome.Unreachable, path, 0, exception.Message));
        }

        return null;
    }

    // The caller's own rules, on a host of its own, since the first model of a host says how many values all others take.
    private UpdateReport? Unfitting(ModelOffer offer)
    {
        if (refusal is null)
        {
            return null;
        }

        string? reason;
        try
        {
            using var host = new ModelHost(EdgeModel.Load(offer.Bytes), offer.Identity.Version);
            using ModelSlot slot = host.CreateSlot();
            reason = refusal(slot);
        }
        catch (ArgumentException exception)
        {
            reason = exception.Message;
        }

        return reason is null ? null : new UpdateReport(UpdateOutcome.OtherInterface, offer.Path, offer.Identity.Version, reason);
    }

    // A factory model is older after each update; only what somebody put into the store is worth a word.
    private static UpdateReport? Older(ModelOffer offer, StoreState state) =>
        offer.Place == ModelPlace.Store && !IsRegular(offer, state) && offer.Identity != state.Previous
            ? new UpdateReport(UpdateOutcome.NotNewer, offer.Path, offer.Identity.Version, state.Refusal(offer.Identity)!)
            : null;
}
