using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>Whether the sensor answers; it is read only where that was asked for, since another program may be at it.</summary>
internal sealed class SensorCheck : ICheck
{
    public string Name => "sensor";

    public IEnumerable<Finding> Run(Examination examination)
    {
        if (!examination.Touch)
        {
            yield return Finding.Ok("The sensor was not read; --touch reads it once.");
            yield break;
        }

        yield return Read(examination.Options);
    }

    private static Finding Read(EdgeOptions options)
    {
        int? address = options.Sensor.Address;
        string where = SensorWires.Of(options.Sensor).I2cBus is not { } bus ? "" : address is null ? $" on I2C bus {bus}" : $" at address 0x{address:X2} of I2C bus {bus}";
        try
        {
            ISampleSource source = Wiring.Source(options.Sensor);
            using var owner = source as IDisposable;
            float[] sample = new float[source.Channels];
            source.Read(sample);
            return Finding.Ok($"'{options.Sensor.Kind}'{where} answers: {string.Join(", ", sample)}.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Finding.Problem($"'{options.Sensor.Kind}'{where} does not answer: {exception.Message.TrimEnd('.')}.", "check wires and supply (3.3 V), and look for its address with i2cdetect -y BUS (package i2c-tools).");
        }
    }
}
