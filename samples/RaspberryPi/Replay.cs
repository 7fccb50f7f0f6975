using System.Device.Gpio;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeInference.Devices;
using EdgeInference.Runtime;

namespace EdgeDevice;

/// <summary><c>edge-device replay</c>: a recording through the loop, with a pin that is only said, to try a model on a desk.</summary>
internal static class Replay
{
    internal static int Run(EdgeOptions options, string path, string[] rest)
    {
        ReplayOptions words = ReplayOptions.Of(rest);
        using var stop = new Stop();
        if (words.Model is { } model)
        {
            using var host = new ModelHost(EdgeModel.Load(model), version: 0);
            return Run(options, path, host, words, $"{model} is used as it is; its signature is not checked.", stop.Token);
        }

        using ModelUpdater updater = ModelUpdater.Inspect(options.ModelFolder, options.FactoryModel.Length > 0 ? options.FactoryModel : null, options.Updates.ToPolicy(), report => Console.Error.WriteLine($"passed over: {report.Origin}: {report.Reason}"));
        return Run(options, path, updater.Host, words, null, stop.Token);
    }

    private static int Run(EdgeOptions options, string path, ModelHost host, ReplayOptions words, string? note, CancellationToken cancellation)
    {
        using ModelSlot slot = host.CreateSlot();
        using var replay = new LoopReplay(path, Wiring.ChannelNames(options.Sensor), slot, options.Loop.ToLoop(slot), words.Label);
        if (replay.LeftOut.Count > 0)
        {
            Console.Error.WriteLine($"Columns of {path} that are left out: {string.Join(", ", replay.LeftOut)}.");
        }

        if (note is not null)
        {
            Console.Error.WriteLine(note);
        }

        if (options.Output.Refusal(EdgeOptions.OutputPath, slot.ClassTexts, slot.Classes) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        List<string> levels = [];
        using var controller = new GpioController(new SimulatedGpioDriver(levels.Add));
        PinOutput[] outputs = options.Output.Pin < 0 ? [] : [options.Output.Open(controller)];
        List<ReplayedDecision> changes = [];
        string of = slot.Classes == 2 && slot.ClassTexts.Count == 2 ? $"p({slot.ClassTexts[1]})" : "p";
        if (!words.Json)
        {
            Console.WriteLine($"{(replay.IsSamples ? "Samples, through window, features and model" : "Rows of what the model takes")}. {string.Join(' ', outputs.Select(output => output.Description))}");
            Print(new ReplayedDecision(), "", levels);
        }

        ReplaySummary summary = replay.Run(slot, outputs, Changed, words.InRealTime, cancellation);
        if (words.Json)
        {
            WriteJson(summary, changes);
        }
        else
        {
            Console.WriteLine($"The end; outputs are in their safe state. {string.Join(", ", levels)}".TrimEnd());
            ReplayReport.Print(summary, Console.Out);
        }

        foreach (string sentence in summary.Notes)
        {
            Console.Error.WriteLine(sentence);
        }

        return summary.Loop.Decisions > 0 ? 0 : Nothing(replay, summary);

        void Changed(ReplayedDecision change)
        {
            changes.Add(change);
            if (!words.Json)
            {
                Print(change, of, levels);
            }
        }
    }

    private static void Print(ReplayedDecision change, string of, List<string> levels)
    {
        string probability = change.ClassText is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{of} = {change.Probability:0.000}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change.Time.TotalSeconds,10:0.000} s  {change.ClassText ?? "not known",-16} {probability,-20} {string.Join(", ", levels)}").TrimEnd());
        levels.Clear();
    }

    private static int Nothing(LoopReplay replay, ReplaySummary summary)
    {
        Console.Error.WriteLine(summary.Rows == 0 ? "The table has no rows." : replay.IsSamples ? "No decision: no window of samples without a gap is in the table." : "No decision.");
        return 1;
    }

    private static void WriteJson(ReplaySummary summary, List<ReplayedDecision> changes)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            ReplayReport.Write(summary, changes, json);
        }

        Console.WriteLine(Encoding.UTF8.GetString(text.ToArray()));
    }
}
