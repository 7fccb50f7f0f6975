using System.Device.I2c;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.PowerMode;
using UnitsNet;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>Bosch BME280. Source of the times: Bosch, "BME280 Combined humidity and pressure sensor", BST-BME280-DS002, appendix B.</summary>
internal static class Bme280Kind
{
    // 9.3 ms for a measurement with each quantity sampled once, at most, and 0.5 ms of standby after it.
    private static readonly TimeSpan Cycle = TimeSpan.FromMilliseconds(10);

    internal static SensorKind Kind { get; } = new("bme280", "Bosch BME280: temperature, pressure, humidity (I2C)", [nameof(SensorSettings.Bus), nameof(SensorSettings.Address)], Plan);

    private static SensorPlan Plan(SensorSettings settings)
    {
        var connection = new I2cConnectionSettings(Check.Bus(settings.Bus, 1), Check.Address(settings.Address, Kind.Name, 0x76, 0x77));
        return new SensorPlan(
            [("temperature", "°C"), ("pressure", "hPa"), ("humidity", "%")],
            Cycle,
            (buses, names) => new BindingSampleSource<Bme280>(3, parts => Open(parts, buses.I2c(connection)), Read, names))
        {
            BusBits = (4 * (20 + 38)) + 20 + 29,
        };
    }

    private static Bme280 Open(SensorParts parts, I2cDevice device)
    {
        parts.Own(device);
        Bme280 sensor = parts.Own(new Bme280(device));

        // Otherwise each read starts a measurement and waits for its end.
        sensor.SetPowerMode(Bmx280PowerMode.Normal);

        // Until the first is done, the registers hold numbers that look like one.
        Thread.Sleep(sensor.GetMeasurementDuration());
        return sensor;
    }

    // One by one: the binding's reading of all three allocates.
    private static void Read(Bme280 sensor, Span<float> sample)
    {
        if (!sensor.TryReadTemperature(out Temperature temperature) || !sensor.TryReadPressure(out Pressure pressure) || !sensor.TryReadHumidity(out RelativeHumidity humidity))
        {
            throw new IOException("The BME280 left a quantity out.");
        }

        sample[0] = (float)temperature.DegreesCelsius;
        sample[1] = (float)pressure.Hectopascals;
        sample[2] = (float)humidity.Percent;
    }
}
