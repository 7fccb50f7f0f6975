using System.Device.Gpio;
using Iot.Device.Hx711;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>Avia HX711. Source: Avia Semiconductor, "HX711, 24-bit analog-to-digital converter for weigh scales".</summary>
internal static class Hx711Kind
{
    // Conversions after power or another gain before the output is settled.
    private const int Settling = 4;

    internal static SensorKind Kind { get; } = new(
        "hx711",
        "Avia HX711: a load cell, 24 bits (two pins)",
        [nameof(SensorSettings.DataPin), nameof(SensorSettings.ClockPin), nameof(SensorSettings.Gain), nameof(SensorSettings.RateHertz), nameof(SensorSettings.Offset), nameof(SensorSettings.Scale)],
        Plan);

    private static SensorPlan Plan(SensorSettings settings)
    {
        int data = Check.Pin(settings.DataPin, nameof(SensorSettings.DataPin), Kind.Name);
        int clock = Check.Pin(settings.ClockPin, nameof(SensorSettings.ClockPin), Kind.Name);
        if (data == clock)
        {
            throw new ArgumentException($"ClockPin is {clock}, the same as DataPin; {Kind.Name} needs two pins.");
        }

        Hx711Mode mode = Check.OneOf(settings.Gain, nameof(SensorSettings.Gain), Kind.Name, 128, 64, 32) switch
        {
            64 => Hx711Mode.ChannelAGain64,
            32 => Hx711Mode.ChannelBGain32,
            _ => Hx711Mode.ChannelAGain128,
        };
        TimeSpan conversion = TimeSpan.FromSeconds(1 / Check.OneOf(settings.RateHertz, nameof(SensorSettings.RateHertz), Kind.Name, 10, 80));
        (double offset, double scale) = Check.Line(settings);
        return new SensorPlan(
            [("weight", settings.Scale is null ? "counts" : "scaled")],
            conversion,
            (buses, names) => new BindingSampleSource<Hx711Cell>(
                1,
                parts =>
                {
                    GpioController controller = parts.Own(buses.Gpio());
                    var cell = new Hx711Cell(controller, new Hx711(data, clock, new Hx711Options(mode, useByteLittleEndian: false), controller, shouldDispose: false), data, clock, conversion);
                    cell.Reset(Settling);
                    return cell;
                },
                (cell, sample) => sample[0] = (float)((cell.Read() - offset) * scale),
                names))
        {
            // The reading itself waits for the next conversion.
            Interval = conversion / 4,
            Waits = true,
        };
    }
}
