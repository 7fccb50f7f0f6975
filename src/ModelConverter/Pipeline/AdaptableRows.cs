using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>The labelled rows that prepare a draft to learn on a device.</summary>
internal static class AdaptableRows
{
    /// <summary>The rows that the model was trained on, else those of a file.</summary>
    /// <param name="draft">The draft, quantized.</param>
    /// <param name="options">What it is to learn.</param>
    /// <param name="file">A file with a label column, or null.</param>
    /// <exception cref="InputException">The model cannot learn, or there are no labelled rows for it.</exception>
    internal static LabelledTable Of(ModelDraft draft, AdaptableOptions options, RowFile? file)
    {
        AdaptStep.Check(draft, options);
        if (draft.Training is { } training)
        {
            return training;
        }

        if (file is not { Label: { } label } || SampleReader.IsArray(file.Path))
        {
            throw new InputException("A model that is to learn on a device needs labelled rows, as its self-test; give a CSV with --calibrate or --data and its label column with --label.");
        }

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(draft.Graph));
        return LabelledRows.Read(file.Path, label, model, format: file.Format);
    }
}
