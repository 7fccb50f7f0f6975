using System.Globalization;
using EdgeInference.Devices;

namespace EdgeDevice;

/// <summary><c>edge-device record</c>: what the service would decide on, as rows of a table for <c>edge train</c>.</summary>
internal static class Recording
{
    internal static int Run(EdgeOptions options, string path, string label, string seconds, TimeProvider? time = null)
    {
        if (!double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !(number > 0 && number <= TimeSpan.MaxValue.TotalSeconds / 2))
        {
            throw new InvalidDataException($"'{seconds}' is no number of seconds above 0.");
        }

        using var sensor = new SensorMonitor(Wiring.Source(options.Sensor, TimeSpan.FromMilliseconds(options.Loop.PeriodMilliseconds), Console.Error.WriteLine), options.Sensor.ToMonitor(), time);
        var recorder = new LoopRecorder(sensor, options.Loop.ToLoop(), time);
        long rows = recorder.Record(path, label, TimeSpan.FromSeconds(number));
        if (recorder.NotFinite > 0)
        {
            Console.Error.WriteLine($"{recorder.NotFinite} rows are left out: a feature was not finite.");
        }

        if (rows > 0)
        {
            // The loop is held to the window that the model was trained on.
            Console.WriteLine($"{rows} rows in {path}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Train with: edge train {path} --label label --sample-period {options.Loop.PeriodMilliseconds / 1000} --window {options.Loop.Window} --hop {options.Loop.Hop} -o model.edge"));
            return 0;
        }

        Console.Error.WriteLine(sensor.Fault == SensorFault.None ? $"No rows: {seconds} s are too short for a window." : $"No rows: {sensor.Fault}, {sensor.LastError}");
        return 1;
    }
}
