using System.Device.Gpio;
using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>The parts of the running device that services share.</summary>
internal sealed class Device : IDisposable
{
    private readonly GpioController? controller;
    private readonly ModelSlot slot;
    private readonly IReadOnlyList<PinOutput> outputs;

    internal Device(EdgeOptions options, ModelUpdater updater, Func<GpioController> pins)
    {
        Updater = updater;
        slot = updater.Host.CreateSlot();
        if (Wiring.Refusal(options.Output, slot.ClassTexts, slot.Classes) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        Sensor = new SensorMonitor(Wiring.Source(options.Sensor), options.Sensor.ToMonitor());
        controller = options.Output.Pin >= 0 ? Open(pins, options.Output.Pin) : null;
        outputs = Wiring.Outputs(options.Output, controller);
        Loop = new DecisionLoop(Sensor, slot, options.Loop.ToLoop(), outputs);
    }

    // Without libgpiod, on a machine without pins or where the service lacks the right.
    private static GpioController Open(Func<GpioController> pins, int pin)
    {
        try
        {
            return pins();
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException or UnauthorizedAccessException)
        {
            throw new IOException($"GPIO {pin} cannot be opened: {exception.Message.TrimEnd('.')}. Edge:Output:Simulated=true says its levels instead, Edge:Output:Pin=-1 runs the service without a pin.", exception);
        }
    }

    /// <summary>What drives each pin.</summary>
    internal IEnumerable<string> Notes => outputs.Select(output => output.Description);

    internal ModelUpdater Updater { get; }

    internal SensorMonitor Sensor { get; }

    internal DecisionLoop Loop { get; }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (PinOutput output in outputs)
        {
            output.Dispose();
        }

        slot.Dispose();
        Sensor.Dispose();
        controller?.Dispose();
        Updater.Dispose();
    }
}
