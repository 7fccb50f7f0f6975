using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>How sure the figures are.</summary>
internal static class IntervalNote
{
    /// <summary>A line with the intervals; nothing where they were not studied.</summary>
    internal static string Of(QualityStudy? study)
    {
        if (study is null)
        {
            return "";
        }

        string area = study.Area is { } interval ? $", area under ROC {Text(interval)}" : "";
        return HtmlParts.Note($"95% confidence intervals, for these rows as a sample: accuracy {Text(study.Accuracy)}, log loss {Text(study.LogLoss)}{area}.");
    }

    private static string Text(ConfidenceInterval interval) => $"{Html.Rate(interval.Low)} to {Html.Rate(interval.High)}";
}
