namespace EdgeInference.Devices;

/// <summary>The outcome of an offered model.</summary>
public enum UpdateOutcome
{
    /// <summary>It is stored, and used from the next inference on.</summary>
    Applied,

    /// <summary>It is the model in use.</summary>
    Unchanged,

    /// <summary>It is not a valid model file, or larger than allowed.</summary>
    NotAModel,

    /// <summary>It is not signed but the policy requires a signature.</summary>
    Unsigned,

    /// <summary>It is signed with a key that is not trusted.</summary>
    UnknownKey,

    /// <summary>It was changed after it was signed.</summary>
    InvalidSignature,

    /// <summary>Its version is not newer than the model in use, or than the highest that was accepted.</summary>
    NotNewer,

    /// <summary>Its number of inputs or outputs differs from the model in use.</summary>
    OtherInterface,

    /// <summary>It has no self-test vectors but the policy requires them, or it does not reproduce them on this machine.</summary>
    SelfTestFailed,

    /// <summary>It could not be written; the disk may be full.</summary>
    StorageFailed,

    /// <summary>The source of models could not be read.</summary>
    Unreachable,

    /// <summary>It was in use and did badly, or was taken back here before: an earlier model is in use.</summary>
    TakenBack,

    /// <summary>It has passed its trial and stays.</summary>
    Confirmed,
}

/// <summary>The outcome of an offered model, and why. Unless it was applied, the model in use stays.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Version">Its version, 0 if it has none or was not read that far.</param>
/// <param name="Reason">One sentence for the user.</param>
public sealed record UpdateReport(UpdateOutcome Outcome, string Origin, ulong Version, string Reason);
