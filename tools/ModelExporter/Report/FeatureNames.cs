using EdgeInference.ModelConverter.Data;
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

    /// <summary>A value of a feature as a person reads it: the text of a category, or a number.</summary>
    internal static string Value(ReportFacts facts, int index, float value) =>
        float.IsNaN(value) ? "missing" : Category(facts, index, value) is { } text ? $"'{CsvProblems.Clip(text)}'" : Charts.Html.Short(value);

    /// <summary>The text of a category; null for a number or a missing value.</summary>
    internal static string? Category(ReportFacts facts, int index, float value)
    {
        IReadOnlyList<IReadOnlyList<string>> categories = ModelColumns.Of(facts.Model).Categories;
        return index >= categories.Count || categories[index].Count == 0 || float.IsNaN(value) ? null : (int)value < categories[index].Count ? categories[index][(int)value] : "unknown";
    }
}
