using EdgeInference.Devices;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

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

    public UpdateOptions Updates { get; set; } = new();
}

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

internal sealed class LoopOptions
{
    public double PeriodMilliseconds { get; set; } = 8;

    public int Window { get; set; } = 1;

    public int Hop { get; set; } = 1;

    public string[] Features { get; set; } = [];

    public int Bands { get; set; } = 8;

    public float Hysteresis { get; set; }

    public int Votes { get; set; } = 1;

    public double MinimumHoldSeconds { get; set; }

    /// <summary>Abstentions in a row through which the label that stands is held; after more the safe state. 0 for the safe state at the first.</summary>
    public int ToleratedAbstentions { get; set; } = int.MaxValue;

    public double WatchdogSeconds { get; set; } = 2;

    internal Feature[] ParsedFeatures() =>
        [.. Features.Select(name => Enum.TryParse(name, ignoreCase: true, out Feature feature)
            ? feature
            : throw new InvalidDataException($"Edge:Loop:Features names '{name}', which is none of {string.Join(", ", Enum.GetNames<Feature>())}."))];

    internal DecisionLoopOptions ToLoop() => new()
    {
        Period = TimeSpan.FromMilliseconds(PeriodMilliseconds),
        WindowLength = Window,
        Hop = Hop,
        Features = ParsedFeatures(),
        Bands = Bands,
        ToleratedAbstentions = ToleratedAbstentions,
        WatchdogTimeout = WatchdogSeconds > 0 ? TimeSpan.FromSeconds(WatchdogSeconds) : Timeout.InfiniteTimeSpan,
        Filter = new DecisionFilterOptions { Hysteresis = Hysteresis, Votes = Votes, MinimumHold = TimeSpan.FromSeconds(MinimumHoldSeconds) },
    };
}

internal sealed class OutputOptions
{
    /// <summary>The pin's number (BCM), −1 for no pin.</summary>
    public int Pin { get; set; } = -1;

    /// <summary>Text of the class for which the pin is on.</summary>
    public string Class { get; set; } = "";

    /// <summary>Number of the class for which the pin is on, for a model whose classes have no texts.</summary>
    public int? Label { get; set; }

    public bool ActiveLow { get; set; }

    public bool SafeOn { get; set; }
}

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
