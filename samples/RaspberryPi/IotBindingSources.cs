using System.Device.I2c;
using System.Numerics;
using EdgeInference.Devices;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.PowerMode;
using Iot.Device.Bmxx80.ReadResult;
using Iot.Device.Imu;

namespace EdgeDevice;

/// <summary>Sensors of Iot.Device.Bindings as sample sources.</summary>
internal static class IotBindingSources
{
    // The binding gives m/s² with this value of g; recordings and models are in g.
    private const float Gravity = 9.807f;

    // Setting 3 of the low-pass, which accelerometer and gyroscope share: 44 Hz, as I2cSensorLayout.Mpu6050Acceleration sets it.
    private const GyroscopeBandwidth LowPass = (GyroscopeBandwidth)3;

    internal static ISampleSource Mpu6050(Func<I2cDevice> open, IReadOnlyList<string> channelNames) =>
        new BindingSampleSource<Mpu6050>(
            3,
            open,
            device => new Mpu6050(device) { GyroscopeBandwidth = LowPass },
            (sensor, sample) =>
            {
                Vector3 acceleration = sensor.GetAccelerometer() / Gravity;
                sample[0] = acceleration.X;
                sample[1] = acceleration.Y;
                sample[2] = acceleration.Z;
            },
            channelNames);

    internal static ISampleSource Bme280(Func<I2cDevice> open, IReadOnlyList<string> channelNames) =>
        new BindingSampleSource<Bme280>(
            3,
            open,
            device =>
            {
                var sensor = new Bme280(device);

                // Otherwise each read starts a measurement and waits for its end, longer than a sample's period.
                sensor.SetPowerMode(Bmx280PowerMode.Normal);
                return sensor;
            },
            (sensor, sample) =>
            {
                Bme280ReadResult result = sensor.Read();
                sample[0] = (float)(result.Temperature?.DegreesCelsius ?? throw new IOException("The BME280 gave no temperature."));
                sample[1] = (float)(result.Pressure?.Hectopascals ?? throw new IOException("The BME280 gave no pressure."));
                sample[2] = (float)(result.Humidity?.Percent ?? throw new IOException("The BME280 gave no humidity."));
            },
            channelNames);
}
