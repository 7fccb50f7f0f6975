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

    /// <summary>What the accuracy of these rows is to be compared with: rows of unequal classes make a useless rule look good.</summary>
    internal static string Baseline(ReportFacts facts)
    {
        int[] counts = [.. Enumerable.Range(0, facts.Classes.Count).Select(c => facts.Table.Labels.Count(label => label == c))];
        int most = Array.IndexOf(counts, counts.Max());
        return HtmlParts.Note($"Predicting {Html.Escape(facts.Classes[most])}, the most frequent class here, for every row has an accuracy of {Html.Rate((double)counts[most] / counts.Sum())}.");
    }

    private static string Text(ConfidenceInterval interval) => $"{Html.Rate(interval.Low)} to {Html.Rate(interval.High)}";
}
