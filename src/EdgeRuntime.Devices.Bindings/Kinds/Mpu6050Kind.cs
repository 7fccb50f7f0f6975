using System.Device.I2c;
using System.Numerics;
using Iot.Device.Imu;

namespace EdgeInference.Devices.Bindings.Kinds;

/// <summary>InvenSense MPU-6050, acceleration.</summary>
internal static class Mpu6050Kind
{
    // The binding gives m/s² with this value of g; recordings and models are in g.
    private const float Gravity = 9.807f;

    // Setting 3 of the low-pass, which accelerometer and gyroscope share: 44 Hz, as I2cSensorLayout.Mpu6050Acceleration sets it.
    private const GyroscopeBandwidth LowPass = (GyroscopeBandwidth)3;

    internal static SensorKind Kind { get; } = new(
        "mpu6050", "InvenSense MPU-6050: acceleration along three axes (I2C)", [nameof(SensorSettings.Bus), nameof(SensorSettings.Address), nameof(SensorSettings.Range)], Plan);

    internal static I2cConnectionSettings Connection(SensorSettings settings, string kind) => new(Check.Bus(settings.Bus, 1), Check.Address(settings.Address, kind, 0x68, 0x69));

    private static SensorPlan Plan(SensorSettings settings)
    {
        I2cConnectionSettings connection = Connection(settings, Kind.Name);
        AccelerometerRange range = Check.OneOf(settings.Range, nameof(SensorSettings.Range), Kind.Name, 2, 4, 8, 16) switch
        {
            4 => AccelerometerRange.Range04G,
            8 => AccelerometerRange.Range08G,
            16 => AccelerometerRange.Range16G,
            _ => AccelerometerRange.Range02G,
        };
        return new SensorPlan(
            [("x", "g"), ("y", "g"), ("z", "g")],
            TimeSpan.FromMilliseconds(1),
            (buses, names) => new BindingSampleSource<Mpu6050>(
                3,
                parts => parts.Own(new Mpu6050(parts.Own(buses.I2c(connection))) { GyroscopeBandwidth = LowPass, AccelerometerRange = range }),
                Read,
                names))
        {
            BusBits = 20 + 20 + 20 + 65,
        };
    }

    private static void Read(Mpu6050 sensor, Span<float> sample)
    {
        Vector3 acceleration = sensor.GetAccelerometer() / Gravity;
        sample[0] = acceleration.X;
        sample[1] = acceleration.Y;
        sample[2] = acceleration.Z;
    }
}
