using System.Device.Gpio;
using EdgeRuntime.Devices;
using System.Device.I2c;

namespace EdgeDevice;

/// <summary>Makes sensors and outputs from the settings.</summary>
internal static class Wiring
{
    internal static ISampleSource Source(SensorOptions options) => options.Kind switch
    {
        "mpu6050" => IotBindingSources.Mpu6050(() => Device(options)),
        "bme280" => IotBindingSources.Bme280(() => Device(options)),
        "mpu6050-registers" => new I2cSampleSource(Device(options), I2cSensorLayout.Mpu6050Acceleration),
        "simulated" => new DelegateSampleSource(3, Simulate),
        _ => throw new InvalidDataException($"Edge:Sensor:Kind is '{options.Kind}', which is none of mpu6050, bme280, mpu6050-registers and simulated."),
    };

    /// <summary>A name for each channel of the sensor, for tables of features.</summary>
    internal static string[] ChannelNames(SensorOptions options) => options.Kind == "bme280" ? ["temperature", "pressure", "humidity"] : ["x", "y", "z"];

    internal static IReadOnlyList<IDecisionOutput> Outputs(OutputOptions options, GpioController? controller) =>
        controller is null ? [] : [new PinOutput(controller, options.Pin, options.Label, options.ActiveLow, options.SafeOn)];

    private static I2cDevice Device(SensorOptions options) => I2cDevice.Create(new I2cConnectionSettings(options.Bus, options.Address));

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
