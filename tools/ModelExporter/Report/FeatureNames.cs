using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Report;

/// <summary>What a report calls the features: as the model does, else as the table does.</summary>
internal static class FeatureNames
{
    /// <summary>The name of a feature.</summary>
    internal static string Of(ReportFacts facts, int index)
    {
        string[] names = facts.Model.File.Metadata.TextList(MetadataKey.InputNames);
        return names.Length == facts.Model.InputLength ? names[index] : index < facts.Table.Names.Count ? facts.Table.Names[index] : $"{index}";
    }
}
