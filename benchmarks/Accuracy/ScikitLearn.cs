using System.Diagnostics;
using System.Globalization;

namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>reference.py in a process of its own, with Debian's python3-sklearn.</summary>
internal static class ScikitLearn
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Whether it is there.</summary>
    internal static bool IsPresent { get; } = File.Exists(Python) && Run(1, "-c", "import sklearn") is not null;

    /// <summary>Writes the sets of scikit-learn and of R packages that are there.</summary>
    internal static void WriteSets(string folder, string[] libraries) => Call(0, ["sets", folder, .. libraries]);

    /// <summary>The scores of its learners on the splits of a set, in their order.</summary>
    /// <param name="folder">Where the set is.</param>
    /// <param name="set">Its name.</param>
    /// <param name="kept">The file that keeps the scores; null for none.</param>
    internal static Dictionary<string, List<AccuracyScore>> Scores(string folder, string set, string? kept)
    {
        string text = kept is not null && File.Exists(kept) ? File.ReadAllText(kept) : Call(0, "run", folder, set);
        if (kept is not null)
        {
            File.WriteAllText(kept, text);
        }

        var scores = new Dictionary<string, List<AccuracyScore>>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] cells = line.Split(',');
            double[] numbers = Array.ConvertAll(cells[2..], cell => double.Parse(cell, CultureInfo.InvariantCulture));
            string learner = cells[0].Replace(';', ',');
            if (!scores.TryGetValue(learner, out List<AccuracyScore>? list))
            {
                scores.Add(learner, list = []);
            }

            list.Add(new AccuracyScore(numbers[0], numbers[1], numbers[2]));
        }

        return scores;
    }

    /// <summary>Seconds that HistGradientBoostingClassifier takes for all rows of a set.</summary>
    /// <param name="folder">Where the set is.</param>
    /// <param name="set">Its name.</param>
    /// <param name="threads">Its threads.</param>
    internal static double Seconds(string folder, string set, int threads) => double.Parse(Call(threads, "speed", folder, set), CultureInfo.InvariantCulture);

    private static string Call(int threads, params string[] arguments)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Accuracy", "reference.py");
        return Run(threads, [script, .. arguments]) ?? throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} failed.");
    }

    private static string? Run(int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (threads > 0)
        {
            start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }
}
