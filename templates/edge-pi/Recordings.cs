using System.Device.Gpio;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeInference.Devices;
using EdgeInference.Devices.Hosting;
using EdgeInference.Runtime;

namespace EdgePi;

/// <summary>Rows of what the model sees, to train on, and the way back: rows through the model.</summary>
internal static class Recordings
{
    public static int Record(DeviceSettings settings, string path, string label, string seconds)
    {
        if (!double.TryParse(seconds, CultureInfo.InvariantCulture, out double duration) || !(duration > 0 && duration <= 1e6))
        {
            throw new ArgumentException($"'{seconds}' is no number of seconds from above 0 to 1,000,000.");
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var sensor = new SensorMonitor(Device.Sensor(settings, label));
        var recorder = new LoopRecorder(sensor, settings.Loop.ToLoop());
        long rows = recorder.Record(path, label, TimeSpan.FromSeconds(duration), stop.Token);
        Console.WriteLine($"{rows} rows in {path}");
        Say(recorder.Notes);
        return rows > 0 ? 0 : 1;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    public static int Replay(DeviceSettings settings, string path)
    {
        using ISampleSource sensor = Device.Sensor(settings);
        using var replay = new LoopReplay(path, sensor.ChannelNames, settings.Loop.ToLoop());
        using var host = new ModelHost(EdgeModel.Load(DeviceSettings.Model), version: 0);
        using ModelSlot slot = host.CreateSlot();
        if (settings.Output.Refusal("Edge:Output", slot.ClassTexts, slot.Classes) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        using var gpio = new GpioController(new SimulatedGpioDriver(Console.WriteLine));
        PinOutput[] outputs = settings.Output.Pin < 0 ? [] : [settings.Output.Open(gpio)];
        ReplaySummary summary = replay.Run(slot, outputs, change => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change.Time.TotalSeconds:0.000} s: {change.ClassText ?? "not known"}")));
        Console.WriteLine($"{summary.Loop.Decisions} decisions; {summary.Agreeing} of {summary.Labelled} agree with their label");
        Say(summary.Notes);
        return 0;
    }

    private static void Say(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            Console.Error.WriteLine(note);
        }
    }
}
