using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>
/// Keeps a device's model: chooses one at start, accepts a new one only if it is complete, signed as the policy requires, newer than
/// all before, of the same interface, reproduces its self-test vectors, and is on the disk; and takes it back if it does badly.
/// Otherwise the model in use stays.
/// </summary>
public sealed partial class ModelUpdater : IDisposable
{
    private readonly Lock gate = new();
    private readonly ModelStore store;
    private readonly UpdatePolicy policy;
    private readonly string? factory;
    private readonly long[] counts = new long[Enum.GetValues<UpdateOutcome>().Length];
    private byte[] current;
    private StoreState state;

    private ModelUpdater(ModelStore store, string? factory, UpdatePolicy policy, ModelOffer chosen, StoreState state)
    {
        this.store = store;
        this.factory = factory;
        this.policy = policy;
        this.state = state;
        current = chosen.Bytes;
        Host = new ModelHost(chosen.Model, chosen.Identity.Version);
    }

    /// <summary>Raised after each offer except a repetition of the model in use, and at the end of a trial, on the thread of the caller.</summary>
    public event Action<UpdateReport>? Reported;

    /// <summary>The model in use, for as many deciding threads as need it.</summary>
    public ModelHost Host { get; }

    /// <summary>Largest accepted file, in bytes.</summary>
    public int MaxBytes => policy.MaxBytes;

    internal ModelStore Store => store;

    /// <summary>
    /// Opens the store for this program alone and chooses a model: the stored one or the one the device was shipped with, whichever
    /// is valid and newer, and never one that is older than any that was accepted, except that before the last, or the shipped one,
    /// where nothing else is usable.
    /// </summary>
    /// <param name="folder">The folder of the store; created if it does not exist. One that cannot be written is reported, and updates fail until it can.</param>
    /// <param name="factoryModel">Path of the model that the device was shipped with, or null.</param>
    /// <param name="policy">Which models are accepted; the stored one must satisfy it too.</param>
    /// <param name="reported">Receives the reason why a model was passed over; added to <see cref="Reported"/>.</param>
    /// <param name="refusal">Says why the caller could not use a model, given a slot that decides with it, or null; such a model is passed over. An <see cref="ArgumentException"/> is such a reason too.</param>
    /// <exception cref="InvalidDataException">There is no valid model; the message says why each was refused.</exception>
    /// <exception cref="IOException">Another program has the store; the message names it.</exception>
    public static ModelUpdater Open(string folder, string? factoryModel, UpdatePolicy policy, Action<UpdateReport>? reported = null, Func<ModelSlot, string?>? refusal = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return UpdaterStart.Open(new ModelStore(folder), factoryModel, policy, reported, refusal);
    }

    /// <summary>Chooses as <see cref="Open"/> does beside a program that has the store: nothing is locked, written or deleted. Such an updater takes no model.</summary>
    /// <inheritdoc cref="Open" path="/param"/>
    /// <exception cref="InvalidDataException">There is no valid model; the message says why each was refused.</exception>
    public static ModelUpdater Inspect(string folder, string? factoryModel, UpdatePolicy policy, Action<UpdateReport>? reported = null, Func<ModelSlot, string?>? refusal = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return UpdaterStart.Open(ModelStore.Look(folder), factoryModel, policy, reported, refusal);
    }

    /// <summary>Number of offers with this outcome since the start.</summary>
    public long Count(UpdateOutcome outcome) => Interlocked.Read(ref counts[(int)outcome]);

    /// <summary>Accepts a model if it passes all checks. When this returns <see cref="UpdateOutcome.Applied"/>, the model is on the disk and offered to every slot.</summary>
    /// <param name="file">The file's bytes; a model that is accepted has a copy of its own.</param>
    /// <param name="origin">Where they came from, for the report.</param>
    public UpdateReport Apply(ReadOnlyMemory<byte> file, string origin)
    {
        UpdateReport report;
        lock (gate)
        {
            report = file.Span.SequenceEqual(current)
                ? new UpdateReport(UpdateOutcome.Unchanged, origin, Host.Version, "It is the model in use.")
                : ApplyOther(file, origin);
            Host.FreeUnused();
        }

        return Report(report);
    }

