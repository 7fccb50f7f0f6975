using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>
/// Tries learners by cross-validation and takes the smallest model that is as good as the best: its loss within one standard error of the
/// difference, row by row, its accuracy within <see cref="AccuracyGiven"/> and its log loss within <see cref="LogLossGiven"/> (the rule of one standard error: Breiman, Friedman, Olshen and
/// Stone, "Classification and regression trees", 1984; on the same rows the difference is known better than either loss). The same rows,
/// options and seed give the same bits: work is counted, never timed.
/// </summary>
internal static class ModelSearch
{
    /// <summary>Accuracy that may be given for a smaller file.</summary>
    internal const double AccuracyGiven = 0.002;

    /// <summary>The share of the best's log loss that may be given for a smaller file: with few rows one standard error is a large part of it.</summary>
    internal const double LogLossGiven = 0.02;

    // Nats that are given in any case: of a log loss near 0 a share is nothing.
    private const double LogLossSlack = 0.002;

    // Of fewer rows each fold is a matter of chance; of more, one division says enough.
    private const int FewRows = 400;
    private const int ManyRows = 5_000;
    private const int FewFolds = 3;
    private const int UsualFolds = 5;
    private const int Repeats = 3;

    // Rows that candidates are compared on.
    private const int SearchRows = 20_000;

    // Rows that size and time are estimated with.
    private const int SampleRows = 200;

    /// <summary>Searches.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="catalogue">What is tried, and the committees that are made of it.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the share of the work that is done, and what is under way.</param>
    /// <param name="cancellation">Stops soon.</param>
    /// <exception cref="InputException">The table cannot be learned from, or no candidate fits the budget.</exception>
    /// <exception cref="OperationCanceledException">The work was asked to stop.</exception>
    internal static SearchResult Run(LabelledTable table, CandidateCatalogue catalogue, SearchOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        Trainer.CheckTable(table);
        int classes = table.Classes.Count;
        LabelledTable whole = table;
        (table, options) = Sample(table, options);
        Fold[] folds = LearnableFolds.Of(Divide(table, options), table, options);
        double[]? weights = options.BalancesClasses ? ClassWeights.Balanced(table.Labels, classes) : null;
        (IReadOnlyList<Candidate> tried, IReadOnlyList<Candidate> leftOut) = catalogue.Within(options, folds, table.Names.Count, classes);
        long all = tried.Sum(candidate => Work(candidate, folds, table.Names.Count, classes)) + 1;
        long done = 0;
        var given = new Dictionary<ILearner, (OutOfFold Given, IFittedClassifier First)>();
        var results = new List<CandidateResult>();
        foreach (Candidate candidate in tried)
        {
            cancellation.ThrowIfCancellationRequested();
            if (results.Count > 0 && options.IsOver())
            {
                leftOut = [.. leftOut, candidate];
                continue;
            }

            foreach (ILearner learner in candidate.Learners.Where(learner => !given.ContainsKey(learner)))
            {
                IFittedClassifier? first = null;
                long share = Work(candidate, folds, table.Names.Count, classes) / folds.Length;
                var judged = OutOfFold.Of(learner, table, folds, weights, options.Seed, (fold, fitted) =>
                {
                    if (fold == 0)
                    {
                        first = fitted;
                    }

                    long now = Interlocked.Add(ref done, share);
                    progress?.Report(Math.Min(1, (double)now / all));
                }, cancellation);
                given[learner] = (judged, first!);
            }

            (OutOfFold Given, IFittedClassifier First)[] members = [.. candidate.Learners.Select(learner => given[learner])];
            CandidateScore score = CandidateScore.Of(table.Labels, classes, members.Length == 1 ? members[0].Given : OutOfFold.Mean([.. members.Select(member => member.Given)]));
            IFittedClassifier fitted = members.Length == 1 ? members[0].First : new Committee([.. members.Select(member => member.First)]);
            results.Add(Measured(candidate, score, fitted, table, options));
        }

        return Choose(whole, [.. results], leftOut, folds.Length, weights, options, cancellation);
    }

    private static SearchResult Choose(LabelledTable table, CandidateResult[] results, IReadOnlyList<Candidate> leftOut, int folds, double[]? weights, SearchOptions options, CancellationToken cancellation)
    {
        CandidateResult best = results.Where(result => result.Refused is null).MinBy(result => result.Score.Loss)
            ?? throw new InputException(NothingFits(results, options.Budget!));
        results = [.. results.Select(result => result with { ToBest = PairedDifference.Of(result.Score.Losses, best.Score.Losses) }).OrderBy(result => result.Score.Loss)];
        CandidateResult chosen = results
            .Where(result => result.Refused is null && result.ToBest.Mean <= result.ToBest.Error && result.Score.Accuracy >= best.Score.Accuracy - AccuracyGiven
                && result.Score.LogLoss <= (best.Score.LogLoss * (1 + LogLossGiven)) + LogLossSlack)
            .MinBy(result => result.Bytes)!;
        IFittedClassifier[] members = [.. chosen.Candidate.Learners.Select(learner => learner.Fit(table, [.. Enumerable.Range(0, table.Rows.Count)], weights, options.Seed, null, cancellation))];
        var found = new SearchResult(table, chosen, best, results, leftOut, folds, members.Length == 1 ? members[0] : new Committee(members), Baseline(table));
        return table.Classes.Count == 2 ? Tuned(found) : found;
    }

