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
        using ModelUpdater? model = samples ? null : ModelOf(options);
        using ModelSlot? slot = model?.Host.CreateSlot();
        LoopRecorder recorder = slot is null ? new LoopRecorder(sensor, options.Loop.ToLoop(), time) : new LoopRecorder(sensor, slot, options.Loop.ToLoop(slot), time);
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

        if (samples)
        {
            Console.WriteLine(SampleTraining.Line(path, options.Loop));
            Console.WriteLine($"Try a model on them with: edge-device replay {path}");
        }
        else if (slot?.HasSignals != true)
        {
            // The loop is held to the window that the model was trained on.
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Train with: edge train {path} --label label --sample-period {options.Loop.PeriodMilliseconds / 1000} --window {options.Loop.Window} --hop {options.Loop.Hop} -o model.edge"));
        }

        return 0;
    }

    // Of settings that leave window and features to the model. A device without a model records by its settings.
    private static ModelUpdater? ModelOf(EdgeOptions options)
    {
        if (options.Loop is not { Window: 1, Hop: 1, Features.Length: 0 })
        {
            return null;
        }

        try
        {
            return ModelUpdater.Inspect(options.ModelFolder, options.FactoryModel.Length > 0 ? options.FactoryModel : null, options.Updates.ToPolicy());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
