using EdgeInference.Devices;
using EdgeInference.Devices.Bindings;
using EdgeInference.Devices.Hosting;
using Microsoft.Extensions.Hosting;

namespace EdgePi;

/// <summary>Puts the device together: model, loop, pin, updates.</summary>
internal static class Device
{
    public static IHost Build(HostApplicationBuilder builder, DeviceSettings settings)
    {
        builder.Services
            .AddEdgeModel(model => (model.File, model.StoreFolder, model.Policy) = (DeviceSettings.Model, settings.StoreFolder, settings.Updates.ToPolicy()))
            .AddDecisionLoop(_ => Sensor(settings), settings.Part("Loop"))
            .AddPinOutput(settings.Part("Output"))
            .AddOutput(_ => new ClassTextOutput(text => Console.WriteLine(text ?? "not known")))
            .AddModelUpdates(settings.Part("Updates"));
        return builder.Build();
    }

    /// <summary>The sensor of the settings, or the simulated machine.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="state">The state of the simulated machine; null for each in turn.</param>
    public static ISampleSource Sensor(DeviceSettings settings, string? state = null)
    {
        if (settings.Sensor is not { } wired)
        {
            return new DelegateSampleSource(SimulatedMachine.Channels.Length, sample => SimulatedMachine.Read(state, sample), channelNames: SimulatedMachine.Channels);
        }

        CatalogSensor sensor = SensorCatalog.Create(wired, TimeSpan.FromMilliseconds(settings.Loop.PeriodMilliseconds));
        foreach (string note in sensor.Notes)
        {
            Console.Error.WriteLine(note);
        }

        return sensor.Source;
    }
}
