using System.Device.Gpio;
using EdgeRuntime.Devices;
#if !USE_IOT_BINDINGS
using System.Device.I2c;
#endif

namespace EdgeDevice;

/// <summary>Makes sensors and outputs from the settings.</summary>
internal static class Wiring
{
    internal static ISampleSource Source(SensorOptions options) => options.Kind switch
    {
#if USE_IOT_BINDINGS
        "mpu6050" => IotBindingSources.Mpu6050(options),
        "bme280" => IotBindingSources.Bme280(options),
#else
        "mpu6050" => new I2cSampleSource(I2cDevice.Create(new I2cConnectionSettings(options.Bus, options.Address)), I2cSensorLayout.Mpu6050Acceleration),
#endif
        "simulated" => new DelegateSampleSource(3, Simulate),
        _ => throw new InvalidDataException($"Edge:Sensor:Kind is '{options.Kind}', which this build does not know."),
    };

    /// <summary>A name for each channel of the sensor, for tables of features.</summary>
    internal static string[] ChannelNames(SensorOptions options) => options.Kind == "bme280" ? ["temperature", "pressure", "humidity"] : ["x", "y", "z"];

    internal static IReadOnlyList<IDecisionOutput> Outputs(OutputOptions options, GpioController? controller) =>
        controller is null ? [] : [new PinOutput(controller, options.Pin, options.Label, options.ActiveLow, options.SafeOn)];

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
