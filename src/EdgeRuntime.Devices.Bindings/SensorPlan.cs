namespace EdgeInference.Devices.Bindings;

/// <summary>A sensor as its settings describe it; nothing is open.</summary>
/// <param name="Channels">The usual name of each channel, and its unit.</param>
/// <param name="Conversion">Time that the sensor needs for a sample of all channels; more often there is nothing new.</param>
/// <param name="Open">Makes a source of it with these channel names.</param>
internal sealed record SensorPlan((string Name, string Unit)[] Channels, TimeSpan Conversion, Func<SensorBuses, IReadOnlyList<string>, ISampleSource> Open)
{
    /// <summary>Time from one measurement to the next in the background; the conversion's by default.</summary>
    internal TimeSpan Interval { get; init; } = Conversion;

    /// <summary>Whether its binding waits in a busy loop on a pin, so that it is never read by a loop itself.</summary>
    internal bool Waits { get; init; }

    /// <summary>Bits on the I2C bus for a sample; 0 where it is not on I2C.</summary>
    internal int BusBits { get; init; }
}
