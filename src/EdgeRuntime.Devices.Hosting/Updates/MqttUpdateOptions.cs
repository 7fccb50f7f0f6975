namespace EdgeInference.Devices.Hosting;

/// <summary>A broker that sends models; the section "Edge:Updates:Mqtt" of the sample's settings.</summary>
public sealed class MqttUpdateOptions
{
    /// <summary>The broker's name; empty for no MQTT. With TLS its certificate must be for this name.</summary>
    public string Server { get; set; } = "";

    /// <summary>The broker's port, 1 to 65,535.</summary>
    public int Port { get; set; } = 8883;

    /// <summary>Whether the connection is encrypted and the broker must prove its name.</summary>
    public bool Tls { get; set; } = true;

    /// <summary>The user's name; empty for none.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>The topic of models. A wildcard is allowed.</summary>
    public string Topic { get; set; } = "edge/model";

    /// <summary>The topic to which the outcome of the last model is published, retained; empty for none.</summary>
    public string StatusTopic { get; set; } = "edge/status";

    /// <summary>A PEM file with the certificates that alone are trusted to vouch for the broker; empty for those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>A PEM file with the certificate by which this device proves who it is; empty for none.</summary>
    public string ClientCertificateFile { get; set; } = "";

    /// <summary>A PEM file with that certificate's private key; empty where <see cref="ClientCertificateFile"/> holds it too.</summary>
    public string ClientKeyFile { get; set; } = "";

    /// <summary>The name under which the broker keeps this device's session, different for each device; empty for one made of the machine's own number.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Seconds for which the broker keeps messages for this device while it is away, 0 to 4,294,967,295; 0 for not at all.</summary>
    public double SessionExpirySeconds { get; set; } = 86_400;

    /// <summary>Seconds of silence after which the connection is tested, 1 to 65,535.</summary>
    public double KeepAliveSeconds { get; set; } = 60;
}
