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

    private static ReadOnlySpan<byte> Magic => "EDGE"u8;

    /// <summary><see cref="UpdateOutcome.Applied"/> where nothing speaks against the model.</summary>
    internal UpdateOutcome Outcome { get; }

    internal ulong Version { get; }

    internal string Reason { get; }

    /// <summary>The model, null if it was refused; owned by the caller.</summary>
    internal EdgeModel? Model { get; }

    internal static string SizeReason(long length, UpdatePolicy policy) => $"It has {length} bytes, more than the {policy.MaxBytes} allowed.";

    /// <summary>Whether the first bytes of a file are those of a model, or too few to tell: what is none need not be received or copied.</summary>
    internal static bool MayBeModel(ReadOnlySpan<byte> start) => start.Length < Magic.Length || start.StartsWith(Magic);

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
        ulong version = ModelSignature.Of(model.File)?.Version ?? 0;
        SignatureStatus status = policy.Keys.Check(model.File);
        if (status == SignatureStatus.UnknownKey)
        {
            return Refuse(UpdateOutcome.UnknownKey, version, $"It is signed with key {ModelSignature.Of(model.File)!.KeyId}, which is not trusted here.");
        }

        if (status == SignatureStatus.Invalid)
        {
            return Refuse(UpdateOutcome.InvalidSignature, version, "It was changed after it was signed.");
        }

        if (status == SignatureStatus.Unsigned && policy.RequireSignature)
        {
            return Refuse(UpdateOutcome.Unsigned, version, "It is not signed.");
        }

        if (SelfTest.Count(model) == 0 && policy.RequireSelfTest)
        {
            return Refuse(UpdateOutcome.SelfTestFailed, version, "It has no self-test vectors.");
        }

        return SelfTest.Run(model)
            ? new ModelCandidate(UpdateOutcome.Applied, version, "", model)
            : Refuse(UpdateOutcome.SelfTestFailed, version, "It does not reproduce its self-test vectors on this machine.");
    }

    private static ModelCandidate Refuse(UpdateOutcome outcome, ulong version, string reason) => new(outcome, version, reason, null);
}
