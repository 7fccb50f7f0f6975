using System.Device.I2c;
using System.Numerics;
using EdgeRuntime.Devices;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.ReadResult;
using Iot.Device.Imu;

namespace EdgeDevice;

/// <summary>Sensors of Iot.Device.Bindings as sample sources. Their constructors talk to the sensor, so each start makes them anew.</summary>
internal static class IotBindingSources
{
    // The binding gives m/s² with this value of g; the recording and the decision by registers are in g.
    private const float Gravity = 9.807f;

    internal static ISampleSource Mpu6050(SensorOptions options)
    {
        Mpu6050? sensor = null;
        return new DelegateSampleSource(
            3,
            sample =>
            {
                Vector3 acceleration = sensor!.GetAccelerometer() / Gravity;
                sample[0] = acceleration.X;
                sample[1] = acceleration.Y;
                sample[2] = acceleration.Z;
            },
            () =>
            {
                sensor?.Dispose();
                sensor = new Mpu6050(Open(options));
            });
    }

    internal static ISampleSource Bme280(SensorOptions options)
    {
        Bme280? sensor = null;
        return new DelegateSampleSource(
            3,
            sample =>
            {
                Bme280ReadResult result = sensor!.Read();
                sample[0] = (float)(result.Temperature?.DegreesCelsius ?? throw new IOException("The BME280 gave no temperature."));
                sample[1] = (float)(result.Pressure?.Hectopascals ?? throw new IOException("The BME280 gave no pressure."));
                sample[2] = (float)(result.Humidity?.Percent ?? throw new IOException("The BME280 gave no humidity."));
            },
            () =>
            {
                sensor?.Dispose();
                sensor = new Bme280(Open(options));
            });
    }

    private static I2cDevice Open(SensorOptions options) => I2cDevice.Create(new I2cConnectionSettings(options.Bus, options.Address));
}
