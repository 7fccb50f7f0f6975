using System.Device.I2c;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>The same sensor without its binding: one transfer on the bus for a sample where the binding needs four, so that 1 kHz fits a bus at 100 kHz.</summary>
internal static class Mpu6050RegistersKind
{
    internal static SensorKind Kind { get; } = new(
        "mpu6050-registers", "InvenSense MPU-6050, read by its registers: acceleration along three axes (I2C)", [nameof(SensorSettings.Bus), nameof(SensorSettings.Address)], Plan);

    private static SensorPlan Plan(SensorSettings settings)
    {
        I2cConnectionSettings connection = Mpu6050Kind.Connection(settings, Kind.Name);
        return new SensorPlan(
            [("x", "g"), ("y", "g"), ("z", "g")],
            TimeSpan.FromMilliseconds(1),
            (buses, names) => new BindingSampleSource<I2cSampleSource>(
                3,
                parts =>
                {
                    I2cSampleSource sensor = parts.Own(new I2cSampleSource(buses.I2c(connection), I2cSensorLayout.Mpu6050Acceleration));
                    sensor.Start();
                    return sensor;
                },
                (sensor, sample) => sensor.Read(sample),
                names))
        {
            BusBits = 20 + 65,
        };
    }
}
