using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Whether the data is what the model was trained on.</summary>
internal static class DriftSection
{
    private const int Shown = 20;

    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Quality is not { } study)
        {
            return null;
        }

        if (study.Drift.Count == 0)
        {
            return new Section("drift", "Drift", HtmlParts.Note("The file has no statistics of its training data, so that this data cannot be compared with it. <code>edge train</code> writes them unless <code>--strip provenance</code> is given, and <code>edge export --unlike-share 0.01</code> does."));
        }

        FeatureDrift[] order = [.. study.Drift.OrderByDescending(drift => drift.Size)];
        int notable = order.Count(drift => drift.IsNotable);
        string table = HtmlParts.Table(
            ["feature", "mean moved by", "standard deviation", "outside the training range", "missing (in training)", "other mix of categories", ""],
            order.Take(Shown).Select(drift => (string[])
            [
                Html.Escape(FeatureNames.Of(facts, drift.Feature)), Html.Short(drift.Shift) + " σ", "× " + Html.Short(drift.Spread), Html.Percent(100 * drift.Outside), Html.Percent(100 * drift.Missing) + (drift.MissingInTraining is { } before ? $" ({Html.Percent(100 * before)})" : ""), drift.Mix > 0 ? Html.Percent(100 * drift.Mix) : "", drift.IsNotable ? "drift" : "",
            ]));
        string verdict = notable == 0 ? "No feature has moved far from the training data." : $"{notable} of {Html.Count(order.Length)} features {(notable == 1 ? "has" : "have")} drifted: the mean by more than half a standard deviation, the standard deviation by more than a factor of 2, more than 5% of the rows outside the training range or of an unknown category, 10% more or fewer missing, or another mix of more than 20% of the categories.";
        return new Section("drift", "Drift", HtmlParts.Note(verdict + (order.Length > Shown ? $" The {Shown} that moved most are shown." : "")) + table);
    }
}
