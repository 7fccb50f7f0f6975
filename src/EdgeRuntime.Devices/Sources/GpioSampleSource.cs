using System.Device.Gpio;

namespace EdgeInference.Devices;

/// <summary>Samples of digital inputs: 1 for a high pin, 0 for a low one.</summary>
public sealed class GpioSampleSource : ISampleSource
{
    private readonly GpioController controller;
    private readonly int[] pins;
    private readonly PinMode mode;

    /// <summary>Creates a source; the caller keeps ownership of the controller.</summary>
    /// <param name="controller">The controller of the pins.</param>
    /// <param name="pins">Pin numbers, a channel each.</param>
    /// <param name="mode">An input mode.</param>
    /// <param name="channelNames">A name for each channel, or null.</param>
    public GpioSampleSource(GpioController controller, IReadOnlyList<int> pins, PinMode mode = PinMode.Input, IReadOnlyList<string>? channelNames = null)
    {
        ArgumentNullException.ThrowIfNull(controller);
        ArgumentNullException.ThrowIfNull(pins);
        ArgumentOutOfRangeException.ThrowIfLessThan(pins.Count, 1, nameof(pins));
        this.controller = controller;
        this.pins = [.. pins];
        this.mode = mode;
        ChannelNames = channelNames is null ? [] : [.. channelNames];
    }

    /// <inheritdoc/>
    public int Channels => pins.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ChannelNames { get; }

    /// <inheritdoc/>
    public void Start()
    {
        foreach (int pin in pins)
        {
            if (!controller.IsPinOpen(pin))
            {
                controller.OpenPin(pin, mode);
            }
        }
    }

    /// <inheritdoc/>
    public void Read(Span<float> sample)
    {
        for (int i = 0; i < pins.Length; i++)
        {
            sample[i] = controller.Read(pins[i]) == PinValue.High ? 1f : 0f;
        }
    }

    /// <summary>Closes the pins.</summary>
    public void Dispose()
    {
        foreach (int pin in pins)
        {
            if (controller.IsPinOpen(pin))
            {
                controller.ClosePin(pin);
            }
        }
    }
}
