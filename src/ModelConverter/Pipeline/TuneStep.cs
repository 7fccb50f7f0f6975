using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Tunes how a draft decides, on what the model as it will be written gives for labelled rows.</summary>
internal static class TuneStep
{
    /// <summary>A draft with tuned decisions, on the rows of a file or on those that the model was trained on.</summary>
    /// <exception cref="InputException">Rows are missing or do not fit, or an option does not fit the model.</exception>
    internal static ModelDraft Run(ModelDraft draft, DecisionOptions options, RowFile? rows) =>
        options == new DecisionOptions() ? draft : Run(draft, options, model => Rows(rows, draft.Training, model));

    /// <summary>The same on given rows, in the order of the model's features and classes.</summary>
    /// <exception cref="InputException">As above.</exception>
    internal static ModelDraft Run(ModelDraft draft, DecisionOptions options, LabelledTable rows) => Run(draft, options, model => Fitting(rows, model));

    private static ModelDraft Run(ModelDraft draft, DecisionOptions options, Func<EdgeModel, LabelledTable> read)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(draft.Graph));
        if (model.File.Decision.Role(0) == OutputRole.Score && (options.Threshold is not null || options.Calibration is not null || options.AbstainAccuracy is not null))
        {
            throw new InputException("The model returns scores, not probabilities, so threshold, calibration and abstain band cannot be tuned; omit these options.");
        }

        LabelledTable rows = read(model);

        // A calibration that the model has already comes before its threshold; one that is asked for takes its place.
        float[][] outputs = Outputs(model, rows.Rows);
        outputs = options.Calibration is null ? CalibratedOutputs.Of(model, outputs) : outputs;
        DecisionSettings settings = DecisionTuner.Tune(rows, outputs, options, draft.Training?.Rows);
        return draft.With(settings.ApplyTo(draft.Graph.Metadata)) with { Tuned = new TunedDecisions(settings, options, rows.Rows.Count) };
    }

    private static LabelledTable Rows(RowFile? file, LabelledTable? training, EdgeModel model)
    {
        if (file is null)
        {
            return training ?? throw new InputException("Tuning decisions needs labelled rows; give a CSV with --data and its label column with --label.");
        }

        return file.Label is null
            ? throw new InputException($"'{file.Path}' needs a label column to tune on; name it with --label.")
            : LabelledRows.Read(file.Path, file.Label, model, format: file.Format);
    }

    private static LabelledTable Fitting(LabelledTable rows, EdgeModel model)
    {
        if (model.File.Decision.Refusal is { } refusal)
        {
            throw new InputException(refusal);
        }

        int classes = Math.Max(2, model.OutputLength);
        if (rows.Rows.Count == 0 || rows.Labels.Length != rows.Rows.Count || rows.Rows.Any(row => row.Length != model.InputLength))
        {
            throw new InputException($"Tuning needs rows of {model.InputLength} values and a label for each; give one row or more.");
        }

        return rows.Classes.Count != classes || rows.Labels.Any(label => label < 0 || label >= classes)
            ? throw new InputException($"The rows have {rows.Classes.Count} classes but the model has {classes}; give labels 0 to {classes - 1}.")
            : rows;
    }

    // Rows of a model that keeps a state are the steps of one sequence.
    private static float[][] Outputs(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        using Session session = model.CreateSession();
        session.Reset();
        return [.. rows.Select(row =>
        {
            var output = new float[model.OutputLength];
            session.Run(row, output);
            return output;
        })];
    }
}
