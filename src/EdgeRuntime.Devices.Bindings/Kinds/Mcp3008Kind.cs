using System.Device.Spi;
using Iot.Device.Adc;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>Microchip MCP3008. Source: DS21295D, 1.35 MHz at most at 2.7 V. Its binding sees by a bit of the answer that no chip is there.</summary>
internal static class Mcp3008Kind
{
    private const int ClockHertz = 1_000_000;
    private const double Steps = 1024;

    private static readonly string[] InputNames = ["0", "1", "2", "3", "4", "5", "6", "7"];

    internal static SensorKind Kind { get; } = new(
        "mcp3008",
        "Microchip MCP3008: up to eight voltages, 10 bits (SPI)",
        [nameof(SensorSettings.Bus), nameof(SensorSettings.ChipSelect), nameof(SensorSettings.Inputs), nameof(SensorSettings.ReferenceVolts), nameof(SensorSettings.Offset), nameof(SensorSettings.Scale)],
        Plan);

    private static SensorPlan Plan(SensorSettings settings)
    {
        int bus = Check.Bus(settings.Bus, 0);
        int select = Check.OneOf(settings.ChipSelect, nameof(SensorSettings.ChipSelect), Kind.Name, 0, 1, 2);
        int[] inputs = Check.Inputs(settings.Inputs, Kind.Name, InputNames);
        double step = Check.Volts(settings.ReferenceVolts, 3.3) / Steps;
        (double offset, double scale) = Check.Line(settings);
        return new SensorPlan(
            [.. inputs.Select(input => ($"in{input}", settings.Scale is null ? "V" : "scaled"))],
            TimeSpan.FromMilliseconds(0.1 * inputs.Length),
            (buses, names) => new BindingSampleSource<Mcp3008>(
                inputs.Length,
                parts => parts.Own(new Mcp3008(parts.Own(buses.Spi(new SpiConnectionSettings(bus, select) { ClockFrequency = ClockHertz, Mode = SpiMode.Mode0 })))),
                (sensor, sample) =>
                {
                    for (int i = 0; i < sample.Length; i++)
                    {
                        sample[i] = (float)(((sensor.Read(inputs[i]) * step) - offset) * scale);
                    }
                },
                names));
    }
}
