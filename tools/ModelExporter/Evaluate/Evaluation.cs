using ModelExporter.Data;

namespace ModelExporter.Evaluate;

/// <summary>How well a model decides on labelled rows, and how far it is from another.</summary>
public sealed record Evaluation
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Share of rows decided rightly.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Area under the ROC curve; null for more than two classes.</summary>
    public double? Auc { get; init; }

    /// <summary>Mean negative log of the right class's probability, in nats; null for scores, which are no probabilities.</summary>
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

    /// <summary>Evaluates outputs.</summary>
    /// <param name="table">The rows' labels and classes.</param>
    /// <param name="outputs">For each row one probability, that of class 1, or one for each class.</param>
    /// <param name="threshold">Threshold of a binary classifier.</param>
    /// <param name="other">The other model's outputs, or null.</param>
    /// <exception cref="InputException">The outputs do not fit the labels.</exception>
    public static Evaluation Of(LabelledTable table, IReadOnlyList<float[]> outputs, float threshold, IReadOnlyList<float[]>? other = null)
    {
        int width = outputs[0].Length;
        int classes = Math.Max(2, width);
        int wrong = Array.FindIndex(table.Labels, label => label >= classes);
        if (wrong >= 0)
        {
            throw new InputException($"The data has {table.Classes.Count} classes ({string.Join(", ", table.Classes.Take(5))}{(table.Classes.Count > 5 ? ", …" : "")}) where the model decides between {classes}; give data with the model's classes.");
        }

        Evaluation evaluation = width <= 2 ? Binary(table, outputs, threshold) : Multiclass(table, outputs);
        if (other is null)
        {
            return evaluation;
        }

        int alike = outputs.Zip(other, (a, b) => Decide(a, threshold) == Decide(b, threshold)).Count(same => same);
        return evaluation with { WorstDeviation = Deviation(outputs, other), Agreement = (double)alike / outputs.Count };
    }

    /// <summary>Largest difference between two lists of outputs of the same shape.</summary>
    public static double Deviation(IReadOnlyList<float[]> a, IReadOnlyList<float[]> b) =>
        a.Zip(b, (x, y) => x.Zip(y, (p, q) => Math.Abs((double)p - q)).Max()).Max();

    /// <summary>The class that outputs decide for.</summary>
    public static int Decide(float[] output, float threshold) =>
        output.Length <= 2 ? (output[^1] >= threshold ? 1 : 0) : Array.IndexOf(output, output.Max());

    private static Evaluation Binary(LabelledTable table, IReadOnlyList<float[]> outputs, float threshold)
    {
        var metrics = BinaryMetrics.Of(table.Labels, [.. outputs.Select(output => output[^1])], threshold);
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
        };
    }

    private static Evaluation Multiclass(LabelledTable table, IReadOnlyList<float[]> outputs)
    {
        var metrics = MulticlassMetrics.Of(table.Labels, outputs);
        return new Evaluation
        {
            Rows = metrics.Rows,
            Accuracy = metrics.Accuracy,
            LogLoss = metrics.LogLoss,
            Confusion = metrics.Confusion,
            Classes = table.Classes,
        };
    }
}
