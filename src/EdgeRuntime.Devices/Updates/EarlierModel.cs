namespace EdgeInference.Devices;

/// <summary>The model to go back to: the confirmed one before, or the one that the device was shipped with.</summary>
internal static class EarlierModel
{
    /// <summary>Reads and checks it.</summary>
    /// <returns>The model, owned by the caller; null if there is none that is usable.</returns>
    internal static ModelOffer? Find(ModelStore store, string? factory, UpdatePolicy policy, StoreState state) =>
        Of(ModelPlace.Previous, store.PreviousPath, policy, state, known: true)
        ?? Of(ModelPlace.Store, store.Path, policy, state, known: true)
        ?? (factory is null ? null : Of(ModelPlace.Factory, factory, policy, state, known: false));

    private static ModelOffer? Of(ModelPlace place, string path, UpdatePolicy policy, StoreState state, bool known)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.Read(path, policy.MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // A file of the store is taken back to only if it is the one that was there.
        string hash = StoreRecord.HashOf(bytes);
        if (hash == state.InUse?.Hash || state.TakenBack.Contains(hash) || (known && hash != state.Previous?.Hash))
        {
            return null;
        }

        var candidate = ModelCandidate.Check(bytes, policy);
        return candidate.Model is { } model ? new ModelOffer(path, place, bytes, new StoredModel(hash, candidate.Version), model) : null;
    }
}
