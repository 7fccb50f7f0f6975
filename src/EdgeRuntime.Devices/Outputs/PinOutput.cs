using System.Device.Gpio;

namespace EdgeRuntime.Devices;

/// <summary>A pin that is on while one label is decided.</summary>
public sealed class PinOutput : IDecisionOutput, IDisposable
{
    private readonly GpioController controller;
    private readonly int pin;
    private readonly int label;
    private readonly bool activeLow;
    private readonly bool safeOn;

    /// <summary>Opens the pin in its safe state; the controller stays the caller's.</summary>
    /// <param name="controller">The controller of the pin.</param>
    /// <param name="pin">The pin's number.</param>
    /// <param name="label">The label for which the pin is on.</param>
    /// <param name="activeLow">Whether on is low.</param>
    /// <param name="safeOn">Whether the safe state is on.</param>
    public PinOutput(GpioController controller, int pin, int label = 1, bool activeLow = false, bool safeOn = false)
    {
        ArgumentNullException.ThrowIfNull(controller);
        this.controller = controller;
        this.pin = pin;
        this.label = label;
        this.activeLow = activeLow;
        this.safeOn = safeOn;

        // With its first level given, the pin never shows the wrong one in between.
        controller.OpenPin(pin, PinMode.Output, Level(safeOn));
    }

    /// <inheritdoc/>
    public void Apply(int label) => controller.Write(pin, Level(label == this.label));

    /// <inheritdoc/>
    public void ApplySafe() => controller.Write(pin, Level(safeOn));

    /// <summary>Goes to the safe state and closes the pin.</summary>
    public void Dispose()
    {
        if (controller.IsPinOpen(pin))
        {
            ApplySafe();
            controller.ClosePin(pin);
        }
    }

    private PinValue Level(bool on) => on != activeLow ? PinValue.High : PinValue.Low;
}