    /// <summary>Reports that a source of models could not be read.</summary>
    public UpdateReport ReportUnreachable(string origin, string reason) => Report(new UpdateReport(UpdateOutcome.Unreachable, origin, 0, reason));

    /// <summary>Reports a file that is larger than allowed, without reading it.</summary>
    internal UpdateReport RefuseSize(long length, string origin) => Report(new UpdateReport(UpdateOutcome.NotAModel, origin, 0, ModelCandidate.SizeReason(length, policy)));

    /// <summary>Frees the model in use, and the store for another program; deciding threads must have ended.</summary>
    public void Dispose()
    {
        Host.Dispose();
        store.Dispose();
    }

    internal static ModelUpdater Of(ModelStore store, string? factory, UpdatePolicy policy, ModelOffer chosen, StoreState state) => new(store, factory, policy, chosen, state);

    private UpdateReport ApplyOther(ReadOnlyMemory<byte> file, string origin)
    {
        if (ModelCandidate.Refuse(file, policy) is { } refused)
        {
            return new UpdateReport(refused.Outcome, origin, refused.Version, refused.Reason);
        }

        // Own bytes, checked again: what was checked is what is stored and what runs.
        byte[] bytes;
        try
        {
            bytes = file.ToArray();
        }
        catch (OutOfMemoryException)
        {
            return new UpdateReport(UpdateOutcome.NotAModel, origin, 0, ModelCandidate.NoMemory);
        }

        var candidate = ModelCandidate.Check(bytes, policy);
        if (candidate.Model is not { } model)
        {
            return new UpdateReport(candidate.Outcome, origin, candidate.Version, candidate.Reason);
        }

        var offered = new StoredModel(StoreRecord.HashOf(bytes), candidate.Version);
        UpdateReport? refusal = RefuseBesideCurrent(model, offered, origin) ?? StoreBytes(bytes, offered, origin);
        if (refusal is not null)
        {
            model.Dispose();
            return refusal;
        }

        ulong before = Host.Version;
        string? learned = Host.LearnedRefusal(model);
        string along = learned is not null ? " " + learned : Host.LearnedState is null ? "" : " What was learned is taken along.";
        if (state.OnTrial)
        {
            trialNumber++;
            TrialBegins?.Invoke(trialNumber);
        }

        Host.Swap(model, candidate.Version);
        current = bytes;
        return new UpdateReport(UpdateOutcome.Applied, origin, candidate.Version, $"Version {candidate.Version} replaces version {before}.{along}");
    }

    private UpdateReport? RefuseBesideCurrent(EdgeModel model, StoredModel offered, string origin)
    {
        if (state.TakenBack.Contains(offered.Hash))
        {
            return new UpdateReport(UpdateOutcome.TakenBack, origin, offered.Version, "It was taken back on this device before; offer another with a higher version.");
        }

        if (ModelOrder.Refusal(offered, Host.Version, state) is { } older)
        {
            return new UpdateReport(UpdateOutcome.NotNewer, origin, offered.Version, older);
        }

        string? difference = model.InputLength != Host.InputLength || model.OutputLength != Host.OutputLength
            ? $"It takes {model.InputLength} values and returns {model.OutputLength}; expected {Host.InputLength} and {Host.OutputLength}."
            : model.File.Decision.Refusal ?? Host.Refusal(model, policy.AllowOtherContract);
        return difference is null ? null : new UpdateReport(UpdateOutcome.OtherInterface, origin, offered.Version, difference);
    }

    private UpdateReport? StoreBytes(byte[] bytes, StoredModel offered, string origin)
    {
        try
        {
            // A model on trial makes room: the confirmed one before it stays.
            bool keep = !state.OnTrial && state.InUse is { } used && used.Hash == store.StoredHash(policy.MaxBytes);
            state = store.Replace(bytes, keep, state.Use(offered, policy.Trial is not null));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new UpdateReport(UpdateOutcome.StorageFailed, origin, offered.Version, FreshFiles.ReasonOf(exception));
        }
    }

    private UpdateReport Report(UpdateReport report)
    {
        Interlocked.Increment(ref counts[(int)report.Outcome]);
        if (report.Outcome != UpdateOutcome.Unchanged)
        {
            Reported?.Invoke(report);
        }

        return report;
    }
}
