using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>How well a classifier of two classes decides: numbers, the confusion matrix with a slider, curves.</summary>
internal static class BinaryQualitySection
{
    // Positions of the slider: thresholds 0, 0.001, …, 1.
    private const int Steps = 1000;
    private const int Bins = 25;

    internal static Section Make(ReportFacts facts)
    {
        Evaluation evaluation = facts.Evaluation;
        float[] probabilities = facts.Positive;
        var metrics = BinaryMetrics.Of(facts.Table.Labels, probabilities, evaluation.Threshold!.Value, [.. evaluation.Called]);
        var curve = new ThresholdCurve(facts.Table.Labels, probabilities);
        var body = new StringBuilder(HtmlParts.Tiles(
        [
            ($"accuracy at the model's threshold {Html.Exact(metrics.Threshold)}", Html.Rate(evaluation.Accuracy), "accuracy"),
            ("area under ROC", evaluation.Auc is { } auc ? Html.Rate(auc) : "none: one class only", "auc"),
            ("log loss", Html.Rate(evaluation.LogLoss!.Value), "log-loss"),
            ("Brier score", Html.Rate(evaluation.Brier!.Value), "brier"),
        ]));
        string positive = Html.Escape(facts.ClassText(1));
        body.Append(IntervalNote.Baseline(facts)).Append(IntervalNote.Of(facts.Quality));
        body.Append(HtmlParts.Grid(
            Matrix(facts, metrics),
            Distribution(facts, probabilities, metrics.Threshold),
            HtmlParts.Figure("ROC", Roc(metrics), $"False positive rate against true positive rate of {positive}. The dot is the threshold of the matrix."),
            HtmlParts.Figure("Precision and recall", PrecisionRecall(metrics), $"Precision against recall of {positive}. Dashed: the share of {positive} in the data, which is the precision of guessing at random. The dot is the threshold of the matrix.")));
        body.Append(StepData(curve, metrics));
        return new Section("quality", "Decisions", body.ToString());
    }

    private static string Matrix(ReportFacts facts, BinaryMetrics metrics)
    {
        ConfusionMatrix m = metrics.Confusion;
        string no = Html.Escape(facts.Classes[0]);
        string yes = Html.Escape(facts.Classes[1]);
        string threshold = Html.Exact(metrics.Threshold);
        return $"""
            <figure id="decide"><h3>Confusion matrix at threshold <output id="t">{threshold}</output></h3>
            <div id="controls" hidden="hidden"><input id="slider" type="range" min="0" max="{Steps}" step="1" value="{Math.Round(metrics.Threshold * Steps)}" aria-label="threshold"/><button id="reset" type="button">back to the model's {threshold}</button></div>
            <table class="matrix"><thead><tr><td></td><th>predicted {no}</th><th>predicted {yes}</th></tr></thead><tbody>
            <tr><th>actual {no}</th><td class="cell good" id="tn"{Shade(m.TrueNegatives, m.Negatives)}>{m.TrueNegatives}</td><td class="cell bad" id="fp"{Shade(m.FalsePositives, m.Negatives)}>{m.FalsePositives}</td></tr>
            <tr><th>actual {yes}</th><td class="cell bad" id="fn"{Shade(m.FalseNegatives, m.Positives)}>{m.FalseNegatives}</td><td class="cell good" id="tp"{Shade(m.TruePositives, m.Positives)}>{m.TruePositives}</td></tr>
            </tbody></table>
            {HtmlParts.Tiles([("accuracy", Html.Rate(m.Accuracy), "m-accuracy"), ("precision", Html.Rate(m.Precision), "m-precision"), ("recall", Html.Rate(m.Recall), "m-recall"), ("specificity", Html.Rate(m.Specificity), "m-specificity"), ("F1", Html.Rate(m.F1), "m-f1")])}<figcaption>Predicted {yes} when its probability is at least the threshold. These five rates are at the threshold of the slider; the tiles at the top stay at the model's.</figcaption></figure>

            """;
    }

