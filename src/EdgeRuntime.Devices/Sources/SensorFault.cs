namespace EdgeInference.Devices;

/// <summary>What is wrong with a sensor.</summary>
public enum SensorFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The sensor does not answer when it is started, or is not the expected sensor.</summary>
    NotPresent,

    /// <summary>A read failed.</summary>
    BusError,

    /// <summary>All channels have had exactly the same values for too long.</summary>
    Stuck,

    /// <summary>A value is not finite, was not filled by the sensor, or is outside what the sensor can measure.</summary>
    OutOfRange,

    /// <summary>The sensor is being started for the first time on a thread of its own (<see cref="BackgroundSampleSource"/>) and has not measured yet. Not counted.</summary>
    Starting,
}
