namespace EdgeDevice;

/// <summary>The section "Edge:Updates:Mqtt".</summary>
internal sealed class MqttOptions
{
    /// <summary>The broker's name; empty for no MQTT.</summary>
    public string Server { get; set; } = "";

    public int Port { get; set; } = 8883;

    public bool Tls { get; set; } = true;

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    public string Topic { get; set; } = "edge/model";

    public string StatusTopic { get; set; } = "edge/status";
}
