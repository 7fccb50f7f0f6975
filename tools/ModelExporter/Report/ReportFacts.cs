using System.Security.Cryptography;
using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Tool.Adaptation;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Report;

/// <summary>Everything that a report's sections draw from, measured once.</summary>
internal sealed record ReportFacts
{
    // Rounding of a Softmax may carry a probability this far beyond 1.
    private const float Tolerance = 1e-5f;

    /// <summary>The model.</summary>
    internal required EdgeModel Model { get; init; }

    /// <summary>SHA-256 of its file, in hexadecimal digits.</summary>
    internal required string Hash { get; init; }

    /// <summary>What <c>edge inspect</c> says of it.</summary>
    internal required ModelSummary Summary { get; init; }

    /// <summary>The labelled rows.</summary>
    internal required LabelledTable Table { get; init; }

    /// <summary>What the model returns for each row.</summary>
    internal required float[][] Outputs { get; init; }

    /// <summary>The model's calibrated probabilities for each row.</summary>
    internal required float[][] Probabilities { get; init; }

    /// <summary>What <c>edge evaluate</c> says of them.</summary>
    internal required Evaluation Evaluation { get; init; }

    /// <summary>A name for each class that the model tells apart.</summary>
    internal required IReadOnlyList<string> Classes { get; init; }

    /// <summary>A class in a sentence, not escaped: "class 1" where its name is a number alone.</summary>
    internal string ClassText(int index) =>
        (double.TryParse(Classes[index], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _) ? "class " : "") + Classes[index];

    /// <summary>The losses of each epoch, or null.</summary>
    internal IReadOnlyList<TrainingProgress>? History { get; init; }

    /// <summary>The precisions compared, or null if there is no float32 model to start from.</summary>
    internal PrecisionStudy? Precisions { get; init; }

    /// <summary>What decides, mistakes, intervals, costs and drift; or null if they are not studied.</summary>
    internal QualityStudy? Quality { get; init; }

    /// <summary>Another model on the same rows, or null.</summary>
    internal ModelComparison? Comparison { get; init; }

    /// <summary>What the model learned from rows, or null where it learned nothing.</summary>
    internal LearningCurve? Learning { get; init; }

    /// <summary>The nanoFramework board to judge the fit on, or null for the usual ones.</summary>
    internal NanoBoard? Board { get; init; }

    /// <summary>Measured times, or null if none are wanted.</summary>
    internal OperatorTimes? Times { get; init; }

    /// <summary>Whether the model decides between two classes by one probability.</summary>
    internal bool IsBinary => Model.OutputLength <= 2;

    /// <summary>The probability of class 1 of two for each row.</summary>
    internal float[] Positive => Array.ConvertAll(Probabilities, output => output[^1]);

    /// <summary>Measures.</summary>
    /// <param name="model">A classifier.</param>
    /// <param name="table">Labelled rows in the model's order.</param>
    /// <param name="dataPath">Where they come from, for messages.</param>
    /// <param name="label">The label column, for messages.</param>
    /// <param name="board">The nanoFramework board to judge the fit on, or null for the usual ones.</param>
    /// <exception cref="InputException">The model is not a classifier of these rows.</exception>
    internal static ReportFacts Of(EdgeModel model, LabelledTable table, string dataPath, string label, NanoBoard? board = null)
    {
        int classes = Math.Max(2, model.OutputLength);
        if (model.OutputLength == 1 && table.Classes.Count > 2)
        {
            throw new InputException($"The column '{label}' of '{dataPath}' has {table.Classes.Count} different values but the model has one output. A report needs a classifier; name a column of two classes.");
        }

        using IEngine engine = Engines.Create(EngineKind.Fast, model);
        float[][] outputs = engine.RunAll(model, table.Rows);
        int wrong = Array.FindIndex(outputs, output => Array.Exists(output, value => value is < -Tolerance or > 1 + Tolerance));
        if (wrong >= 0)
        {
            float value = outputs[wrong].First(value => value is < -Tolerance or > 1 + Tolerance);
            throw new InputException(FormattableString.Invariant($"The model returns {value:G4} for row {wrong + 1} of '{dataPath}', which is not a probability. A report needs a classifier; export the model with its Sigmoid or Softmax."));
        }

        float[][] probabilities = CalibratedOutputs.Of(model, outputs);
        return new ReportFacts
        {
            Model = model,
            Hash = Convert.ToHexStringLower(SHA256.HashData(model.File.Bytes.Memory.Span)),
            Summary = ModelSummary.Of(model, board),
            Board = board,
            Table = table,
            Outputs = outputs,
            Probabilities = probabilities,
            Evaluation = Evaluation.Of(table, outputs, ModelRule.Of(model)),
            Classes = [.. Enumerable.Range(0, classes).Select(c => ClassName(model, table, c))],
        };
    }

    private static string ClassName(EdgeModel model, LabelledTable table, int index)
    {
        string text = index < table.Classes.Count ? table.Classes[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string name = index < model.Labels.Count ? model.Labels[index] : text;
        return name == text ? name : $"{name} ({text})";
    }
}
