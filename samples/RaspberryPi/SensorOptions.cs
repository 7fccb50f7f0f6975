using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>The section "Edge:Sensor".</summary>
internal sealed class SensorOptions
{
    public string Kind { get; set; } = "mpu6050";

    public int Bus { get; set; } = 1;

    public int Address { get; set; } = 0x68;

    /// <summary>A name for each channel, as in the table that the model was trained on; empty for the sensor's usual ones.</summary>
    public string[] ChannelNames { get; set; } = [];

    public int StuckSamples { get; set; }

    public int RecoverySamples { get; set; } = 1;

    public int ToleratedErrors { get; set; }

    public double RetrySeconds { get; set; } = 1;

    internal SensorMonitorOptions ToMonitor() => new()
    {
        StuckSamples = StuckSamples,
        RecoverySamples = RecoverySamples,
        ToleratedErrors = ToleratedErrors,
        RetryInterval = TimeSpan.FromSeconds(RetrySeconds),
    };
}
