namespace EdgeInference.Devices.Hosting;

/// <summary>Which model a device starts with, and where it keeps newer ones.</summary>
public sealed class EdgeModelOptions
{
    /// <summary>Path of the model that the device was shipped with; empty for none, where the store has one.</summary>
    public string File { get; set; } = "";

    /// <summary>The folder in which newer models are kept; created if it does not exist.</summary>
    public string StoreFolder { get; set; } = "";

    /// <summary>Which models are accepted; the stored one must satisfy it too.</summary>
    public UpdatePolicy Policy { get; set; } = new();
}
