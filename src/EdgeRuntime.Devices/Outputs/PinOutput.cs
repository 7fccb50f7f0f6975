using System.Device.Gpio;

namespace EdgeInference.Devices;

/// <summary>A pin that is on while one class is decided.</summary>
public sealed class PinOutput : IClassBoundOutput, IDisposable
{
    private readonly GpioController controller;
    private readonly int pin;
    private readonly ClassBinding binding;
    private readonly bool activeLow;
    private readonly bool safeOn;

    /// <summary>Opens the pin in its safe state; the caller keeps ownership of the controller.</summary>
    /// <param name="controller">The controller of the pin.</param>
    /// <param name="pin">The pin's number.</param>
    /// <param name="classText">Text of the class for which the pin is on. A loop refuses a model without this class.</param>
    /// <param name="activeLow">Whether on is low.</param>
    /// <param name="safeOn">Whether the safe state is on.</param>
    public PinOutput(GpioController controller, int pin, string classText, bool activeLow = false, bool safeOn = false)
        : this(controller, pin, new ClassBinding(classText), activeLow, safeOn)
    {
    }

    /// <summary>Opens the pin in its safe state, for a model whose classes have no texts; the caller keeps ownership of the controller.</summary>
    /// <param name="controller">The controller of the pin.</param>
    /// <param name="pin">The pin's number.</param>
    /// <param name="label">Number of the class for which the pin is on, from 0. A loop refuses a model whose classes have texts.</param>
    /// <param name="activeLow">Whether on is low.</param>
    /// <param name="safeOn">Whether the safe state is on.</param>
    public PinOutput(GpioController controller, int pin, int label, bool activeLow = false, bool safeOn = false)
        : this(controller, pin, new ClassBinding(label), activeLow, safeOn)
    {
    }

    private PinOutput(GpioController controller, int pin, ClassBinding binding, bool activeLow, bool safeOn)
    {
        ArgumentNullException.ThrowIfNull(controller);
        this.controller = controller;
        this.pin = pin;
        this.binding = binding;
        this.activeLow = activeLow;
        this.safeOn = safeOn;

        // With its first level given, the pin never shows the wrong one in between.
        controller.OpenPin(pin, PinMode.Output, Level(safeOn));
    }

    /// <summary>When the pin is on, as one sentence.</summary>
    public string Description => $"GPIO {pin} is on for {binding.Description}.";

    /// <inheritdoc/>
    public string? Refusal(IReadOnlyList<string> classTexts, int classes) => binding.Refusal($"GPIO {pin}", classTexts, classes);

    /// <inheritdoc/>
    public void Bind(IReadOnlyList<string> classTexts) => binding.Bind(classTexts);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The pin is bound to a text, but the model's classes are not known yet.</exception>
    public void Apply(int label)
    {
        if (binding.Label == ClassBinding.Unbound)
        {
            throw new InvalidOperationException($"GPIO {pin} is bound to {binding.Description} but does not know the model's classes yet.");
        }

        controller.Write(pin, Level(label == binding.Label));
    }

    /// <inheritdoc/>
    public void ApplySafe() => controller.Write(pin, Level(safeOn));

    /// <summary>Goes to the safe state and closes the pin.</summary>
    public void Dispose()
    {
        if (controller.IsPinOpen(pin))
        {
            try
            {
                ApplySafe();
            }
            finally
            {
                controller.ClosePin(pin);
            }
        }
    }

    private PinValue Level(bool on) => on != activeLow ? PinValue.High : PinValue.Low;
}
