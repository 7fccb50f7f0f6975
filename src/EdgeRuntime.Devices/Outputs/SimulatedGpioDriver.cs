using System.Device.Gpio;

namespace EdgeInference.Devices;

/// <summary>
/// Pins that are not there: what would be written to them is said instead, <c>GPIO 18: high</c>, at each change. Outputs only.
/// <c>new GpioController(new SimulatedGpioDriver(Console.WriteLine))</c> goes where a board's controller would.
/// </summary>
public sealed class SimulatedGpioDriver : GpioDriver
{
    private readonly Action<string> changed;
    private readonly Dictionary<int, PinValue> levels = [];

    /// <summary>Creates a driver.</summary>
    /// <param name="changed">Gets a line for each change of a pin's level.</param>
    public SimulatedGpioDriver(Action<string> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        this.changed = changed;
    }

    /// <inheritdoc/>
    protected override int PinCount => int.MaxValue;

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber)
    {
    }

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber)
    {
    }

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber) => PinMode.Output;

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode == PinMode.Output;

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => Write(pinNumber, initialValue);

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber) => levels.GetValueOrDefault(pinNumber);

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value)
    {
        // A watchdog writes from another thread.
        lock (levels)
        {
            if (levels.TryGetValue(pinNumber, out PinValue before) && before == value)
            {
                return;
            }

            levels[pinNumber] = value;
            changed($"GPIO {pinNumber}: {(value == PinValue.High ? "high" : "low")}");
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException("A simulated pin is an output.");

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException("A simulated pin is an output.");

    /// <inheritdoc/>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException("A simulated pin is an output.");
}
