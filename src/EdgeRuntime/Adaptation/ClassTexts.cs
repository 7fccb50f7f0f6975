using System.Globalization;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Adaptation;

/// <summary>The texts of a model's classes, their numbers where it has none.</summary>
internal static class ClassTexts
{
    internal static string[] Of(EdgeModel model, int classes)
    {
        string[] labels = model.File.Metadata.TextList(MetadataKey.Labels);
        return [.. Enumerable.Range(0, classes).Select(i => i < labels.Length ? labels[i] : i.ToString(CultureInfo.InvariantCulture))];
    }
}
