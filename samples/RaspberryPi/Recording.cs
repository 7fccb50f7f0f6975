using System.Globalization;
using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary><c>edge-device record</c>: what the service would decide on, or with <c>--samples</c> its samples, as rows of a table.</summary>
internal static class Recording
{
    internal static int Run(EdgeOptions options, string path, string label, string seconds, TimeProvider? time = null, bool samples = false)
    {
        if (!double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !(number > 0 && number <= TimeSpan.MaxValue.TotalSeconds / 2))
        {
            throw new InvalidDataException($"'{seconds}' is no number of seconds above 0.");
        }

        using var stop = new Stop();
        using var sensor = new SensorMonitor(Wiring.Source(options.Sensor, TimeSpan.FromMilliseconds(options.Loop.PeriodMilliseconds), Console.Error.WriteLine), options.Sensor.ToMonitor(), time);
        var recorder = new LoopRecorder(sensor, options.Loop.ToLoop(), time);
        long rows = -1;
        try
        {
            var duration = TimeSpan.FromSeconds(number);
            rows = samples ? recorder.RecordSamples(path, label, duration, stop.Token) : recorder.Record(path, label, duration, stop.Token);
        }
        finally
        {
            // A fault that left no row is said below, once.
            foreach (string note in recorder.Notes.Where(_ => rows != 0 || sensor.Fault == SensorFault.None))
            {
                Console.Error.WriteLine(note);
            }
        }

        if (rows == 0)
        {
            Console.Error.WriteLine(sensor.Fault != SensorFault.None ? $"No rows: {sensor.Fault}, {sensor.LastError ?? "the sensor has given no value"}"
                : stop.Token.IsCancellationRequested ? "No rows: stopped before the first one."
                : $"No rows: {seconds} s are too short for a window.");
            return 1;
        }

        if (stop.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine($"Stopped before {seconds} s were over; the rows so far are in the table.");
        }

        Console.WriteLine($"{rows} rows in {path}");

        // The loop is held to the window that the model was trained on.
        Console.WriteLine(samples
            ? $"Try a model on them with: edge-device replay {path}"
            : string.Create(CultureInfo.InvariantCulture, $"Train with: edge train {path} --label label --sample-period {options.Loop.PeriodMilliseconds / 1000} --window {options.Loop.Window} --hop {options.Loop.Hop} -o model.edge"));
        return 0;
    }
}
