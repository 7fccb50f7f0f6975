using System.Diagnostics;
using System.Globalization;
using EdgeInference.ModelTraining.Search;
using EdgeInference.Runtime;
using Spectre.Console;

namespace EdgeInference.Tool.Commands.Search;

/// <summary>Prints what a search tried and what it chose.</summary>
internal static class SearchPrinter
{
    private const int Timings = 200;

    private const double ChanceAuc = 0.5;
    private const double LittleAuc = 0.05;

    /// <summary>The table of candidates, and why one was chosen.</summary>
    internal static void Print(SearchResult found, string? label)
    {
        bool isBinary = found.Table.Classes.Count == 2;
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        foreach (string head in (string[])["candidate", "settings", "accuracy", "balanced", "log loss", .. isBinary ? ["AUC", "avg. prec."] : Array.Empty<string>(), "bytes", "µs here", "ms ESP32", ""])
        {
            table.AddColumn(head);
        }

        string[] empty = [.. Enumerable.Repeat("", isBinary ? 6 : 4)];
        table.AddRow(["baseline", "the most frequent class", Number(found.BaselineAccuracy), Number(1.0 / found.Table.Classes.Count), .. empty, ""]);
        foreach (CandidateResult result in found.Candidates)
        {
            CandidateScore score = result.Score;
            string mark = ReferenceEquals(result.Candidate, found.Chosen.Candidate) ? "chosen" : result.Refused is { } refused ? "over budget: " + refused : ReferenceEquals(result.Candidate, found.Best.Candidate) ? "best" : "";
            table.AddRow(
            [
                Markup.Escape(result.Candidate.Name), Markup.Escape(result.Candidate.Settings),
                $"{Number(score.Accuracy)} ± {Number(score.AccuracyError)}", Number(score.BalancedAccuracy), Number(score.LogLoss),
                .. isBinary ? [Number(score.Auc), Number(score.AveragePrecision)] : Array.Empty<string>(),
                result.Bytes.ToString("N0", CultureInfo.InvariantCulture), Microseconds(result.File, found.Table.Rows[0]), result.Milliseconds?.ToString("0.###", CultureInfo.InvariantCulture) ?? "", mark,
            ]);
        }

        Terminal.Console.Write(table);
        foreach (string line in Lines(found, label))
        {
            Terminal.Notes.WriteLine(line);
        }
    }

    /// <summary>What was chosen and how good it is, a sentence each.</summary>
    internal static IEnumerable<string> Lines(SearchResult found, string? label)
    {
        CandidateScore score = found.Chosen.Score;
        string why = ReferenceEquals(found.Chosen.Candidate, found.Best.Candidate)
            ? "the best"
            : $"the smallest within one standard error of the best, {found.Best.Candidate.Name} ({found.Best.Candidate.Settings})";
        yield return $"Chosen: {found.Chosen.Candidate.Name} ({found.Chosen.Candidate.Settings}), {why}; refitted to all {found.Table.Rows.Count} rows.";
        yield return $"On rows it was not fitted to ({found.Folds} folds): accuracy {Number(score.Accuracy)} ± {Number(score.AccuracyError)}, log loss {Number(score.LogLoss)}; always the most frequent class: {Number(found.BaselineAccuracy)}.";
        if (score.Threshold is null ? score.Accuracy - found.BaselineAccuracy <= score.AccuracyError : score.Auc - ChanceAuc <= LittleAuc)
        {
            yield return $"This is no better than chance or always deciding for the most frequent class: the columns say little about {(label is null ? "the label" : $"'{label}'")}. Record other quantities, or more rows.";
        }

        if (Rare(found) is { } rare)
        {
            yield return rare;
        }

        if (found.LeftOut.Count > 0)
        {
            yield return $"{found.LeftOut.Count} candidates were not tried within the work allowed: {string.Join("; ", found.LeftOut.Select(candidate => $"{candidate.Name} ({candidate.Settings})"))}. Allow more with --work.";
        }
    }

    private static string? Rare(SearchResult found)
    {
        CandidateScore score = found.Chosen.Score;
        int rarest = Enumerable.Range(0, found.Table.Classes.Count).MinBy(c => found.Table.Labels.Count(l => l == c));
        int count = found.Table.Labels.Count(l => l == rarest);
        if (count * found.Table.Classes.Count * 2 > found.Table.Labels.Length)
        {
            return null;
        }

        float threshold = found.Threshold ?? 0.5f;
        int Called(float[] p) => p.Length == 2 ? (p[1] >= threshold ? 1 : 0) : CandidateScore.Called(p);
        int[] called = Array.ConvertAll(score.Probabilities, Called);

        // A row that several divisions judged counts once.
        int Rows(Func<int, bool> isOne) => (int)Math.Round((double)Enumerable.Range(0, called.Length).Count(isOne) * score.Rows / called.Length);
        int all = Rows(i => score.Labels[i] == rarest);
        int right = Rows(i => called[i] == rarest && score.Labels[i] == rarest);
        int alarms = Rows(i => called[i] == rarest && score.Labels[i] != rarest);
        string text = found.Table.Classes[rarest];
        string tuned = found.Threshold is { } t ? string.Create(CultureInfo.InvariantCulture, $" The threshold is {t:0.0000}, tuned out of fold for {found.Objective}; another balance: --threshold auto --objective cost:R or recall:R.") : "";
        string weak = right * 2 < all ? $" Most rows of '{text}' are missed: more of them are needed." : "";
        return $"Classes are unequal: '{text}' has {count} of {found.Table.Labels.Length} rows, so look at the balanced accuracy, {Number(score.BalancedAccuracy)}. Out of fold {right} of {all} rows of '{text}' were found, with {alarms} false alarms.{tuned}{weak}";
    }

    // Shown, never used for the choice.
    private static string Microseconds(byte[] file, float[] row)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        var output = new float[model.OutputLength];
        session.Run(row, output);
        double best = double.PositiveInfinity;
        for (int round = 0; round < 3; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Timings; i++)
            {
                session.Run(row, output);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Timings);
        }

        return best.ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "";
}
