using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>
/// Keeps a device's model: chooses one at start, and accepts a new one only if it is complete, signed as the policy requires, newer,
/// of the same interface, reproduces its self-test vectors, and is on the disk. Otherwise the model in use stays.
/// </summary>
public sealed class ModelUpdater : IDisposable
{
    private readonly Lock gate = new();
    private readonly ModelStore store;
    private readonly UpdatePolicy policy;
    private readonly long[] counts = new long[Enum.GetValues<UpdateOutcome>().Length];
    private byte[] current;

    private ModelUpdater(ModelStore store, UpdatePolicy policy, byte[] current, ModelCandidate chosen)
    {
        this.store = store;
        this.policy = policy;
        this.current = current;
        Host = new ModelHost(chosen.Model!, chosen.Version);
    }

    /// <summary>Raised after each offer except a repetition of the model in use, on the thread of the offer.</summary>
    public event Action<UpdateReport>? Reported;

    /// <summary>The model in use, for as many deciding threads as need it.</summary>
    public ModelHost Host { get; }

    /// <summary>Largest accepted file, in bytes.</summary>
    public int MaxBytes => policy.MaxBytes;

    internal ModelStore Store => store;

    /// <summary>Opens the store and chooses a model: the stored one or the one the device was shipped with, whichever is valid and newer.</summary>
    /// <param name="folder">The folder of the store; created if it does not exist.</param>
    /// <param name="factoryModel">Path of the model that the device was shipped with, or null.</param>
    /// <param name="policy">Which models are accepted; the stored one must satisfy it too.</param>
    /// <param name="reported">Receives the reason why a model was passed over; added to <see cref="Reported"/>.</param>
    /// <exception cref="InvalidDataException">There is no valid model; the message says why each was refused.</exception>
    /// <exception cref="IOException">The folder cannot be created or read.</exception>
    public static ModelUpdater Open(string folder, string? factoryModel, UpdatePolicy policy, Action<UpdateReport>? reported = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var store = new ModelStore(folder);
        var refused = new List<UpdateReport>();
        (byte[] Bytes, ModelCandidate Candidate)? stored = Find(store.Path, () => store.Read(policy.MaxBytes), policy, refused);
        (byte[] Bytes, ModelCandidate Candidate)? factory = factoryModel is null ? null : Find(factoryModel, () => File.ReadAllBytes(factoryModel), policy, refused);
        foreach (UpdateReport report in refused)
        {
            reported?.Invoke(report);
        }

        bool useStored = stored is not null && (factory is null || stored.Value.Candidate.Version >= factory.Value.Candidate.Version);
        if ((useStored ? stored : factory) is not { } chosen)
        {
            string reasons = string.Join(" ", refused.Select(report => $"'{report.Origin}': {report.Reason}"));
            throw new InvalidDataException($"There is no usable model in '{folder}'{(factoryModel is null ? "" : $" or at '{factoryModel}'")}. {reasons}".TrimEnd());
        }

        (useStored ? factory : stored)?.Candidate.Model!.Dispose();
        var updater = new ModelUpdater(store, policy, chosen.Bytes, chosen.Candidate);
        updater.Reported += reported;
        return updater;
    }

    /// <summary>Number of offers with this outcome since the start.</summary>
    public long Count(UpdateOutcome outcome) => Interlocked.Read(ref counts[(int)outcome]);

    /// <summary>Accepts a model if it passes all checks. When this returns <see cref="UpdateOutcome.Applied"/>, the model is on the disk and offered to every slot.</summary>
    /// <param name="file">The file's bytes, which must not change afterwards.</param>
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

    /// <summary>Frees the model in use; deciding threads must have ended.</summary>
    public void Dispose() => Host.Dispose();

    private static (byte[] Bytes, ModelCandidate Candidate)? Find(string origin, Func<byte[]?> read, UpdatePolicy policy, List<UpdateReport> refused)
    {
        byte[]? bytes;
        try
        {
            bytes = read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            refused.Add(new UpdateReport(UpdateOutcome.Unreachable, origin, 0, exception.Message));
            return null;
        }

        if (bytes is null)
        {
            return null;
        }

        var candidate = ModelCandidate.Check(bytes, policy);
        if (candidate.Model is not null)
        {
            return (bytes, candidate);
        }

        refused.Add(new UpdateReport(candidate.Outcome, origin, candidate.Version, candidate.Reason));
        return null;
    }

    private UpdateReport ApplyOther(ReadOnlyMemory<byte> file, string origin)
    {
        // Own bytes: what was checked is what is stored and what runs.
        byte[] bytes = file.Length > policy.MaxBytes ? [] : file.ToArray();
        var candidate = ModelCandidate.Check(bytes.Length == 0 ? file : bytes, policy);
        if (candidate.Model is not { } model)
        {
            return new UpdateReport(candidate.Outcome, origin, candidate.Version, candidate.Reason);
        }

        UpdateReport? refusal = RefuseBesideCurrent(model, candidate.Version, origin) ?? StoreBytes(bytes, candidate.Version, origin);
        if (refusal is not null)
        {
            model.Dispose();
            return refusal;
        }

        ulong before = Host.Version;
        Host.Swap(model, candidate.Version);
        current = bytes;
        return new UpdateReport(UpdateOutcome.Applied, origin, candidate.Version, $"Version {candidate.Version} replaces version {before}.");
    }

    private UpdateReport? RefuseBesideCurrent(EdgeModel model, ulong version, string origin)
    {
        // Between two unsigned models there is no order.
        if (version <= Host.Version && (version != 0 || Host.Version != 0))
        {
            return new UpdateReport(UpdateOutcome.NotNewer, origin, version, $"Its version {version} is not newer than version {Host.Version} in use.");
        }

        string? difference = model.InputLength != Host.InputLength || model.OutputLength != Host.OutputLength
            ? $"It takes {model.InputLength} values and returns {model.OutputLength}; expected {Host.InputLength} and {Host.OutputLength}."
            : model.File.Decision.Refusal ?? Host.Refusal(model, policy.AllowOtherContract);
        return difference is null ? null : new UpdateReport(UpdateOutcome.OtherInterface, origin, version, difference);
    }

    private UpdateReport? StoreBytes(byte[] bytes, ulong version, string origin)
    {
        try
        {
            store.Replace(bytes);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new UpdateReport(UpdateOutcome.StorageFailed, origin, version, exception.Message);
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
