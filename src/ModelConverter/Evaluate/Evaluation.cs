using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How well a model decides on labelled rows, and how far it is from another.</summary>
internal sealed record Evaluation
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Share of rows decided rightly.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Area under the ROC curve; null for more than two classes.</summary>
    public double? Auc { get; init; }

    /// <summary>Mean negative log of the right class's probability, in nats; null for scores, which are not probabilities.</summary>
    public required double? LogLoss { get; init; }

    /// <summary>Mean squared error of the probability; null for more than two classes.</summary>
    public double? Brier { get; init; }

    /// <summary>Threshold on the probability of class 1; null for more than two classes.</summary>
    public float? Threshold { get; init; }

    /// <summary>Rows by true class and decided class.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>The texts of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Largest difference of an output to the other model's; null without one.</summary>
    public double? WorstDeviation { get; init; }

    /// <summary>Share of rows on which both models decide alike; null without another.</summary>
    public double? Agreement { get; init; }

    /// <summary>The class that each row was decided for.</summary>
    internal IReadOnlyList<int> Called { get; init; } = [];

    /// <summary>Evaluates probabilities.</summary>
    /// <param name="table">The rows' labels and classes.</param>
    /// <param name="outputs">For each row one probability, that of class 1, or one for each class.</param>
    /// <param name="threshold">Threshold of a binary classifier.</param>
    /// <param name="other">The other model's outputs, or null.</param>
    /// <exception cref="InputException">The outputs do not fit the labels.</exception>
    public static Evaluation Of(LabelledTable table, IReadOnlyList<float[]> outputs, float threshold, IReadOnlyList<float[]>? other = null) =>
        Of(table, outputs, new DecisionRule(OutputRole.Probability, threshold, outputs[0].Length), other);

    /// <summary>Evaluates outputs by the rule that the classifiers decide by; rows in the abstain band are decided all the same.</summary>
    /// <param name="table">The rows' labels and classes.</param>
    /// <param name="outputs">For each row what the model gave.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="other">The other model's outputs, or null.</param>
    /// <exception cref="InputException">The outputs do not fit the labels.</exception>
    public static Evaluation Of(LabelledTable table, IReadOnlyList<float[]> outputs, DecisionRule rule, IReadOnlyList<float[]>? other = null)
    {
        int width = outputs[0].Length;
        int classes = Math.Max(2, width);
        int wrong = Array.FindIndex(table.Labels, label => label >= classes);
        if (wrong >= 0)
        {
            throw new InputException($"The data has {table.Classes.Count} classes ({string.Join(", ", table.Classes.Take(5))}{(table.Classes.Count > 5 ? ", …" : "")}) but the model has {classes}; give data with the model's classes.");
        }

        RowDecision[] rows = [.. outputs.Select(output => RowDecision.Of(rule, output))];
        Evaluation evaluation = width <= 2 ? Binary(table, rows, rule.Threshold) : Multiclass(table, rows);
        if (other is null)
        {
            return evaluation;
        }

        int alike = rows.Zip(other, (row, output) => row.Called == RowDecision.Of(rule, output).Called).Count(same => same);
        return evaluation with { WorstDeviation = Deviation(outputs, other), Agreement = (double)alike / outputs.Count };
    }

    /// <summary>Largest difference between two lists of outputs of the same shape.</summary>
    public static double Deviation(IReadOnlyList<float[]> a, IReadOnlyList<float[]> b) =>
        a.Zip(b, (x, y) => x.Zip(y, (p, q) => Math.Abs((double)p - q)).Max()).Max();

    private static Evaluation Binary(LabelledTable table, RowDecision[] rows, float threshold)
    {
        int[] called = Array.ConvertAll(rows, row => row.Called);
        var metrics = BinaryMetrics.Of(table.Labels, Array.ConvertAll(rows, row => row.Probability), threshold, called);
        ConfusionMatrix confusion = metrics.Confusion;
        return new Evaluation
        {
            Rows = metrics.Rows,
            Accuracy = metrics.Accuracy,
            Auc = double.IsNaN(metrics.AreaUnderRoc) ? null : metrics.AreaUnderRoc,
            LogLoss = metrics.LogLoss,
            Brier = metrics.BrierScore,
            Threshold = threshold,
            Confusion = [[confusion.TrueNegatives, confusion.FalsePositives], [confusion.FalseNegatives, confusion.TruePositives]],
            Classes = table.Classes,
            Called = called,
        };
    }

    private static Evaluation Multiclass(LabelledTable table, RowDecision[] rows)
    {
        int[] called = Array.ConvertAll(rows, row => row.Called);
        var metrics = MulticlassMetrics.Of(table.Labels, Array.ConvertAll(rows, row => row.Values), called);
        return new Evaluation
        {
            Rows = metrics.Rows,
            Accuracy = metrics.Accuracy,
            LogLoss = metrics.LogLoss,
            Confusion = metrics.Confusion,
            Classes = table.Classes,
            Called = called,
        };
    }
}
