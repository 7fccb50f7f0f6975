using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Report;

/// <summary>A row that the model decides wrongly.</summary>
/// <param name="Row">Position among the data's rows, from 1.</param>
/// <param name="True">Its class.</param>
/// <param name="Called">The class decided for.</param>
/// <param name="Probability">The probability given to the class decided for.</param>
/// <param name="Reasons">The features that moved it most; none where the model is too large to run that often.</param>
internal sealed record Mistake(int Row, int True, int Called, float Probability, IReadOnlyList<RowReason> Reasons);

/// <summary>What decides, what is decided wrongly and how sure the figures are.</summary>
/// <param name="Importance">The importance of each feature; empty where the model is too large to run that often.</param>
/// <param name="Mistakes">The surest mistakes, the surest first.</param>
/// <param name="MistakeCount">All mistakes.</param>
/// <param name="Accuracy">95 % interval of the accuracy.</param>
/// <param name="LogLoss">95 % interval of the log loss.</param>
/// <param name="Area">95 % interval of the area under the ROC curve; null where there is none.</param>
/// <param name="Costs">Costs by ratio; empty for more than two classes.</param>
/// <param name="Drift">Drift of each feature; empty where the file has no input statistics.</param>
internal sealed record QualityStudy(
    IReadOnlyList<FeatureImportance> Importance, IReadOnlyList<Mistake> Mistakes, int MistakeCount, ConfidenceInterval Accuracy, ConfidenceInterval LogLoss, ConfidenceInterval? Area,
    IReadOnlyList<CostPoint> Costs, IReadOnlyList<FeatureDrift> Drift)
{
    // Enough to rank features by, and each is run several times for each feature.
    private const int MostRows = 1_000;
    private const int MostRuns = 2_000_000;
    // Steps of docs/model-format.md that importance and reasons may each take: some ten seconds.
    private const long MostSteps = 1L << 36;
    private const int LeastRows = 10;
    private const int Shuffles = PermutationImportance.Shuffles;
    private const int ShownMistakes = 20;
    private const int ShownReasons = 3;

    private static readonly double[] ratios = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

    /// <summary>Rows that importance was measured on.</summary>
    public int ImportanceRows { get; init; }

    /// <summary>Studies a model on its data.</summary>
    /// <param name="facts">The model and its data.</param>
    /// <param name="ratio">A ratio of costs to add to the usual ones, or null.</param>
    internal static QualityStudy Of(ReportFacts facts, double? ratio)
    {
        LabelledTable table = facts.Table;
        DecisionRule rule = ModelRule.Of(facts.Model);
        RowDecision[] decided = Array.ConvertAll(facts.Outputs, output => RowDecision.Of(rule, output));
        int features = table.Rows[0].Length;
        bool isCheap = IsCheapEnough(facts.Model, features, table.Rows.Count);
        int count = !isCheap ? 0 : (int)Math.Clamp(Runs(facts.Model) / Math.Max(1, features * Shuffles), Math.Min(LeastRows, table.Rows.Count), Math.Min(MostRows, table.Rows.Count));
        using var runs = new ReportRuns(facts.Model, features * Shuffles * count);
        RowDecision[] Decide(IReadOnlyList<float[]> rows) => Array.ConvertAll(runs.Outputs(rows), output => RowDecision.Of(rule, output));
        int[] some = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * table.Rows.Count / count))];
        int[] labels = Array.ConvertAll(some, row => table.Labels[row]);
        FeatureImportance[] importance = !isCheap ? [] : PermutationImportance.Of([.. some.Select(row => table.Rows[row])], labels, rows => [.. Decide(rows).Select((row, i) => (row.Values[labels[i % count]], row.Called == labels[i % count]))], runs.Together(count));
        float[] usual = RowReasons.Usual(table.Rows, ModelColumns.Of(facts.Model).Categories);
        int[] wrong = [.. Enumerable.Range(0, decided.Length).Where(row => decided[row].Called != table.Labels[row])];
        Mistake[] mistakes = [.. wrong.OrderByDescending(row => Given(decided[row])).Take(ShownMistakes).Select(row =>
        {
            int truth = table.Labels[row];
            RowReason[] reasons = !isCheap ? [] : RowReasons.Of(table.Rows[row], usual, ShownReasons, rows => Array.ConvertAll(Decide(rows), tried => tried.Values[truth]));
            return new Mistake(row + 1, truth, decided[row].Called, Given(decided[row]), reasons);
        })];
        int right = decided.Length - wrong.Length;
        int ones = table.Labels.Count(label => label == 1);
        bool hasBoth = facts.IsBinary && ones > 0 && ones < table.Labels.Length;
        return new QualityStudy(
            importance,
            mistakes,
            wrong.Length,
            ConfidenceInterval.OfShare(right, decided.Length),
            AboveZero(ConfidenceInterval.OfMean([.. decided.Select((row, i) => -Math.Log(Math.Clamp((double)row.Values[table.Labels[i]], BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip)))])),
            hasBoth ? ConfidenceInterval.OfArea(facts.Evaluation.Auc!.Value, ones, table.Labels.Length - ones) : null,
            hasBoth ? CostPoint.Of(table.Labels, facts.Positive, facts.Evaluation.Threshold!.Value, ratios.Concat(ratio is { } given && !ratios.Contains(given) ? [given] : []).Order()) : [],
            FeatureDrift.Of(Statistics(facts.Model), ModelColumns.Of(facts.Model).Categories, table.Rows))
        {
            ImportanceRows = count,
        };
    }

    /// <summary>Whether a model can be run for the importance of each of its features.</summary>
    internal static bool IsCheapEnough(EdgeModel model, int features, int rows) => Runs(model) >= (long)features * Shuffles * Math.Min(LeastRows, rows);

    private static long Runs(EdgeModel model) => Math.Min(MostRuns, MostSteps / Math.Max(1, model.File.Operators.Sum(record => OperatorSteps.Of(record, model.File.Bytes))));

    // A loss is never below 0; the normal distribution of few rows is.
    private static ConfidenceInterval AboveZero(ConfidenceInterval interval) => new(Math.Max(0, interval.Low), interval.High);

    // What the file says of its training rows; else what its guard against unlike inputs says.
    private static FeatureStatistics[] Statistics(EdgeModel model)
    {
        FeatureStatistics[] known = FeatureStatistics.Read(model.File);
        float[] guard = model.File.Metadata.Floats(MetadataKey.InputStatistics);
        return known.Length > 0 || guard.Length != 4 * model.InputLength
            ? known
            : [.. guard.Chunk(4).Select(value => new FeatureStatistics(value[0], value[1], value[2], value[3], null, []))];
    }

    private static float Given(RowDecision decided) => decided.Called < 0 ? float.NaN : decided.Values[decided.Called];
}
