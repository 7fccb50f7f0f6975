namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>A model as it is written.</summary>
/// <param name="Draft">The last draft.</param>
/// <param name="File">The bytes of the .edge file.</param>
/// <param name="Check">How far it is from its source, or null if the source does not run.</param>
internal sealed record ExportedModel(ModelDraft Draft, byte[] File, CheckResult? Check)
{
    /// <summary>The precision of the layers; null where they differ.</summary>
    internal Precision? Precision => Draft.Graph.Metadata.Precision;
}