    // Each threshold that is tried is one more chance to be lucky, so that a gain has to be larger than its error.
    private static SearchResult Tuned(SearchResult found)
    {
        CandidateScore score = found.Chosen.Score;
        if (score.Labels.Distinct().Count() < 2)
        {
            return found;
        }

        if (score.Threshold is { } tunedForRare)
        {
            return found with { Threshold = tunedForRare, Objective = new ThresholdObjective(ThresholdGoal.F1) };
        }

        float[] probabilities = Array.ConvertAll(score.Probabilities, p => p[1]);
        var objective = new ThresholdObjective(ThresholdGoal.Cost, 1);
        (float threshold, _) = ThresholdTuner.Tune(score.Labels, probabilities, objective);
        double[] tuned = [.. probabilities.Select((p, i) => (p >= threshold ? 1 : 0) == score.Labels[i] ? 0.0 : 1)];
        double[] usual = [.. probabilities.Select((p, i) => (p >= 0.5f ? 1 : 0) == score.Labels[i] ? 0.0 : 1)];
        PairedDifference gain = score.Difference(usual, tuned);
        return gain.Mean > 2 * gain.Error ? found with { Threshold = threshold, Objective = objective } : found;
    }

    // Candidates are told apart by fewer rows than a model is worth being fitted to.
    private static (LabelledTable Table, SearchOptions Options) Sample(LabelledTable table, SearchOptions options)
    {
        if (table.Rows.Count <= SearchRows)
        {
            return (table, options);
        }

        (int[] rest, int[] rows) = StratifiedSplit.Of(table.Labels, table.Classes.Count, (double)SearchRows / table.Rows.Count, new Xoshiro256(options.Seed));

        // Of a class so rare that its share is less than two rows, which can be neither learned nor judged, as many as there are folds.
        int[] few = [.. Enumerable.Range(0, table.Classes.Count).Where(c => rows.Count(row => table.Labels[row] == c) < 2)];
        rows = [.. rows.Concat(few.SelectMany(c => rest.Where(row => table.Labels[row] == c).Take(UsualFolds))).Order()];
        T[]? Of<T>(T[]? all) => all is null ? null : Array.ConvertAll(rows, row => all[row]);
        return (
            table with { Rows = [.. rows.Select(row => table.Rows[row])], Labels = Of(table.Labels)!, Spans = Of(table.Spans) },
            options with { Groups = Of(options.Groups), Times = Of(options.Times), Spans = Of(options.Spans) });
    }

    private static Fold[] Divide(LabelledTable table, SearchOptions options)
    {
        int rows = table.Rows.Count;
        int smallest = Enumerable.Range(0, table.Classes.Count).Min(c => table.Labels.Count(label => label == c));
        int count = rows > ManyRows ? FewFolds : UsualFolds;
        if (options.Times is { } times)
        {
            return times.Distinct().Count() >= 2
                ? Folds.Forward(times, count)
                : throw new InputException("All rows are of one time, so that none comes before another; omit --time or name another column.");
        }

        if (options.Groups is { } groups)
        {
            int different = groups.Distinct().Count();
            return different >= 2
                ? Folds.Grouped(groups, Math.Min(count, different), options.Seed)
                : throw new InputException("All rows are of one group, so that no group is left to judge on; omit --group or name another column.");
        }

        if (smallest < 2)
        {
            string rare = table.Classes[Enumerable.Range(0, table.Classes.Count).MinBy(c => table.Labels.Count(label => label == c))];
            throw new InputException($"The class '{rare}' has one row, so that it cannot be both learned and judged; add rows of it, or leave it out.");
        }

        if (options.Spans is { } spans)
        {
            (Fold[] folds, string said) = StretchFolds.Of(spans, table.Labels, table.Classes.Count, count, options.Seed);
            Notices.Say(said);
            return folds;
        }

        return Folds.Stratified(table.Labels, table.Classes.Count, Math.Min(count, Math.Max(2, smallest)), rows < FewRows ? Repeats : 1, options.Seed);
    }

    private static CandidateResult Measured(Candidate candidate, CandidateScore score, IFittedClassifier fitted, LabelledTable table, SearchOptions options)
    {
        Graph graph = GraphOptimizer.Optimize(fitted.ToGraph());
        if (options.Precision is { } precision and not Precision.Float32)
        {
            float[][] rows = [.. table.Rows.Where((_, i) => i % Math.Max(1, table.Rows.Count / SampleRows) == 0)];
            graph = Quantizer.Quantize(PreparedGraph.From(graph, rows, false), _ => precision, new QuantizationOptions());
        }

        byte[] file = ModelWriter.Write(graph, FileParts.TensorNames | FileParts.SelfTest);
        NanoForm form = NanoCost.Of(file).Table;
        NanoBoard board = options.Budget?.Board ?? NanoBoard.Esp32;
        double milliseconds = board.Milliseconds(form.Instructions);
        return new CandidateResult(candidate, score, file, milliseconds, form.RamBytes) { Refused = options.Budget?.Obstacle(file.Length, milliseconds) };
    }

    private static double Baseline(LabelledTable table) =>
        (double)Enumerable.Range(0, table.Classes.Count).Max(c => table.Labels.Count(label => label == c)) / table.Labels.Length;

    private static long Work(Candidate candidate, Fold[] folds, int features, int classes) =>
        candidate.Learners.Sum(learner => folds.Sum(fold => learner.Work(fold.Training.Length, features, classes)));

    private static string NothingFits(CandidateResult[] results, DeviceBudget budget)
    {
        CandidateResult smallest = results.MinBy(result => result.Bytes)!;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"No candidate fits --budget: the smallest takes {smallest.Bytes:N0} bytes and {smallest.Milliseconds:0.###} ms on {budget.Board.Name}; allow more, or leave columns out with --ignore.");
    }
}
