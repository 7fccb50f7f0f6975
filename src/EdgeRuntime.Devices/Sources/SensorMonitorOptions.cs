namespace EdgeInference.Devices;

/// <summary>When a sensor counts as faulty, and how it comes back.</summary>
public sealed record SensorMonitorOptions
{
    /// <summary>Consecutive failed reads that are bridged with the last good sample, 0 or more.</summary>
    public int ToleratedErrors { get; init; }

    /// <summary>Identical samples in a row that make a sensor stuck, 2 or more; 0 for sensors whose values may not change, such as digital inputs.</summary>
    public int StuckSamples { get; init; }

    /// <summary>Good samples in a row that end a fault, 1 or more.</summary>
    public int RecoverySamples { get; init; } = 1;

    /// <summary>Time between two attempts to start a faulty sensor.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lowest value that any channel can have.</summary>
    public float Minimum { get; init; } = float.NegativeInfinity;

    /// <summary>Highest value that any channel can have.</summary>
    public float Maximum { get; init; } = float.PositiveInfinity;
}
