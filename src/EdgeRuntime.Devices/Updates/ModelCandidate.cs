using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>A file that may become the model in use: checked from bytes that cannot change between check and use.</summary>
internal sealed class ModelCandidate
{
    /// <summary>The reason where memory is short.</summary>
    internal const string NoMemory = "There is not enough memory for it.";

    private ModelCandidate(UpdateOutcome outcome, ulong version, string reason, EdgeModel? model)
    {
        Outcome = outcome;
        Version = version;
        Reason = reason;
        Model = model;
    }

    /// <summary><see cref="UpdateOutcome.Applied"/> where nothing speaks against the model.</summary>
    internal UpdateOutcome Outcome { get; }

    internal ulong Version { get; }

    internal string Reason { get; }

    /// <summary>The model, null if it was refused; owned by the caller.</summary>
    internal EdgeModel? Model { get; }

    internal static string SizeReason(long length, UpdatePolicy policy) => $"It has {length} bytes, more than the {policy.MaxBytes} allowed.";

    /// <summary>What can be refused without an engine and without a copy of the file: not a model, not signed as the policy requires.</summary>
    /// <returns>Null where nothing speaks against it so far.</returns>
    internal static ModelCandidate? Refuse(ReadOnlyMemory<byte> file, UpdatePolicy policy)
    {
        if (file.Length > policy.MaxBytes)
        {
            return Refuse(UpdateOutcome.NotAModel, 0, SizeReason(file.Length, policy));
        }

        try
        {
            return RefuseSignature(ModelFile.Read(new ModelBytes(ReceivedFile.Needed(file))), policy);
        }
        catch (ModelFormatException exception)
        {
            return Refuse(UpdateOutcome.NotAModel, 0, exception.Message);
        }
        catch (OutOfMemoryException)
        {
            return Refuse(UpdateOutcome.NotAModel, 0, NoMemory);
        }
    }

    internal static ModelCandidate Check(ReadOnlyMemory<byte> file, UpdatePolicy policy)
    {
        if (file.Length > policy.MaxBytes)
        {
            return Refuse(UpdateOutcome.NotAModel, 0, SizeReason(file.Length, policy));
        }

        EdgeModel? model = null;
        try
        {
            model = EdgeModel.Load(file);

            // What a host would find only after the checks.
            _ = TrainingRanges.Of(model.File);
            ModelCandidate candidate = Check(model, policy);
            if (candidate.Model is not null)
            {
                model = null;
            }

            return candidate;
        }
        catch (ModelFormatException exception)
        {
            return Refuse(UpdateOutcome.NotAModel, 0, exception.Message);
        }
        catch (OutOfMemoryException)
        {
            return Refuse(UpdateOutcome.NotAModel, 0, NoMemory);
        }
        finally
        {
            model?.Dispose();
        }
    }

    private static ModelCandidate Check(EdgeModel model, UpdatePolicy policy)
    {
        if (RefuseSignature(model.File, policy) is { } refusal)
        {
            return refusal;
        }

        ulong version = VersionOf(model.File);
        if (SelfTest.Count(model) == 0 && policy.RequireSelfTest)
        {
            return Refuse(UpdateOutcome.SelfTestFailed, version, "It has no self-test vectors.");
        }

        return SelfTest.Run(model)
            ? new ModelCandidate(UpdateOutcome.Applied, version, "", model)
            : Refuse(UpdateOutcome.SelfTestFailed, version, "It does not reproduce its self-test vectors on this machine.");
    }

    private static ModelCandidate? RefuseSignature(ModelFile file, UpdatePolicy policy) => policy.Keys.Check(file) switch
    {
        SignatureStatus.UnknownKey => Refuse(UpdateOutcome.UnknownKey, VersionOf(file), $"It is signed with key {ModelSignature.Of(file)!.KeyId}, which is not trusted here."),
        SignatureStatus.Invalid => Refuse(UpdateOutcome.InvalidSignature, VersionOf(file), "It was changed after it was signed."),
        SignatureStatus.Unsigned when policy.RequireSignature => Refuse(UpdateOutcome.Unsigned, VersionOf(file), "It is not signed."),
        _ => null,
    };

    private static ulong VersionOf(ModelFile file) => ModelSignature.Of(file)?.Version ?? 0;

    private static ModelCandidate Refuse(UpdateOutcome outcome, ulong version, string reason) => new(outcome, version, reason, null);
}
