using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeInference.Benchmarks.Accuracy;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelTraining;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.Benchmarks.Commands;

/// <summary>
/// <c>accuracy</c>: our learners beside scikit-learn's on the same five stratified splits of each data set, at default settings: mean
/// accuracy, log loss and time, as tables for docs/training.md.
/// </summary>
internal static class AccuracyCommand
{
    private const int UsualSplits = 5;
    private const double TestShare = 0.3;

    /// <summary>Who takes part on our side.</summary>
    private static readonly AccuracyContender[] contenders =
    [
        AccuracyContender.Search,
        AccuracyContender.Of("our forest", new RandomForest()),
        AccuracyContender.Of("our boosting", new GradientBoosting()),
        AccuracyContender.Of("our logistic regression", new LogisticRegression()),
        AccuracyContender.Of("our network", new MultilayerPerceptron()),
    ];

    internal static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The folder data/ of the repository.", DefaultValueFactory = _ => "data" };
        var more = new Option<string[]>("--more") { Description = "Folders of more sets: NAME.train.csv and NAME.test.csv with the label y.", DefaultValueFactory = _ => [] };
        var libraries = new Option<string[]>("--r-library") { Description = "Folders of R packages.", DefaultValueFactory = _ => ["/usr/lib/R/site-library", "/usr/lib/R/library"] };
        var only = new Option<string[]>("--only") { Description = "Names of sets; all where none is given.", DefaultValueFactory = _ => [] };
        var splits = new Option<int>("--splits") { Description = "Splits of each set.", DefaultValueFactory = _ => UsualSplits };
        var ours = new Option<string[]>("--ours") { Description = "Names of our columns; all where none is given.", DefaultValueFactory = _ => [] };
        var keep = new Option<string?>("--keep") { Description = "A folder that keeps scikit-learn's scores, so that the next run need not fit its learners again." };
        var command = new Command("accuracy", "Our learners beside scikit-learn's: accuracy, log loss and time.") { data, more, libraries, only, splits, ours, keep };
        command.SetAction(result => Run(result.GetValue(data)!, result.GetValue(more)!, result.GetValue(libraries)!, result.GetValue(only)!, new Comparing(result.GetValue(splits), result.GetValue(ours)!, result.GetValue(keep))));
        return command;
    }

    private static void Run(string data, string[] more, string[] libraries, string[] only, Comparing comparing)
    {
        string folder = Directory.CreateTempSubdirectory("edge-accuracy-").FullName;
        try
        {
            if (ScikitLearn.IsPresent)
            {
                ScikitLearn.WriteSets(folder, libraries);
            }
            else
            {
                Console.WriteLine("scikit-learn is skipped: /usr/bin/python3 has no sklearn; install python3-sklearn.");
            }

            var rows = new List<(AccuracySet Set, List<(string Name, AccuracyScore Score)> Scores)>();
            foreach (AccuracySet set in AccuracySets.All(data, more, folder).Where(set => only.Length == 0 || only.Contains(set.Name)).ToArray())
            {
                rows.Add((set, Compare(set, folder, comparing)));
                Console.Error.WriteLine($"{set.Name}: {string.Join(", ", rows[^1].Scores.Select(score => Text($"{score.Name} {score.Score.Accuracy:F3} {score.Score.LogLoss:F3} {score.Score.Seconds:F2} s")))}");
            }

            Print("accuracy", rows, score => score.Accuracy, highest: true, "F3");
            Print("log loss", rows, score => score.LogLoss, highest: false, "F3");
            Print("seconds", rows, score => score.Seconds, highest: false, "F2");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<(string Name, AccuracyScore Score)> Compare(AccuracySet set, string folder, Comparing comparing)
    {
        LabelledTable table = set.Table;
        (int[] Training, int[] Test)[] splits = [.. Enumerable.Range(1, comparing.Splits).Select(seed => StratifiedSplit.Of(table.Labels, table.Classes.Count, TestShare, new Xoshiro256((ulong)seed)))];
        splits = [.. splits.Select(split => (split.Training.Order().ToArray(), split.Test.Order().ToArray()))];
        set.Write(folder, [.. splits.Select(split => split.Test)]);
        var scores = new List<(string, AccuracyScore)>();
        if (ScikitLearn.IsPresent)
        {
            scores.AddRange(ScikitLearn.Scores(folder, set.Name, comparing.Keep is null ? null : Path.Combine(comparing.Keep, $"{set.Name}.{comparing.Splits}.csv")).Select(learner => (learner.Key, AccuracyScore.Mean(learner.Value))));
        }

        foreach (AccuracyContender contender in contenders.Where(contender => comparing.Ours.Length == 0 || comparing.Ours.Contains(contender.Name)))
        {
            scores.Add((contender.Name, AccuracyScore.Mean([.. splits.Select(split =>
            {
                long start = Stopwatch.GetTimestamp();
                (double[] Probabilities, int Called)[] answers = contender.Answers(table, split.Training, split.Test);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                return AccuracyScore.Of(answers, Array.ConvertAll(split.Test, row => table.Labels[row]), seconds);
            })])));
        }

        return scores;
    }

    private static void Print(string what, List<(AccuracySet Set, List<(string Name, AccuracyScore Score)> Scores)> rows, Func<AccuracyScore, double> value, bool highest, string format)
    {
        string[] names = [.. rows[0].Scores.Select(score => score.Name)];
        Console.WriteLine();
        Console.WriteLine($"| {what} | rows, features, classes | {string.Join(" | ", names)} |");
        Console.WriteLine($"|---|---|{string.Concat(names.Select(_ => "--:|"))}");
        foreach ((AccuracySet set, List<(string Name, AccuracyScore Score)> scores) in rows)
        {
            double[] values = [.. scores.Select(score => value(score.Score))];
            double best = highest ? values.Max() : values.Min();
            string[] cells = Array.ConvertAll(values, cell => cell == best ? "**" + cell.ToString(format, CultureInfo.InvariantCulture) + "**" : cell.ToString(format, CultureInfo.InvariantCulture));
            Console.WriteLine(Text($"| {set.Name} | {set.Table.Labels.Length}, {set.Table.Names.Count}, {set.Table.Classes.Count} | {string.Join(" | ", cells)} |"));
        }

        Console.WriteLine($"| mean | | {string.Join(" | ", names.Select((_, i) => rows.Average(row => value(row.Scores[i].Score)).ToString(format, CultureInfo.InvariantCulture)))} |");
    }

    private sealed record Comparing(int Splits, string[] Ours, string? Keep);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
