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
            return new Section("mistakes", "Mistakes", HtmlParts.Note($"All {Html.Count(facts.Table.Rows.Count)} rows are predicted correctly."));
        }

        string table = HtmlParts.Table(
            ["row", "actual", "predicted", "probability", "features that speak for the mistake"],
            study.Mistakes.Select(mistake => (string[])
            [
                Html.Count(mistake.Row), Html.Escape(facts.Classes[mistake.True]), mistake.Called < 0 ? "nothing" : Html.Escape(facts.Classes[mistake.Called]), Html.Rate(mistake.Probability),
                HtmlParts.Words(string.Join("; ", mistake.Reasons.Select(reason => $"{Html.Escape(FeatureNames.Of(facts, reason.Feature))} = {Html.Escape(FeatureNames.Value(facts, reason.Feature, reason.Value))} (usually {Html.Escape(FeatureNames.Value(facts, reason.Feature, reason.Usual))}: +{Html.Rate(reason.Rise)})"))),
            ]),
            texts: 5);
        string reasons = study.Importance.Count == 0 ? "Which features speak for a mistake is left out: the model is too large to be run once for each feature." : "A feature is listed if the actual class gains that much probability once its value is replaced by the usual one, the median or the most frequent category.";
        string shown = study.MistakeCount > study.Mistakes.Count ? $"the surest {study.Mistakes.Count} of them" : "all of them";
        return new Section("mistakes", "Mistakes", HtmlParts.Note($"{Html.Count(study.MistakeCount)} of {Html.Count(facts.Table.Rows.Count)} rows are predicted wrongly; {shown}, the highest probability first. Rows count from 1 after the header. {reasons}") + table);
    }
}
