namespace EdgeInference.Devices.Bindings;

/// <summary>A sensor of the catalog, ready to be given to a <see cref="SensorMonitor"/>. Nothing is open before its start.</summary>
public sealed class CatalogSensor
{
    internal CatalogSensor(ISampleSource source, IReadOnlyList<string> units, TimeSpan shortestPeriod, bool isBackground, IReadOnlyList<string> notes)
    {
        Source = source;
        Units = units;
        ShortestPeriod = shortestPeriod;
        IsBackground = isBackground;
        Notes = notes;
    }

    /// <summary>The source, with its channel names; whoever takes it owns it.</summary>
    public ISampleSource Source { get; }

    /// <summary>The unit of each channel.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary>The time from one measurement to the next: a loop with a shorter period sees each more than once.</summary>
    public TimeSpan ShortestPeriod { get; }

    /// <summary>Whether it is read on a thread of its own.</summary>
    public bool IsBackground { get; }

    /// <summary>What whoever starts the sensor should read, a sentence each; empty where there is nothing to say.</summary>
    public IReadOnlyList<string> Notes { get; }
}
