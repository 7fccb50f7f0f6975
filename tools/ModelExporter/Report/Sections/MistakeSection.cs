using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Rows that are decided wrongly, and why.</summary>
internal static class MistakeSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Quality is not { } study)
        {
            return null;
        }

        if (study.MistakeCount == 0)
        {
            return new Section("mistakes", "Mistakes", HtmlParts.Note($"All {Html.Count(facts.Table.Rows.Count)} rows are decided rightly."));
        }

        string table = HtmlParts.Table(
            ["row", "is", "called", "with", "because of"],
            study.Mistakes.Select(mistake => (string[])
            [
                Html.Count(mistake.Row), Html.Escape(facts.Classes[mistake.True]), mistake.Called < 0 ? "nothing" : Html.Escape(facts.Classes[mistake.Called]), Html.Rate(mistake.Probability),
                string.Join(", ", mistake.Reasons.Select(reason => $"{Html.Escape(FeatureNames.Of(facts, reason.Feature))} = {Html.Escape(FeatureNames.Value(facts, reason.Feature, reason.Value))} (usually {Html.Escape(FeatureNames.Value(facts, reason.Feature, reason.Usual))}: +{Html.Rate(reason.Rise)})")),
            ]),
            texts: 5);
        string shown = study.MistakeCount > study.Mistakes.Count ? $"the surest {study.Mistakes.Count} of them" : "all of them";
        return new Section("mistakes", "Mistakes", HtmlParts.Note($"{Html.Count(study.MistakeCount)} of {Html.Count(facts.Table.Rows.Count)} rows are decided wrongly; {shown}, the surest first. Rows count from 1 after the header. A reason is a feature whose median, or most frequent category, in place of its value gives the true class that much more probability.") + table);
    }
}
