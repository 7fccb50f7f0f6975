using System.Diagnostics;
using System.Globalization;

namespace EdgeInference.Devices.Soak;

/// <summary>What the device said, and whether it was good.</summary>
internal sealed class SoakRecord(Control? control)
{
    private const int WarmUpSeconds = 60;

    private int ownLate;
    private readonly List<Dictionary<string, string>> states = [];
    private readonly SortedDictionary<string, (int Count, string Example)> entries = new(StringComparer.Ordinal);

    internal async Task ReadAsync(TextReader output)
    {
        // Every line, for whoever asks what happened when.
        string? copy = Environment.GetEnvironmentVariable("EDGE_SOAK_LOG");
        await using StreamWriter? log = copy is null ? null : File.CreateText(copy);
        while (await output.ReadLineAsync() is { } line)
        {
            log?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp() / 1e9:0.000} {line}"));
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["stat", ..])
            {
                states.Add(words[1..].Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));
            }
            else if (words is ["log", _, _, _, ..])
            {
                string id = string.Join(' ', words[1..4]);
                entries[id] = entries.TryGetValue(id, out (int Count, string Example) seen) ? (seen.Count + 1, seen.Example) : (1, string.Join(' ', words[4..]));
            }
            else if (words is ["late", string previous, string now])
            {
                Late(long.Parse(previous, CultureInfo.InvariantCulture), long.Parse(now, CultureInfo.InvariantCulture));
            }
            else
            {
                Console.WriteLine(line);
            }
        }
    }

    /// <summary>Prints all figures and what is wrong with them.</summary>
    /// <returns>The exit code.</returns>
    internal int Judge(int exitCode, ulong newestOffered, long allowedGrowth)
    {
        if (states.Count < 2)
        {
            Console.Error.WriteLine($"The device said nothing; its exit code was {exitCode}.");
            return 1;
        }

        foreach ((string id, (int count, string example)) in entries)
        {
            Console.WriteLine($"{count,6} x {id}: {example}");
        }

        Dictionary<string, string> last = states[^1];
        Console.WriteLine(string.Join(' ', last.Select(pair => $"{pair.Key}={pair.Value}")));
        long early = Number(states[Math.Min(WarmUpSeconds, states.Count / 2)], "rss");
        long late = states.Skip(states.Count - Math.Min(WarmUpSeconds, states.Count / 2)).Max(state => Number(state, "rss"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory: {early / 1e6:0.0} MB after {Math.Min(WarmUpSeconds, states.Count / 2)} s, at most {late / 1e6:0.0} MB in the last minute; most {states.Max(state => Number(state, "rss")) / 1e6:0.0} MB"));
        if (control is not null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"control: a processor was away {control.Count} times for more than 2 ms, at most {control.Longest:0.0} ms"));
        }

        int began = entries.Where(entry => entry.Key.Contains("SensorFaultBegan", StringComparison.Ordinal)).Sum(entry => entry.Value.Count);
        int ended = entries.Where(entry => entry.Key.Contains("SensorFaultEnded", StringComparison.Ordinal)).Sum(entry => entry.Value.Count);
        (string Question, bool Good)[] answers =
        [
            ("ended by SIGTERM with exit code 0", exitCode == 0),
            ($"no read later than {SoakDevice.AllowedGap.TotalMilliseconds:0} ms after a good one, two seconds of start and {Number(last, "gaps") - ownLate} moments without a processor aside", ownLate == 0),
            ("each good sample was decided on", Number(last, "good") == Number(last, "decisions")),
            ("each fault of the sensor was counted", Number(last, "failed") == Number(last, "faults") && Number(last, "failed") - Number(last, "recoveries") is 0 or 1),
            ("a sensor that flaps was logged when it began, and not again until it ended", began >= 1 && began - ended is 0 or 1),
            ("memory is flat", late - early <= allowedGrowth),
            ($"version {newestOffered} decides", (ulong)Number(last, "version") == newestOffered),
        ];
        foreach ((string question, bool good) in answers)
        {
            Console.WriteLine($"{(good ? "yes" : "NO ")} {question}");
        }

        return answers.All(answer => answer.Good) ? 0 : 1;
    }

    private void Late(long previous, long now)
    {
        bool away = control?.WasAway(previous, now) ?? false;
        ownLate += away ? 0 : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"late at {now / 1e9:0.000}: {Stopwatch.GetElapsedTime(previous, now).TotalMilliseconds:0.0} ms{(away ? ", a processor was away from the machine" : "")}"));
    }

    private static long Number(Dictionary<string, string> state, string name) => (long)double.Parse(state[name], CultureInfo.InvariantCulture);
}
