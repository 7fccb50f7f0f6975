using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeInference.Benchmarks.Accuracy;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.Benchmarks.Commands;

/// <summary><c>learning-speed</c>: boosted trees of the same size beside scikit-learn's, on made tables of 30 features; 100 trees of 31 leaves from all rows and features.</summary>
internal static class LearningSpeedCommand
{
    private const int Features = 30;
    private const int Rounds = 3;

    internal static Command Create()
    {
        var command = new Command("learning-speed", "Gradient boosting beside scikit-learn's HistGradientBoostingClassifier: seconds.");
        command.SetAction(_ => Run());
        return command;
    }

    private static void Run()
    {
        string folder = Directory.CreateTempSubdirectory("edge-speed-").FullName;
        try
        {
            Console.WriteLine("| rows, features | threads | seconds | scikit-learn | ratio |");
            Console.WriteLine("|---|--:|--:|--:|--:|");
            foreach (int rows in new[] { 10_000, 100_000 })
            {
                var set = new AccuracySet($"made{rows}", Made(rows));
                set.Write(folder, []);
                foreach (int threads in new[] { 1, 2 })
                {
                    double[] seconds = [.. Enumerable.Range(0, Rounds).Select(_ => Seconds(set.Table, threads))];
                    double own = Comparison.Median(seconds);
                    string text = "skipped | |";
                    if (ScikitLearn.IsPresent)
                    {
                        double other = ScikitLearn.Seconds(folder, set.Name, threads);
                        text = string.Create(CultureInfo.InvariantCulture, $"{other:F2} | {own / other:F2} |");
                    }

                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rows}, {Features} | {threads} | {own:F2} | {text}"));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Seconds(LabelledTable table, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        new GradientBoosting { MinRows = 20, L2 = 0, RowShare = 1, FeatureShare = 1, Threads = threads }.Fit(table, [.. Enumerable.Range(0, table.Labels.Length)]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static LabelledTable Made(int rows)
    {
        var random = new Xoshiro256(5);
        var values = new float[rows][];
        var labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] row = values[i] = [.. Enumerable.Range(0, Features).Select(_ => (float)(Enumerable.Range(0, 6).Sum(_ => random.NextDouble()) - 3))];
            labels[i] = (row[0] * row[1]) + row[2] - (row[3] * row[3]) + (row[4] * 0.5) + ((random.NextDouble() - 0.5) * 2) > 0 ? 1 : 0;
        }

        return new LabelledTable([.. Enumerable.Range(0, Features).Select(i => $"f{i}")], values, labels, ["0", "1"]);
    }
}
