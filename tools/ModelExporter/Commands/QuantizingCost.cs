using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands;

/// <summary>How well a model decides on labelled rows, before and after it is quantized.</summary>
/// <param name="Data">What the rows are called: "training", or a file.</param>
/// <param name="Before">The model in float32.</param>
/// <param name="After">The model as it is written; null where it is not quantized.</param>
internal sealed record QuantizingCost(string Data, Evaluation Before, Evaluation? After)
{
    /// <summary>Rows that quantizing decides otherwise.</summary>
    internal int Otherwise => After is null ? 0 : (int)Math.Round((1 - After.Agreement!.Value) * After.Rows);

    /// <summary>A sentence for people.</summary>
    internal string Sentence
    {
        get
        {
            if (After is null)
            {
                return Text($"Accuracy on {Before.Rows} rows of {Data}: {Before.Accuracy:0.0000}{(Before.Auc is { } only ? Text($", AUC {only:0.0000}") : "")}.");
            }

            string loss = Before.LogLoss is { } was && After.LogLoss is { } became ? Text($", log loss {was:0.0000} to {became:0.0000}") : "";
            string area = Before.Auc is { } auc && After.Auc is { } other ? Text($", AUC {auc:0.0000} to {other:0.0000}") : "";
            string rows = Data == Training ? Text($"{After.Rows} {Data} rows") : Text($"{After.Rows} rows of {Data}");
            return Text($"Quantizing: {Otherwise} of {rows} are decided otherwise; accuracy {Before.Accuracy:0.0000} to {After.Accuracy:0.0000}{loss}{area}, a {(loss.Length > 0 ? "probability" : "score")} moves by {After.WorstDeviation:0.0000} at most.");
        }
    }

    private static string Training => "training";

    /// <summary>The cost on rows with labels.</summary>
    /// <param name="draft">The model before it is streamed.</param>
    /// <param name="table">The rows, in the order of its inputs and classes.</param>
    /// <param name="data">What they are called.</param>
    internal static QuantizingCost Of(ModelDraft draft, LabelledTable table, string data = "training")
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(draft.Graph));
        return Of(draft, model, table, data);
    }

    /// <summary>The cost on the rows of a file, where it has labels that are the model's; else null, and why is said.</summary>
    internal static QuantizingCost? Of(ModelDraft draft, RowFile? rows)
    {
        // A pipe gives its rows once; they were calibrated or tuned on.
        if (rows is not { Label: { } label } || (rows.Path != InputFile.StandardInput && FileStatus.Of(rows.Path) is not { IsOrdinary: true }))
        {
            return null;
        }

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(draft.Graph));
        if (model.File.Decision.Refusal is not null || SampleReader.IsArray(rows.Path))
        {
            return null;
        }

        try
        {
            return Of(draft, model, LabelledRows.Read(rows.Path, label, model, null, rows.Format), $"'{Path.GetFileName(rows.Path)}'");
        }
        catch (InputException exception)
        {
            Terminal.Say($"Accuracy is not known: {exception.Message:own}");
            return null;
        }
    }

    private static QuantizingCost Of(ModelDraft draft, EdgeModel model, LabelledTable table, string data)
    {
        DecisionRule rule = ModelRule.Of(model);
        bool isScore = model.File.Decision.Role(0) == OutputRole.Score;
        float[][] real = GraphRunner.RunAll(draft.Float32, table.Rows);
        Evaluation Known(Evaluation evaluation) => isScore ? evaluation with { LogLoss = null, Brier = null } : evaluation;
        return new QuantizingCost(
            data,
            Known(Evaluation.Of(table, real, rule)),
            ReferenceEquals(draft.Float32, draft.Graph) ? null : Known(Evaluation.Of(table, GraphRunner.RunAll(draft.Graph, table.Rows), rule, real)));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
