using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Commands;

/// <summary>Recognises the rows that a model was made with, by the fingerprint in its file.</summary>
internal static class TrainedRows
{
    /// <summary>Says so where a model is judged on the very rows that it was trained or calibrated on.</summary>
    /// <param name="model">The model.</param>
    /// <param name="table">The rows.</param>
    internal static void Say(EdgeModel model, LabelledTable table)
    {
        ModelMetadata metadata = model.File.Metadata;
        if (metadata.PayloadOffset(MetadataKey.TrainingRows) < 0)
        {
            return;
        }

        byte[] known = [.. Enumerable.Range(0, metadata.PayloadLength(MetadataKey.TrainingRows)).Select(i => (byte)metadata.Byte(MetadataKey.TrainingRows, i))];
        IReadOnlyList<string> names = ModelColumns.Of(model).FeatureNames;
        if (known.AsSpan().SequenceEqual(Provenance.Fingerprint(names, table.Rows, table.Labels)) || known.AsSpan().SequenceEqual(Provenance.Fingerprint(names, table.Rows, null)))
        {
            Terminal.Say("These are the rows that the model was trained or calibrated on, so the numbers flatter it; judge it on other rows ('edge split' keeps some apart).");
        }
    }
}
