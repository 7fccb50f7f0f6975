using System.Device.I2c;
using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>Makes sensors and outputs from the settings.</summary>
internal static class Wiring
{
    internal static ISampleSource Source(SensorOptions options)
    {
        string[] channels = ChannelNames(options);
        return options.Kind switch
        {
            "mpu6050" => IotBindingSources.Mpu6050(() => Device(options), channels),
            "bme280" => IotBindingSources.Bme280(() => Device(options), channels),
            "mpu6050-registers" => new I2cSampleSource(Device(options), I2cSensorLayout.Mpu6050Acceleration with { ChannelNames = channels }),
            _ => new DelegateSampleSource(3, Simulate, channelNames: channels),
        };
    }

    /// <summary>A name for each channel of the sensor: those of the settings, or its usual ones.</summary>
    internal static string[] ChannelNames(SensorOptions options)
    {
        string[] usual = options.Kind switch
        {
            "mpu6050" or "mpu6050-registers" or "simulated" => ["x", "y", "z"],
            "bme280" => ["temperature", "pressure", "humidity"],
            _ => throw new InvalidDataException($"Edge:Sensor:Kind is '{options.Kind}', which is none of mpu6050, bme280, mpu6050-registers and simulated."),
        };
        return options.ChannelNames.Length == 0 ? usual
            : options.ChannelNames.Length == usual.Length ? options.ChannelNames
            : throw new InvalidDataException($"Edge:Sensor:ChannelNames has {options.ChannelNames.Length} names and '{options.Kind}' has {usual.Length} channels; name each, or none for {string.Join(", ", usual)}.");
    }

    internal static I2cConnectionSettings Connection(SensorOptions options) => new(options.Bus, options.Address);

    private static I2cDevice Device(SensorOptions options) => I2cDevice.Create(Connection(options));

    // A machine at rest that shakes for two seconds in every ten: for trying the service without hardware.
    private static void Simulate(Span<float> sample)
    {
        double seconds = Environment.TickCount64 / 1000.0;
        double amplitude = seconds % 10 < 2 ? 0.5 : 0.01;
        sample[0] = (float)(amplitude * Math.Sin(2 * Math.PI * 20 * seconds));
        sample[1] = (float)(amplitude * Math.Cos(2 * Math.PI * 20 * seconds));
        sample[2] = (float)(1 + (amplitude * Math.Sin(2 * Math.PI * 7 * seconds)));
    }
}
