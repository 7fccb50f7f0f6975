using EdgeInference.Devices.Hosting;

namespace EdgeDevice;

/// <summary>The section "Edge" of appsettings.json; docs/raspberry-pi.md explains each value.</summary>
internal sealed class EdgeOptions
{
    public string ModelFolder { get; set; } = "/var/lib/edge-device/model";

    public string FactoryModel { get; set; } = "";

    public int StatusPort { get; set; } = 9464;

    public SensorOptions Sensor { get; set; } = new();

    public LoopOptions Loop { get; set; } = new();

    public OutputOptions Output { get; set; } = new();

    public ModelUpdateOptions Updates { get; set; } = new();
}
