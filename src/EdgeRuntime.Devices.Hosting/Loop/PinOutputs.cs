using System.Device.Gpio;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>Makes the pin that the settings name.</summary>
internal static class PinOutputs
{
    internal static PinOutput? Create(IServiceProvider provider, string path)
    {
        PinOptions options = provider.GetRequiredService<IOptions<PinOptions>>().Value;
        ModelSlot slot = provider.GetRequiredService<ModelSlot>();
        if (options.Pin < 0)
        {
            return null;
        }

        // Before the pin is touched.
        if (options.Refusal(path, slot.ClassTexts, slot.Classes) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        try
        {
            return options.Open(provider.GetRequiredService<GpioController>());
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or DllNotFoundException)
        {
            throw new IOException($"GPIO {options.Pin} cannot be opened: {exception.Message.TrimEnd('.')}. {path}:Simulated=true says its levels instead, {path}:Pin=-1 runs without a pin.", exception);
        }
    }

    internal static GpioController Controller(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<PinOptions>>().Value.Simulated ? new GpioController(new SimulatedGpioDriver(Console.WriteLine)) : new GpioController();
}
