using System.Globalization;
using EdgeRuntime.Devices;
using EdgeRuntime.Signals;

namespace EdgePi;

/// <summary>Writes features of the sensor as rows of a table, for <c>edge train</c>: made by the code that decides later.</summary>
internal static class Recording
{
    internal static int Run(SensorMonitor sensor, DecisionLoopOptions options, string path, string label, TimeSpan duration)
    {
        var window = new SlidingWindow(sensor.Channels, options.WindowLength, options.Hop);
        var extractor = new FeatureExtractor(sensor.Channels, options.WindowLength, options.Features, options.Bands);
        float[] sample = new float[sensor.Channels];
        float[] samples = new float[sensor.Channels * options.WindowLength];
        float[] features = new float[extractor.Count];
        bool isNew = !File.Exists(path);
        using StreamWriter table = File.AppendText(path);
        if (isNew)
        {
            table.WriteLine(string.Join(',', extractor.Names(sensor.ChannelNames)) + ",label");
        }

        int rows = 0;
        DateTime end = DateTime.UtcNow + duration;
        while (DateTime.UtcNow < end)
        {
            Thread.Sleep(options.Period);
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

        Console.WriteLine($"{rows} rows in {path}");
        return rows > 0 ? 0 : 1;
    }
}
