using System.Diagnostics;
using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary>Whether the sensor answers; it is read only where that was asked for, since another program may be at it.</summary>
internal sealed class SensorCheck(Func<SensorOptions, TimeSpan, ISampleSource>? open = null, TimeSpan? deadline = null) : ICheck
{
    // Longer than any sensor measures, so that it is read here and now.
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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

    // A bus that hangs holds whoever asks in the kernel: one thread, which ends with the program.
    private Finding Read(EdgeOptions options)
    {
        TimeSpan longest = deadline ?? Deadline;
        Finding? finding = null;
        return SettingsFile.Answers(() => finding = ReadNow(options), longest)
            ? finding!
            : Finding.Problem(FormattableString.Invariant($"'{options.Sensor.Kind}' did not answer within {longest.TotalSeconds} s: its bus hangs."), "take its supply away and give it again, look for a wire that is held low, and see dmesg.");
    }

    private Finding ReadNow(EdgeOptions options)
    {
        int? address = options.Sensor.Address;
        string where = SensorWires.Of(options.Sensor).I2cBus is not { } bus ? "" : address is null ? $" on I2C bus {bus}" : $" at address 0x{address:X2} of I2C bus {bus}";
        try
        {
            using ISampleSource source = open is null ? Wiring.Source(options.Sensor, Slow) : open(options.Sensor, Slow);
            float[] sample = new float[source.Channels];
            source.Start();
            ReadFirst(source, sample);
            return Finding.Ok($"'{options.Sensor.Kind}'{where} answers: {string.Join(", ", sample)}.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Finding.Problem($"'{options.Sensor.Kind}'{where} does not answer: {exception.Message.TrimEnd('.')}.", "check wires and supply (3.3 V), and look for its address with i2cdetect -y BUS (package i2c-tools).");
        }
    }

    // One that is read in the background has no sample at first.
    private static void ReadFirst(ISampleSource source, float[] sample)
    {
        for (long start = Stopwatch.GetTimestamp(); ; Thread.Sleep(Pause))
        {
            try
            {
                source.Read(sample);
                return;
            }
            catch (IOException) when (source is BackgroundSampleSource && Stopwatch.GetElapsedTime(start) < Patience)
            {
                // It is asked again.
            }
        }
    }
}