    private static string Shade(int count, int of) =>
        string.Create(CultureInfo.InvariantCulture, $" style=\"--share:{(of == 0 || count == 0 ? 0 : Math.Max(0.001, (double)count / of)):0.###}\"");

    private static string Distribution(ReportFacts facts, float[] probabilities, float threshold)
    {
        var counts = new int[2][] { new int[Bins], new int[Bins] };
        for (int i = 0; i < probabilities.Length; i++)
        {
            counts[facts.Table.Labels[i]][Math.Clamp((int)(probabilities[i] * (double)Bins), 0, Bins - 1)]++;
        }

        var chart = new Chart("Histogram of the probabilities of each class", Axis.Unit($"probability of {facts.ClassText(1)}"), Axis.BothWays(counts.Max(list => list.Max()), "rows (square root scale)"));
        for (int bin = 0; bin < Bins; bin++)
        {
            chart.Box((double)bin / Bins, (bin + 1.0) / Bins, 0, Math.Sqrt(counts[1][bin]), "bar s0", $"{counts[1][bin]} rows of {facts.ClassText(1)}");
            chart.Box((double)bin / Bins, (bin + 1.0) / Bins, -Math.Sqrt(counts[0][bin]), 0, "bar s1", $"{counts[0][bin]} rows of {facts.ClassText(0)}");
        }

        chart.Legend("s0", facts.ClassText(1), right: false).Legend("s1", facts.ClassText(0), right: false).Mark(threshold, 0, "cut-mark");
        return HtmlParts.Figure("Probabilities by class", chart.ToSvg(), $"Rows of {Html.Escape(facts.ClassText(1))} point up, rows of {Html.Escape(facts.ClassText(0))} down; the scale is in rows both ways. The dot is the threshold: rows to the right of it are predicted {Html.Escape(facts.Classes[1])}.");
    }

    private static string Roc(BinaryMetrics metrics)
    {
        var chart = new Chart("ROC curve", Axis.Unit("false positive rate"), Axis.Unit("true positive rate"));
        chart.Line([(0, 0), (1, 1)], "s9 thin dash").Line(metrics.RocCurve.Select(point => (point.X, point.Y)), "s0");
        chart.Legend("s0", $"area {Html.Rate(metrics.AreaUnderRoc)}", bottom: true);
        return chart.Mark(metrics.Confusion.FalsePositiveRate, metrics.Confusion.Recall, "roc-mark").ToSvg();
    }

    private static string PrecisionRecall(BinaryMetrics metrics)
    {
        double share = (double)metrics.Confusion.Positives / metrics.Rows;
        var chart = new Chart("Precision-recall curve", Axis.Unit("recall"), Axis.Unit("precision"));
        chart.Line([(0, share), (1, share)], "s9 thin dash").Line(metrics.PrecisionRecallCurve.Select(point => (point.X, point.Y)), "s0");
        return chart.Mark(metrics.Confusion.Recall, metrics.Confusion.Precision, "pr-mark").ToSvg();
    }

    // What the script needs: true and false positives at each position of the slider.
    private static string StepData(ThresholdCurve curve, BinaryMetrics metrics)
    {
        ConfusionMatrix[] at = [.. Enumerable.Range(0, Steps + 1).Select(i => curve.At((float)i / Steps))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""<script type="application/json" id="steps">{"positives":{{metrics.Confusion.Positives}},"negatives":{{metrics.Confusion.Negatives}},"threshold":{{metrics.Threshold:R}},"text":"{{Html.Exact(metrics.Threshold)}}","tp0":{{metrics.Confusion.TruePositives}},"fp0":{{metrics.Confusion.FalsePositives}},"tp":[{{string.Join(',', at.Select(m => m.TruePositives))}}],"fp":[{{string.Join(',', at.Select(m => m.FalsePositives))}}]}</script>""") + "\n";
    }
}
