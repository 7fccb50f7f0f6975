using System.Device.Gpio;
using EdgeRuntime.Devices;

namespace EdgeDevice;

/// <summary>The parts of the running device that services share.</summary>
internal sealed class Device : IDisposable
{
    private readonly GpioController? controller;
    private readonly ModelSlot slot;
    private readonly IReadOnlyList<IDecisionOutput> outputs;

    internal Device(EdgeOptions options, ModelUpdater updater)
    {
        Updater = updater;
        controller = options.Output.Pin >= 0 ? new GpioController() : null;
        Sensor = new SensorMonitor(Wiring.Source(options.Sensor), options.Sensor.ToMonitor());
        slot = updater.Host.CreateSlot();
        outputs = Wiring.Outputs(options.Output, controller);
        Loop = new DecisionLoop(Sensor, slot, options.Loop.ToLoop(), outputs);
    }

    internal ModelUpdater Updater { get; }

    internal SensorMonitor Sensor { get; }

    internal DecisionLoop Loop { get; }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (IDisposable output in outputs.OfType<IDisposable>())
        {
            output.Dispose();
        }

        slot.Dispose();
        Sensor.Dispose();
        controller?.Dispose();
        Updater.Dispose();
    }
}
