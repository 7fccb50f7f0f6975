using System.Device.I2c;
using System.Numerics;
using Iot.Device.Imu;

namespace EdgePi;

/// <summary>Sensors of Iot.Device.Bindings, set up and read as the model was trained.</summary>
internal static class Sensors
{
    // The binding gives m/s² with this value of g.
    private const float Gravity = 9.807f;

    // Setting 3 of the low-pass, which accelerometer and gyroscope share: 44 Hz, below half the rate of the samples.
    internal static Mpu6050 CreateMpu6050(I2cDevice device) => new(device) { GyroscopeBandwidth = (GyroscopeBandwidth)3 };

    /// <summary>Acceleration in g along x, y and z.</summary>
    internal static void Read(Mpu6050 sensor, Span<float> sample)
    {
        Vector3 acceleration = sensor.GetAccelerometer() / Gravity;
        sample[0] = acceleration.X;
        sample[1] = acceleration.Y;
        sample[2] = acceleration.Z;
    }
}
