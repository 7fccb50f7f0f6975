namespace EdgeInference.Devices;

/// <summary>A model as a store remembers it: by what it holds, not by what its file is called.</summary>
/// <param name="Hash">SHA-256 of the file in lower-case hexadecimal.</param>
/// <param name="Version">Its version, 0 if it is unsigned.</param>
internal sealed record StoredModel(string Hash, ulong Version);

/// <summary>What a store remembers beside its models; <see cref="StoreRecord"/> is its form on the disk.</summary>
internal sealed record StoreState
{
    /// <summary>Most hashes of each list; the oldest goes first.</summary>
    internal const int MostHashes = 256;

    /// <summary>Grows with each record, so that the newer of two copies is known.</summary>
    public ulong Sequence { get; init; }

    /// <summary>The highest version that was ever accepted; 0 if none was signed. It never falls.</summary>
    public ulong Highest { get; init; }

    /// <summary>The model in use; null before the first start.</summary>
    public StoredModel? InUse { get; init; }

    /// <summary>The confirmed model before, to fall back to.</summary>
    public StoredModel? Previous { get; init; }

    /// <summary>Whether the model in use may still be taken back.</summary>
    public bool OnTrial { get; init; }

    /// <summary>Starts of the process during the trial.</summary>
    public int Starts { get; init; }

    /// <summary>Hashes of models that were taken back.</summary>
    public IReadOnlyList<string> TakenBack { get; init; } = [];

    /// <summary>Hashes of unsigned models that another has replaced: their only order.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>Why a model must not follow at all; null if nothing here speaks against it.</summary>
    internal string? Refusal(StoredModel offered)
    {
        if (offered.Version < Highest)
        {
            return $"Its version {offered.Version} is older than version {Highest}, the highest that was accepted here.";
        }

        return offered.Version == 0 && Replaced.Contains(offered.Hash)
            ? "Another model has replaced it on this device before; unsigned models have no version, so sign it with a new one to take it again."
            : null;
    }

    /// <summary>The state with another model in use.</summary>
    internal StoreState Use(StoredModel next, bool onTrial) => this with
    {
        InUse = next,
        Previous = OnTrial ? Previous : InUse,
        OnTrial = onTrial,
        Starts = 0,
        Highest = Math.Max(Highest, next.Version),
        Replaced = InUse is { Version: 0 } before && before.Hash != next.Hash ? Add(Replaced, before.Hash) : Replaced,
    };

    /// <summary>The state with an earlier model in use again.</summary>
    internal StoreState GoBack(StoredModel to) => this with { InUse = to, Previous = null, OnTrial = false, Starts = 0 };

    /// <summary>The state in which a model is not taken again.</summary>
    internal StoreState TakeBack(string hash) => this with { TakenBack = Add(TakenBack, hash), OnTrial = false, Starts = 0 };

    /// <summary>The state with the model in use no longer on trial.</summary>
    internal StoreState Confirm() => this with { OnTrial = false, Starts = 0 };

    private static string[] Add(IReadOnlyList<string> hashes, string hash) => hashes.Contains(hash) ? [.. hashes] : [.. hashes.TakeLast(MostHashes - 1), hash];
}
