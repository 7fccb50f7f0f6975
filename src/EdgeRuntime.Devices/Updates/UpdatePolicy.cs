using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>Which models a device accepts.</summary>
public sealed record UpdatePolicy
{
    /// <summary>Keys whose signatures are accepted. A signature by another key is refused, whether or not one is required.</summary>
    public TrustedKeys Keys { get; init; } = new();

    /// <summary>Whether unsigned models are refused.</summary>
    public bool RequireSignature { get; init; } = true;

    /// <summary>Whether models without self-test vectors are refused. Existing vectors must be reproduced in any case.</summary>
    public bool RequireSelfTest { get; init; } = true;

    /// <summary>
    /// Whether a model is accepted whose class texts, feature names, window or sample period differ from those of the model in use.
    /// By default it is refused: it would decide on other values, or decide something else. A model that a running loop would not
    /// start with is refused in any case.
    /// </summary>
    public bool AllowOtherContract { get; init; }

    /// <summary>Largest file in bytes.</summary>
    public int MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Whether and how long a new model is on trial before the one before is given up. Null, the default, confirms it at once; set it
    /// where something confirms, as a <see cref="ModelTrial"/> does.
    /// </summary>
    public UpdateTrial? Trial { get; init; }
}
