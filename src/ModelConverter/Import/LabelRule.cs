using System.Globalization;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

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

    // Shares of large exponents add up to 1 as well as float32 can hold those.
    private const float SumTolerance = 1e-2f;
    private const float UsualTolerance = 1e-4f;

    // Where two classes are as good as equal the last bits decide, in the source too.
    private const float NearTie = 1e-3f;

    /// <summary>Finds the rule.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="index">The tensor that holds the number of the class.</param>
    /// <param name="scores">The tensor that decides: one value for two classes, or one for each class.</param>
    /// <param name="role">What its operators say it is.</param>
    /// <returns>The rule, or null if the label does not follow from the scores.</returns>
    internal static LabelRule? Find(Graph graph, Value index, Value scores, OutputRole role)
    {
        int width = scores.Elements;
        using LabelProbe? probe = LabelProbe.Create(graph, index, scores, Math.Max(width, 2));
        if (probe is null)
        {
            return null;
        }

        bool areShares = width >= 2 && probe.Scores.TrueForAll(row => AreShares(row, SumTolerance))
            && probe.Scores.FindAll(row => AreShares(row, UsualTolerance)).Count > probe.Scores.Count / 2
            && probe.Scores.Exists(row => row[0] != probe.Scores[0][0]);
        OutputRole meaning = role == OutputRole.Probability || areShares ? OutputRole.Probability : role == OutputRole.Logit ? role : OutputRole.Score;
        if (width > 2)
        {
            int others = Enumerable.Range(0, probe.Labels.Count).Count(i => Highest(probe.Scores[i]) != probe.Labels[i] && Lead(probe.Scores[i]) > NearTie * probe.Scores[i].Max(Math.Abs));
            return others == 0 || meaning == OutputRole.Probability ? new LabelRule(meaning, null, LabelChange.None, others, probe.Labels.Count) : null;
        }

        return meaning == OutputRole.Probability ? OfProbability(graph, probe) : OfScore(graph, index, scores, probe, meaning, role);
    }

    /// <summary>A number as scikit-learn writes a class.</summary>
    internal static string ClassText(float number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static LabelRule OfProbability(Graph graph, LabelProbe probe)
    {
        float error = TieError(graph);

        // Two columns decide by the higher one at one half, the first of equals.
        float above = probe.Scores[0].Length == 2 && error == 0f ? DecisionMetadata.DefaultThreshold : AboveHalf + error;
        (float low, float high) = probe.Bounds(row => row[^1]);
        int others = Enumerable.Range(0, probe.Labels.Count).Count(i => probe.Labels[i] != (probe.Scores[i][^1] >= above ? 1 : 0) && Math.Abs(probe.Scores[i][^1] - above) > NearTie);

        // A flat calibration gives the same float32 on both sides of where its score is 0.
        bool divides = low <= high + (1e-5f * high) && high is > 0 and < 1;
        float between = low < high ? high : MathF.BitIncrement(low);
        return others == 0 ? new LabelRule(OutputRole.Probability, low < DecisionMetadata.DefaultThreshold && high == DecisionMetadata.DefaultThreshold ? high : above, LabelChange.None, 0, probe.Labels.Count)
            : divides ? new LabelRule(OutputRole.Probability, between, LabelChange.None, 0, probe.Labels.Count)
            : new LabelRule(OutputRole.Probability, above, LabelChange.None, others, probe.Labels.Count);
    }

    private static LabelRule? OfScore(Graph graph, Value index, Value scores, LabelProbe probe, OutputRole meaning, OutputRole role)
    {
        int width = probe.Scores[0].Length;
        float start = IsVote(graph, index) ? 0f : AboveZero;
        bool mirrored = width == 1 || probe.Scores.TrueForAll(row => row[0] == -row[1]);

        // A probability in one column cannot be told from a score by its values alone.
        if (role == OutputRole.Unknown && width == 1 && probe.Scores.TrueForAll(row => row[0] is >= 0 and <= 1))
        {
            return null;
        }

        (float low, float high) = probe.Bounds(row => mirrored ? row[^1] : row[1] - row[0]);
        if (low < start && start <= high)
        {
            return new LabelRule(meaning, start, mirrored ? LabelChange.None : LabelChange.Difference, 0, probe.Labels.Count);
        }

        if (width == 1 && low < high && LabelThreshold.Find(graph, index, scores) is { } threshold && low < threshold && threshold <= high)
        {
            return new LabelRule(meaning, threshold, threshold is >= 0f and <= 1f ? LabelChange.None : LabelChange.Shift, 0, probe.Labels.Count);
        }

        (low, high) = probe.Bounds(row => -row[^1]);
        return mirrored && low < start && start <= high ? new LabelRule(meaning, start, LabelChange.Negation, 0, probe.Labels.Count) : null;
    }

    // A support vector classifier votes for the first class above 0, and so for the second at 0.
    private static bool IsVote(Graph graph, Value index)
    {
        Value value = index;
        while (graph.Producer(value) is { Opcode: Opcode.Reshape } reshape)
        {
            value = reshape.Input(0);
        }

        return graph.Producer(value) is { Opcode: Opcode.ArgReduce } best && graph.Producer(best.Input(0)) is { Opcode: Opcode.Dense } votes && graph.Producer(votes.Input(0)) is { Opcode: Opcode.Binary };
    }

    /// <summary>How far from one half a tie may be: where trees vote it is a sum of many shares in float32.</summary>
    internal static float TieError(Graph graph) => graph.Nodes.Where(node => node.Opcode == Opcode.TreeEnsemble).Sum(Forest.CountTrees) / (float)(1 << 25);

    private static bool AreShares(float[] row, float tolerance) => Array.TrueForAll(row, value => value >= 0f && value <= 1f + tolerance) && Math.Abs(row.Sum() - 1f) <= tolerance;

    private static float Lead(float[] row)
    {
        float[] sorted = [.. row.OrderDescending()];
        return sorted[0] - sorted[1];
    }

    private static int Highest(float[] row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
        {
            best = row[i] > row[best] ? i : best;
        }

        return best;
    }
}
