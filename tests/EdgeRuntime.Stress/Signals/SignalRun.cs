using System.Diagnostics;
using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Signals;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Runtime.Stress.Signals;

/// <summary>
/// Random windows through random pipelines: three engines must give the same bits, and each feature and filtered count stay within its
/// bound. Says how much of each bound was reached.
/// </summary>
internal sealed class SignalRun
{
    // Pipelines that are compiled together, windows of each, and which of them are held to double precision.
    private const int Batch = 50;
    private const int WindowsOfPipeline = 500;
    private const int Checked = 25;

    private readonly SortedDictionary<string, double> shares = new(StringComparer.Ordinal);

    private readonly Random random;

    private SignalRun(int seed) => random = new Random(seed);

    /// <summary>The largest part of each bound that was reached.</summary>
    internal IReadOnlyDictionary<string, double> Shares => shares;

    /// <summary>Runs so many windows.</summary>
    /// <returns>0, or 1 where something is wrong, which is said.</returns>
    internal static int Run(int seed, long windows)
    {
        long start = Stopwatch.GetTimestamp();
        var run = new SignalRun(seed);
        string? fault = run.Windows(windows, 400, out long done, out long pipelines);
        if (fault is not null)
        {
            Console.Error.WriteLine($"seed {seed}: {fault}");
            return 1;
        }

        Console.WriteLine($"seed {seed}: {done} windows through {pipelines} pipelines, the same bits on EdgeRuntime, EdgeRuntime.Nano and in emitted code, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        foreach ((string name, double share) in run.shares)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: at most {share:0.000} of its bound"));
        }

        return 0;
    }

    /// <summary>Runs so many windows of at most so many samples, for a test.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal static string? Run(int seed, long windows, int most, out IReadOnlyDictionary<string, double> shares)
    {
        var run = new SignalRun(seed);
        string? fault = run.Windows(windows, most, out _, out _);
        shares = run.shares;
        return fault;
    }

    private string? Windows(long windows, int most, out long done, out long pipelines)
    {
        done = 0;
        pipelines = 0;
        while (done < windows)
        {
            SignalSettings[] settings = [.. Enumerable.Range(0, (int)Math.Min(Batch, 1 + (windows / WindowsOfPipeline))).Select(_ => RandomSignals.Settings(random, most))];
            IReadOnlyList<SignalEngines> engines = SignalEngines.Of([.. settings.Select(SignalEngines.Model)]);
            for (int i = 0; i < settings.Length && done < windows; i++)
            {
                int count = (int)Math.Min(WindowsOfPipeline, windows - done);
                if (Pipeline(settings[i], engines[i], count) is { } fault)
                {
                    return $"pipeline {pipelines}, {fault}: {settings[i]}";
                }

                done += count;
                pipelines++;
            }
        }

        return null;
    }

    private string? Pipeline(SignalSettings settings, SignalEngines engines, int windows)
    {
        SignalsRecord record = SignalPipeline.Record(settings);
        int channels = settings.Channels.Count;
        double error = engines.Pipeline.FilterError;
        short[] sample = new short[channels];
        var last = new Queue<short[]>();
        for (int window = 0; window < windows;)
        {
            // A stretch of signal, from the start again.
            engines.Reset();
            last.Clear();
            var cascade = new BiquadCascade(record.Filters, channels);
            ExactFilter[] exact = [.. Enumerable.Range(0, channels).Select(_ => new ExactFilter(record.Filters))];
            int length = settings.Length + (settings.Hop * random.Next(1, 20));
            short[][] counts = [.. Enumerable.Range(0, channels).Select(_ => RandomSignals.Counts(random, length))];
            for (int i = 0; i < length && window < windows; i++)
            {
                short[] filtered = new short[channels];
                for (int c = 0; c < channels; c++)
                {
                    sample[c] = counts[c][i];
                    filtered[c] = (short)cascade.Next(c, sample[c]);
                    double distance = record.Filters.Length == 0 ? 0 : Math.Abs(Math.Clamp(exact[c].Next(sample[c]), short.MinValue, short.MaxValue) - filtered[c]);
                    if (record.Filters.Length > 0 && !Within("filtered count", distance, error))
                    {
                        return $"window {window}: a filtered count is off by {distance}, more than {error}";
                    }
                }

                last.Enqueue(filtered);
                if (last.Count > settings.Length)
                {
                    last.Dequeue();
                }

                if (engines.Add(sample))
                {
                    int unlike = engines.Difference();
                    if (unlike >= 0)
                    {
                        return $"window {window}: {engines.Pipeline.FeatureNames[unlike]} is {engines.Text(unlike)}";
                    }

                    if (window % Checked == 0 && Fault(record, engines, [.. last]) is { } fault)
                    {
                        return $"window {window}: {fault}";
                    }

                    window++;
                }
            }
        }

        return null;
    }

    private string? Fault(SignalsRecord record, SignalEngines engines, short[][] window)
    {
        int at = 0;
        for (int c = 0; c < record.Channels; c++)
        {
            foreach (SignalReference.Expected expected in SignalReference.Features(record.Plan, [.. window.Select(sample => (double)sample[c])]))
            {
                string name = engines.Pipeline.FeatureNames[at];
                double distance = Math.Abs(engines.Features[at] - expected.Value);
                if (!Within(name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '_'), distance, expected.Error))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{name} is {engines.Features[at]:R} and should be {expected.Value:R} to {expected.Error:R}");
                }

                at++;
            }
        }

        return null;
    }

    private bool Within(string name, double distance, double bound)
    {
        double share = distance == 0 ? 0 : distance / bound;
        shares[name] = Math.Max(shares.GetValueOrDefault(name), share);
        return share <= 1;
    }
}
