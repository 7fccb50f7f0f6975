using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>The data in numbers.</summary>
internal static class DataSection
{
    private const int ShownFeatures = 12;

    internal static Section Make(ReportFacts facts)
    {
        int rows = facts.Table.Rows.Count;
        string balance = HtmlParts.Table(
            ["class", "", "rows", "share"],
            facts.Classes.Select((name, c) =>
            {
                int count = facts.Table.Labels.Count(label => label == c);
                return (string[])[Html.Escape(name), HtmlParts.Meter((double)count / rows, facts.IsBinary ? 1 - c : c), Html.Count(count), Html.Percent(100.0 * count / rows)];
            }),
            texts: 2);
        string features = HtmlParts.Table(["feature", "min", "mean", "max", "standard deviation"], Enumerable.Range(0, facts.Model.InputLength).Select(i => Feature(facts, i)));
        if (facts.Model.InputLength > ShownFeatures)
        {
            features = $"<details><summary>{Html.Count(facts.Model.InputLength)} features</summary>\n{features}</details>\n";
        }

        return new Section("data", "The data", HtmlParts.Note($"{Html.Count(rows)} rows, {Html.Count(facts.Model.InputLength)} features, {facts.Classes.Count} classes.") + balance + features);
    }

    private static string[] Feature(ReportFacts facts, int index)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        double sum = 0;
        double squares = 0;
        foreach (float[] row in facts.Table.Rows)
        {
            low = Math.Min(low, row[index]);
            high = Math.Max(high, row[index]);
            sum += row[index];
        }

        double mean = sum / facts.Table.Rows.Count;
        foreach (float[] row in facts.Table.Rows)
        {
            squares += (row[index] - mean) * (row[index] - mean);
        }

        return [Html.Escape(FeatureNames.Of(facts, index)), Html.Short(low), Html.Short(mean), Html.Short(high), Html.Short(Math.Sqrt(squares / facts.Table.Rows.Count))];
    }
}
