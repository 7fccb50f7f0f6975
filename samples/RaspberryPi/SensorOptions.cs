using EdgeInference.Devices;
using EdgeInference.Devices.Bindings;

namespace EdgeDevice;

/// <summary>The section "Edge:Sensor". A setting of the wiring that is left out has the kind's default; one that the kind does not use is refused.</summary>
internal sealed class SensorOptions
{
    public string Kind { get; set; } = "mpu6050";

    public int? Bus { get; set; }

    public int? Address { get; set; }

    public int? ChipSelect { get; set; }

    public int? DataPin { get; set; }

    public int? ClockPin { get; set; }

    public string[] Inputs { get; set; } = [];

    public double? Range { get; set; }

    public int? Gain { get; set; }

    public double? RateHertz { get; set; }

    public double? ReferenceVolts { get; set; }

    public double? Offset { get; set; }

    public double? Scale { get; set; }

    public double? MaxAgeSeconds { get; set; }

    /// <summary>A name for each channel, as in the table that the model was trained on; empty for the sensor's usual ones.</summary>
    public string[] ChannelNames { get; set; } = [];

    public int StuckSamples { get; set; }

    public int RecoverySamples { get; set; } = 1;

    public int ToleratedErrors { get; set; }

    public double RetrySeconds { get; set; } = 1;

    internal SensorSettings ToSettings() => new()
    {
        Kind = Kind,
        Bus = Bus,
        Address = Address,
        ChipSelect = ChipSelect,
        DataPin = DataPin,
        ClockPin = ClockPin,
        Inputs = Inputs,
        Range = Range,
        Gain = Gain,
        RateHertz = RateHertz,
        ReferenceVolts = ReferenceVolts,
        Offset = Offset,
        Scale = Scale,
        MaxAgeSeconds = MaxAgeSeconds,
        ChannelNames = ChannelNames,
    };

    internal SensorMonitorOptions ToMonitor() => new()
    {
        StuckSamples = StuckSamples,
        RecoverySamples = RecoverySamples,
        ToleratedErrors = ToleratedErrors,
        RetryInterval = TimeSpan.FromSeconds(RetrySeconds),
    };
}
