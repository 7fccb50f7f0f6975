using System.Device.Gpio;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A GPIO driver without pins that records every edge of its outputs.</summary>
internal sealed class RecordingGpioDriver : GpioDriver
{
    private readonly Dictionary<int, PinMode> modes = [];

    /// <summary>Every change of a level: pin and level.</summary>
    internal List<(int Pin, bool High)> Edges { get; } = [];

    /// <summary>Levels, of inputs set by the test.</summary>
    internal Dictionary<int, bool> Levels { get; } = [];

    /// <summary>Number of writes, those that changed nothing included.</summary>
    internal int Writes { get; private set; }

    internal bool Fails { get; set; }

    protected override int PinCount => 28;

    internal bool IsOpen(int pin) => modes.ContainsKey(pin);

    protected override void OpenPin(int pinNumber) => modes[pinNumber] = PinMode.Input;

    protected override void ClosePin(int pinNumber) => modes.Remove(pinNumber);

    protected override PinMode GetPinMode(int pinNumber) => modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode is PinMode.Input or PinMode.Output;

    protected override void SetPinMode(int pinNumber, PinMode mode) => modes[pinNumber] = mode;

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        Write(pinNumber, initialValue);
        modes[pinNumber] = mode;
    }

    protected override PinValue Read(int pinNumber) => Levels.GetValueOrDefault(pinNumber) ? PinValue.High : PinValue.Low;

    protected override void Write(int pinNumber, PinValue value)
    {
        if (Fails)
        {
            throw new IOException("The GPIO chip does not answer.");
        }

        Writes++;
        bool high = value == PinValue.High;
        if (!Levels.TryGetValue(pinNumber, out bool before) || before != high)
        {
            Levels[pinNumber] = high;
            Edges.Add((pinNumber, high));
        }
    }

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();
}
