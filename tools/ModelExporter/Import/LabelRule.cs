using System.Globalization;
using ModelExporter.Graphs;
using ModelFormat;

namespace ModelExporter.Import;

/// <summary>
/// The rule on a classifier's scores or probabilities that gives the label which the source graph writes beside them. It is found by
/// running both outputs on rows that are made here, whatever operators compute them.
/// </summary>
/// <param name="Role">What the scores are.</param>
/// <param name="Threshold">Class 1 of two from here on; null for more than two classes.</param>
/// <param name="Change">What makes the highest score that of the label.</param>
/// <param name="Others">Rows whose label is another class than the rule's.</param>
/// <param name="Rows">Rows that were compared.</param>
internal sealed record LabelRule(OutputRole Role, float? Threshold, LabelChange Change, int Others, int Rows)
{
    /// <summary>"Above 0", as scikit-learn and ONNX Runtime decide on a score: a score of 0 is class 0.</summary>
    internal const float AboveZero = 1.17549435e-38f;

    /// <summary>"Above one half": of two equal probabilities the first class wins, as in every framework's argmax.</summary>
    internal static readonly float AboveHalf = MathF.BitIncrement(DecisionMetadata.DefaultThreshold);

    private const float SumTolerance = 1e-4f;

    /// <summary>Finds the rule.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="index">The tensor that holds the number of the class.</param>
    /// <param name="scores">The tensor that decides: one value for two classes, or one for each class.</param>
    /// <param name="role">What its operators say it is.</param>
    /// <returns>The rule, or null where the label does not follow from the scores.</returns>
    internal static LabelRule? Find(Graph graph, Value index, Value scores, OutputRole role)
    {
        int width = scores.Elements;
        using LabelProbe? probe = LabelProbe.Create(graph, index, scores, Math.Max(width, 2));
        if (probe is null)
        {
            return null;
        }

        bool areShares = width >= 2 && probe.Scores.TrueForAll(AreShares) && probe.Scores.Exists(row => row[0] != probe.Scores[0][0]);
        OutputRole meaning = role == OutputRole.Probability || areShares ? OutputRole.Probability : role == OutputRole.Logit ? role : OutputRole.Score;
        if (width > 2)
        {
            int others = Enumerable.Range(0, probe.Labels.Count).Count(i => Highest(probe.Scores[i]) != probe.Labels[i]);
            return others == 0 || meaning == OutputRole.Probability ? new LabelRule(meaning, null, LabelChange.None, others, probe.Labels.Count) : null;
        }

        bool mirrored = width == 1 || meaning == OutputRole.Probability || probe.Scores.TrueForAll(row => row[0] == -row[1]);
        LabelChange keep = mirrored ? LabelChange.None : LabelChange.Difference;
        (float low, float high) = probe.Bounds(row => mirrored ? row[^1] : row[1] - row[0]);
        if (meaning == OutputRole.Probability)
        {
            float above = AboveHalf + TieError(graph);
            float threshold = low < above && above <= high ? above : low < DecisionMetadata.DefaultThreshold && DecisionMetadata.DefaultThreshold <= high ? DecisionMetadata.DefaultThreshold : high;
            bool divides = low < high && high is > 0 and < 1;
            return divides
                ? new LabelRule(meaning, threshold, LabelChange.None, 0, probe.Labels.Count)
                : new LabelRule(meaning, above, LabelChange.None, probe.Labels.Where((label, i) => label != (probe.Scores[i][^1] >= above ? 1 : 0)).Count(), probe.Labels.Count);
        }

        // A probability in one column cannot be told from a score by its values alone.
        if (role == OutputRole.Unknown && width == 1 && probe.Scores.TrueForAll(row => row[0] is >= 0 and <= 1))
        {
            return null;
        }

        if (low < high && low < AboveZero && high >= 0)
        {
            return new LabelRule(meaning, high >= AboveZero ? AboveZero : 0f, keep, 0, probe.Labels.Count);
        }

        (low, high) = probe.Bounds(row => mirrored ? -row[^1] : row[0] - row[1]);
        return mirrored && low < high && low < AboveZero && high >= 0
            ? new LabelRule(meaning, high >= AboveZero ? AboveZero : 0f, LabelChange.Negation, 0, probe.Labels.Count)
            : null;
    }

    // Where trees vote, one half is a sum of many shares in float32.
    private static float TieError(Graph graph) => graph.Nodes.Where(node => node.Opcode == Opcode.TreeEnsemble).Sum(node => node.Input(3).Elements) / (float)(1 << 25);

    private static bool AreShares(float[] row) => Array.TrueForAll(row, value => value is >= 0f and <= 1f + SumTolerance) && Math.Abs(row.Sum() - 1f) <= SumTolerance;

    private static int Highest(float[] row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
        {
            best = row[i] > row[best] ? i : best;
        }

        return best;
    }

    /// <summary>A number as scikit-learn writes a class.</summary>
    internal static string ClassText(float number) => number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>What makes the highest score that of the label.</summary>
internal enum LabelChange
{
    /// <summary>Nothing: it is.</summary>
    None,

    /// <summary>Each score less the other one.</summary>
    Difference,

    /// <summary>Each score with the other sign.</summary>
    Negation,
}
