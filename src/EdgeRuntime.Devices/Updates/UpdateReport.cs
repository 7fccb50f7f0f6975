namespace EdgeRuntime.Devices;

/// <summary>What became of a model that was offered.</summary>
public enum UpdateOutcome
{
    /// <summary>It is stored, and decides from the next inference on.</summary>
    Applied,

    /// <summary>It is the model in use.</summary>
    Unchanged,

    /// <summary>It is not a valid model file, or larger than allowed.</summary>
    NotAModel,

    /// <summary>It is not signed and the policy asks for a signature.</summary>
    Unsigned,

    /// <summary>It is signed with a key that is not trusted.</summary>
    UnknownKey,

    /// <summary>It was changed after it was signed.</summary>
    InvalidSignature,

    /// <summary>Its version is not above that of the model in use.</summary>
    NotNewer,

    /// <summary>It takes or gives another number of values than the model in use.</summary>
    OtherInterface,

    /// <summary>It carries no self-test vectors and the policy asks for them, or does not reproduce them here.</summary>
    SelfTestFailed,

    /// <summary>It could not be written; the disk may be full.</summary>
    StorageFailed,

    /// <summary>The place that models come from could not be read.</summary>
    Unreachable,
}

/// <summary>What became of a model that was offered, and why. Unless it was applied, the model in use goes on.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Version">Its version, 0 where it has none or was not read that far.</param>
/// <param name="Reason">One sentence for people.</param>
public sealed record UpdateReport(UpdateOutcome Outcome, string Origin, ulong Version, string Reason);
