using EdgeInference.Devices;
using EdgeInference.Devices.Bindings;

namespace EdgeDevice;

/// <summary>Makes sensors and outputs from the settings.</summary>
internal static class Wiring
{
    // A machine at rest that shakes: for trying the service without hardware.
    private const string Simulated = "simulated";

    private static readonly string[] SimulatedChannels = ["x", "y", "z"];

    /// <summary>The sensor of the settings; nothing is opened before its start.</summary>
    /// <param name="options">The sensor.</param>
    /// <param name="period">The loop's period: a sensor that needs longer is read in the background.</param>
    /// <param name="note">Takes what whoever starts the service should read, or null.</param>
    /// <param name="buses">How devices are opened, or null for the machine's own drivers.</param>
    internal static ISampleSource Source(SensorOptions options, TimeSpan period, Action<string>? note = null, SensorBuses? buses = null)
    {
        if (options.Kind == Simulated)
        {
            return new DelegateSampleSource(SimulatedChannels.Length, Simulate, channelNames: ChannelNames(options));
        }

        CatalogSensor sensor = Create(options, period, buses);
        foreach (string line in sensor.Notes)
        {
            note?.Invoke(line);
        }

        return sensor.Source;
    }

    /// <summary>A name for each channel of the sensor: those of the settings, or its usual ones.</summary>
    internal static string[] ChannelNames(SensorOptions options)
    {
        if (options.Kind != Simulated)
        {
            using ISampleSource source = Create(options, TimeSpan.FromSeconds(1), null).Source;
            return [.. source.ChannelNames];
        }

        SensorSettings settings = options.ToSettings() with { Kind = Simulated, ChannelNames = null };
        return settings != new SensorSettings { Kind = Simulated, Inputs = settings.Inputs } || options.Inputs.Length > 0
            ? throw new InvalidDataException("Edge:Sensor:Kind is 'simulated', which is wired to nothing: leave out every other setting of Edge:Sensor but ChannelNames and those of its faults.")
            : options.ChannelNames.Length == 0 ? SimulatedChannels
            : options.ChannelNames.Length == SimulatedChannels.Length ? options.ChannelNames
            : throw new InvalidDataException($"Edge:Sensor:ChannelNames has {options.ChannelNames.Length} names and '{Simulated}' has {SimulatedChannels.Length} channels; name each, or none for {string.Join(", ", SimulatedChannels)}.");
    }

    private static CatalogSensor Create(SensorOptions options, TimeSpan period, SensorBuses? buses)
    {
        if (SensorCatalog.Kinds.All(kind => kind.Name != options.Kind))
        {
            throw new InvalidDataException("Edge:Sensor:" + SensorCatalog.Unknown(options.Kind, [Simulated]));
        }

        try
        {
            return SensorCatalog.Create(options.ToSettings(), period, buses);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"Edge:Sensor:{exception.Message}", exception);
        }
    }

    // It shakes for two seconds in every ten.
    private static void Simulate(Span<float> sample)
    {
        double seconds = Environment.TickCount64 / 1000.0;
        double amplitude = seconds % 10 < 2 ? 0.5 : 0.01;
        sample[0] = (float)(amplitude * Math.Sin(2 * Math.PI * 20 * seconds));
        sample[1] = (float)(amplitude * Math.Cos(2 * Math.PI * 20 * seconds));
        sample[2] = (float)(1 + (amplitude * Math.Sin(2 * Math.PI * 7 * seconds)));
    }
}
