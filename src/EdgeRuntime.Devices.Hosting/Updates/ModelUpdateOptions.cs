using System.Security.Cryptography;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Hosting;

/// <summary>Where new models come from and which of them are accepted; the section "Edge:Updates" of the sample's settings.</summary>
public sealed class ModelUpdateOptions
{
    /// <summary>Paths of public keys in PEM format whose signatures are accepted.</summary>
    public string[] TrustedKeys { get; set; } = [];

    /// <summary>Whether unsigned models are refused.</summary>
    public bool RequireSignature { get; set; } = true;

    /// <summary>Whether models without self-test vectors are refused.</summary>
    public bool RequireSelfTest { get; set; } = true;

    /// <summary>Whether models of other class texts, features, window or sample period than those in use are taken, if the loop can run them.</summary>
    public bool AllowOtherContract { get; set; }

    /// <summary>Largest accepted model in bytes, 1,024 to 256,000,000; what is larger is not received.</summary>
    public int MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Seconds from one look at the folder or the address to the next, 0.05 to 2,592,000 (30 days).</summary>
    public double IntervalSeconds { get; set; } = 60;

    /// <summary>Longest time in seconds that one look, download or connection to the broker may take, 0.1 to 86,400 (a day).</summary>
    public double DownloadSeconds { get; set; } = 300;

    /// <summary>A folder whose .edge files are taken; empty for none.</summary>
    public string Folder { get; set; } = "";

    /// <summary>An https address from which a model is fetched; empty for none.</summary>
    public string Address { get; set; } = "";

    /// <summary>A PEM file with the certificates that alone are trusted to vouch for the server of <see cref="Address"/>, read when the host starts; empty for those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>A broker that sends models.</summary>
    public MqttUpdateOptions Mqtt { get; set; } = new();

    internal TimeSpan Interval => TimeSpan.FromSeconds(IntervalSeconds);

    internal TimeSpan Deadline => TimeSpan.FromSeconds(DownloadSeconds);

    /// <summary>Makes the policy of a <see cref="ModelUpdater"/>, for which it reads the keys.</summary>
    /// <exception cref="IOException">A key cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A key may not be read.</exception>
    /// <exception cref="CryptographicException">A key is none.</exception>
    public UpdatePolicy ToPolicy()
    {
        var keys = new TrustedKeys();
        foreach (string path in TrustedKeys)
        {
            keys.AddPem(SettingsFile.Text(path));
        }

        return new UpdatePolicy { Keys = keys, RequireSignature = RequireSignature, RequireSelfTest = RequireSelfTest, AllowOtherContract = AllowOtherContract, MaxBytes = MaxBytes };
    }
}
