using System.Device.I2c;
using Iot.Device.Ads1115;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>Texas Instruments ADS1115. Source: SBAS444, "ADS111x", sections on the data rate (± 10 %) and the full-scale range.</summary>
internal static class Ads1115Kind
{
    private const double Steps = 32768;

    // Of several inputs: setting the input, waiting for the end of the conversion and reading it, at 100 kHz.
    private const double SwitchMilliseconds = 2;

    private static readonly string[] InputNames = ["0", "1", "2", "3", "0-1", "0-3", "1-3", "2-3"];
    private static readonly InputMultiplexer[] Multiplexers =
    [
        InputMultiplexer.AIN0, InputMultiplexer.AIN1, InputMultiplexer.AIN2, InputMultiplexer.AIN3,
        InputMultiplexer.AIN0_AIN1, InputMultiplexer.AIN0_AIN3, InputMultiplexer.AIN1_AIN3, InputMultiplexer.AIN2_AIN3,
    ];

    private static readonly (double Volts, MeasuringRange Range)[] Ranges =
    [
        (4.096, MeasuringRange.FS4096), (6.144, MeasuringRange.FS6144), (2.048, MeasuringRange.FS2048), (1.024, MeasuringRange.FS1024), (0.512, MeasuringRange.FS0512), (0.256, MeasuringRange.FS0256),
    ];

    private static readonly (double Hertz, DataRate Rate)[] Rates =
    [
        (860, DataRate.SPS860), (475, DataRate.SPS475), (250, DataRate.SPS250), (128, DataRate.SPS128), (64, DataRate.SPS064), (32, DataRate.SPS032), (16, DataRate.SPS016), (8, DataRate.SPS008),
    ];

    internal static SensorKind Kind { get; } = new(
        "ads1115",
        "Texas Instruments ADS1115: up to four voltages or their differences, 16 bits (I2C)",
        [nameof(SensorSettings.Bus), nameof(SensorSettings.Address), nameof(SensorSettings.Inputs), nameof(SensorSettings.Range), nameof(SensorSettings.RateHertz), nameof(SensorSettings.Offset), nameof(SensorSettings.Scale)],
        Plan);

    private static SensorPlan Plan(SensorSettings settings)
    {
        var connection = new I2cConnectionSettings(Check.Bus(settings.Bus, 1), Check.Address(settings.Address, Kind.Name, 0x48, 0x49, 0x4A, 0x4B));
        int[] inputs = Check.Inputs(settings.Inputs, Kind.Name, InputNames);
        double volts = Check.OneOf(settings.Range, nameof(SensorSettings.Range), Kind.Name, [.. Ranges.Select(range => range.Volts)]);
        double hertz = Check.OneOf(settings.RateHertz, nameof(SensorSettings.RateHertz), Kind.Name, [.. Rates.Select(rate => rate.Hertz)]);
        (double offset, double scale) = Check.Line(settings);
        MeasuringRange range = Ranges.Single(range => range.Volts == volts).Range;
        DataRate rate = Rates.Single(rate => rate.Hertz == hertz).Rate;
        InputMultiplexer[] multiplexers = [.. inputs.Select(input => Multiplexers[input])];
        double milliseconds = 1100 / hertz;
        return new SensorPlan(
            [.. inputs.Select(input => ($"in{InputNames[input].Replace('-', '_')}", settings.Scale is null ? "V" : "scaled"))],
            TimeSpan.FromMilliseconds(inputs.Length == 1 ? milliseconds : inputs.Length * (milliseconds + SwitchMilliseconds)),
            (buses, names) => new BindingSampleSource<Ads1115>(
                inputs.Length,
                parts => Open(parts, buses.I2c(connection), multiplexers, range, rate),
                (sensor, sample) =>
                {
                    for (int i = 0; i < sample.Length; i++)
                    {
                        short raw = multiplexers.Length == 1 ? sensor.ReadRaw() : sensor.ReadRaw(multiplexers[i]);
                        sample[i] = (float)(((raw * (volts / Steps)) - offset) * scale);
                    }
                },
                names))
        {
            BusBits = inputs.Length == 1 ? 20 + 29 : 0,
        };
    }

    // Its binding closes nothing but the device, after writing to it, which takes half a second and fails where the sensor is gone.
    private static Ads1115 Open(SensorParts parts, I2cDevice device, InputMultiplexer[] inputs, MeasuringRange range, DataRate rate) =>
        new(parts.Own(device), inputs[0], range, rate, inputs.Length == 1 ? DeviceMode.Continuous : DeviceMode.PowerDown);
}
