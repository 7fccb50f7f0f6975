using System.Device.Gpio;

namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>Pins without a machine; what is wired to them says how an input reads and what an output does.</summary>
internal abstract class PinChip : GpioDriver
{
    private readonly Dictionary<int, PinMode> modes = [];

    internal Action? Closed { get; set; }

    /// <summary>A pin that another program holds.</summary>
    internal int Busy { get; init; } = -1;

    internal IEnumerable<int> OpenPins => modes.Keys;

    protected override int PinCount => 28;

    protected override void OpenPin(int pinNumber)
    {
        if (pinNumber == Busy)
        {
            throw new IOException($"Error 16, Device or resource busy: pin {pinNumber}.");
        }

        modes[pinNumber] = PinMode.Input;
    }

    protected override void ClosePin(int pinNumber) => modes.Remove(pinNumber);

    protected override PinMode GetPinMode(int pinNumber) => modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override void SetPinMode(int pinNumber, PinMode mode) => modes[pinNumber] = mode;

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Closed?.Invoke();
        base.Dispose(disposing);
    }
}
