using EdgeInference.Devices;
using EdgeInference.Runtime;

namespace EdgeDevice;

/// <summary>The section "Edge:Updates".</summary>
internal sealed class UpdateOptions
{
    public string[] TrustedKeys { get; set; } = [];

    public bool RequireSignature { get; set; } = true;

    public bool RequireSelfTest { get; set; } = true;

    /// <summary>Whether models of other class texts, features, window or sample period than those in use are taken, if the loop can run them.</summary>
    public bool AllowOtherContract { get; set; }

    public double IntervalSeconds { get; set; } = 60;

    public string Folder { get; set; } = "";

    public string Address { get; set; } = "";

    public MqttOptions Mqtt { get; set; } = new();

    internal UpdatePolicy ToPolicy()
    {
        var keys = new TrustedKeys();
        foreach (string path in TrustedKeys)
        {
            keys.AddPem(File.ReadAllText(path));
        }

        return new UpdatePolicy { Keys = keys, RequireSignature = RequireSignature, RequireSelfTest = RequireSelfTest, AllowOtherContract = AllowOtherContract };
    }
}
