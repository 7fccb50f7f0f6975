using System.Globalization;
using EdgeRuntime.Devices;
using EdgeRuntime.Signals;

namespace EdgeDevice;

/// <summary><c>edge-device record</c>: features of the real sensor as rows of a table, for <c>edge train</c>. They are computed by the code that the service uses.</summary>
internal static class Recording
{
    internal static int Run(EdgeOptions options, string path, string label, TimeSpan duration)
    {
        using var sensor = new SensorMonitor(Wiring.Source(options.Sensor), options.Sensor.ToMonitor());
        var window = new SlidingWindow(sensor.Channels, options.Loop.Window, options.Loop.Hop);
        var extractor = new FeatureExtractor(sensor.Channels, options.Loop.Window, options.Loop.ParsedFeatures(), options.Loop.Bands);
        float[] sample = new float[sensor.Channels];
        float[] samples = new float[sensor.Channels * options.Loop.Window];
        float[] features = new float[extractor.Count];
        bool isNew = !File.Exists(path);
        using StreamWriter table = File.AppendText(path);
        if (isNew)
        {
            table.WriteLine(string.Join(',', extractor.Names(sensor.ChannelNames)) + ",label");
        }

        int rows = 0;
        long end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(1, options.Loop.PeriodMilliseconds)));
        while (Environment.TickCount64 < end && timer.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult())
        {
            if (sensor.Read(sample) != SensorFault.None)
            {
                window.Clear();
            }
            else if (window.Add(sample))
            {
                window.CopyTo(samples);
                extractor.Extract(samples, features);
                table.WriteLine(string.Join(',', features.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "," + label);
                rows++;
            }
        }

        if (rows > 0)
        {
            // The loop is held to the window that the model was trained on.
            double seconds = options.Loop.PeriodMilliseconds / 1000.0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Train with: edge train {path} --label label --sample-period {seconds} --window {options.Loop.Window} --hop {options.Loop.Hop} -o model.edge"));
        }

        Console.WriteLine(rows > 0 ? $"{rows} rows in {path}" : $"No rows: {sensor.Fault}, {sensor.LastError}");
        return rows > 0 ? 0 : 1;
    }
}
