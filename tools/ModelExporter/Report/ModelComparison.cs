using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Report;

/// <summary>Two models on the same rows.</summary>
/// <param name="Other">What <c>edge evaluate</c> says of the other model.</param>
/// <param name="OtherName">The other model's file.</param>
/// <param name="OtherBytes">Bytes of its file.</param>
/// <param name="Agreement">Share of rows decided alike.</param>
/// <param name="OnlyThis">Rows that this model alone decides rightly.</param>
/// <param name="OnlyOther">Rows that the other alone decides rightly.</param>
/// <param name="Chance">The probability of a difference in accuracy as large by chance (McNemar's exact test).</param>
internal sealed record ModelComparison(Evaluation Other, string OtherName, int OtherBytes, double Agreement, int OnlyThis, int OnlyOther, double Chance)
{
    /// <summary>Compares a model with another.</summary>
    /// <param name="model">The model.</param>
    /// <param name="table">Rows in its order.</param>
    /// <param name="own">What is said of it on them.</param>
    /// <param name="path">The other model's file, for messages.</param>
    /// <param name="other">The other model.</param>
    /// <param name="again">Reads the same rows for another model.</param>
    /// <exception cref="InputException">The other model takes or decides something else.</exception>
    internal static ModelComparison Of(EdgeModel model, LabelledTable table, Evaluation own, string path, EdgeModel other, Func<ModelColumns, IReadOnlyList<float[]>> again)
    {
        if (other.InputLength != model.InputLength || Math.Max(2, other.OutputLength) != Math.Max(2, model.OutputLength))
        {
            throw new InputException($"'{path}' takes {other.InputLength} values and has {Math.Max(2, other.OutputLength)} classes but the first model takes {model.InputLength} and has {Math.Max(2, model.OutputLength)}; compare models of the same inputs and classes.");
        }

        IReadOnlyList<float[]> rows = ComparedModel.Rows(path, ModelColumns.Of(model), ModelColumns.Of(other), table.Rows, again);
        using IEngine engine = Engines.Create(EngineKind.Fast, other);
        Evaluation evaluation = Evaluation.Of(table, engine.RunAll(other, rows), ModelRule.Of(other));
        int onlyThis = 0;
        int onlyOther = 0;
        int alike = 0;
        for (int i = 0; i < table.Labels.Length; i++)
        {
            bool isRight = own.Called[i] == table.Labels[i];
            bool isOtherRight = evaluation.Called[i] == table.Labels[i];
            onlyThis += isRight && !isOtherRight ? 1 : 0;
            onlyOther += isOtherRight && !isRight ? 1 : 0;
            alike += own.Called[i] == evaluation.Called[i] ? 1 : 0;
        }

        return new ModelComparison(evaluation, path, other.File.Length, (double)alike / table.Labels.Length, onlyThis, onlyOther, McNemar.Probability(onlyThis, onlyOther));
    }

    /// <summary>Which is better, in a sentence.</summary>
    internal string Verdict() => Chance < 0.05
        ? $"{(OnlyThis > OnlyOther ? "The first" : "The second")} model decides more rows rightly, and chance alone would hardly do that (McNemar's test: {Chance.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)})."
        : $"These rows do not tell which decides better (McNemar's test: {Chance.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)}): {OnlyThis} are right with the first alone, {OnlyOther} with the second alone.";
}
