using System.Globalization;
using System.Reflection;
using System.Text;
using EdgeInference.Tool.Report.Charts;
using EdgeInference.Tool.Report.Sections;

namespace EdgeInference.Tool.Report;

/// <summary>
/// A report as one HTML file that needs nothing else: no network, no other file. It is well-formed XML too. Equal facts give
/// equal bytes.
/// </summary>
internal static class ReportPage
{
    /// <summary>The page.</summary>
    internal static string Make(ReportFacts facts)
    {
        Section?[] all =
        [
            LearningSection.Make(facts),
            facts.IsBinary ? BinaryQualitySection.Make(facts) : MulticlassQualitySection.Make(facts),
            ComparisonSection.Make(facts),
            CalibrationSection.Make(facts),
            ImportanceSection.Make(facts),
            MistakeSection.Make(facts),
            CostSection.Make(facts),
            ModelSection.Make(facts),
            BytesSection.Make(facts),
            DataSection.Make(facts),
            DriftSection.Make(facts),
            TrainingSection.Make(facts),
            PrecisionSection.Make(facts),
            OperatorSection.Make(facts),
            HistogramSection.Make(facts),
            ActivationSection.Make(facts),
            ArenaSection.Make(facts),
            TimeSection.Make(facts),
            FitSection.Make(facts),
            ProvenanceSection.Make(facts),
        ];
        Section[] sections = [.. all.OfType<Section>()];
        string name = Html.Escape(facts.Summary.Name.Length > 0 ? facts.Summary.Name : "unnamed model");
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"/>
            <link rel="icon" href="data:,"/>
            <title>{name}: model report</title>
            <style>
            {ChartStyle.Colours}{ChartStyle.Rules}{Asset("report.css")}</style>
            </head>
            <body>
            <header>
            <p class="kind">Model report</p>
            <h1>{name}</h1>
            <p>{Html.Escape(facts.Summary.Precision)} · file of {Html.Count(facts.Summary.FileBytes)} bytes · {Html.Count(facts.Summary.MultiplyAccumulates)} multiply-accumulates · {facts.Classes.Count} classes · measured on {Html.Count(facts.Table.Rows.Count)} rows</p>
            <nav aria-label="Sections">{string.Join(' ', sections.Select(section => $"<a href=\"#{section.Identifier}\">{section.Title}</a>"))}</nav>
            </header>
            <main>

            """);
        foreach (Section section in sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"<section id=\"{section.Identifier}\">\n<h2>{section.Title}</h2>\n{section.Body}</section>\n");
        }

        return page.Append(CultureInfo.InvariantCulture, $"</main>\n<footer>{Html.Escape(ToolVersion.Text)} report</footer>\n<script>\n{Asset("report.js")}</script>\n</body>\n</html>\n").ToString();
    }

    private static string Asset(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("EdgeInference.Tool.Report." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
