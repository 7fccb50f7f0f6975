using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>float32 against int16 and int8.</summary>
internal static class PrecisionSection
{
    private const int MostDots = 800;

    internal static Section Make(ReportFacts facts)
    {
        if (facts.Precisions is not { } study)
        {
            string why = facts.Model.File.Tensors.Any(tensor => tensor.IsQuantized)
                ? "This file holds only integers. To compare precisions, give the model that it was exported from with <code>--source</code>."
                : "Left out: to make int16 and int8 of a file of this size takes long. To compare precisions all the same, give the file itself with <code>--source</code>, or rows with <code>--calibrate</code>.";
            return new Section("precision", "Quantization: float32, int16, int8", HtmlParts.Note(why));
        }

        string table = HtmlParts.Table(
            ["precision", "accuracy", "log loss", "same prediction as float32", "largest deviation", "signal to noise (SQNR)", "bare file, bytes"],
            study.Variants.Select(variant => (string[])
            [
                Html.Escape(variant.Name),
                Html.Rate(variant.Evaluation.Accuracy),
                Html.Rate(variant.Evaluation.LogLoss!.Value),
                variant.Evaluation.Agreement is { } agreement ? Html.Percent(100 * agreement) : "",
                variant.Evaluation.WorstDeviation is { } worst ? Html.Short(worst) : "",
                variant.Evaluation.Agreement is null ? "" : Decibels(variant.Decibels),
                Html.Count(variant.Bytes),
            ]));
        string figure = HtmlParts.Figure("Deviation from float32", Deviations(facts, study), $"One dot for each of {(facts.Table.Rows.Count > MostDots ? $"{MostDots} rows spread over the data" : "the rows")}: the change of its probability when the model is quantized.");
        string note = HtmlParts.Note($"int16 and int8 are made for this report with the best method that <code>edge export</code> finds, calibrated on {Html.Count(study.Prepared.Calibration.Rows.Count)} {(study.HasOwnCalibration ? "rows of <code>--calibrate</code>" : "rows of this data, so they look a little better than they are; give the training rows with <code>--calibrate</code>")}. A bare file has operators and constants only: names, class texts, threshold, provenance and self-test vectors are left out of all of them alike, and come on top ({HtmlParts.Link("bytes", "the bytes of this file")}).");
        return new Section("precision", "Quantization: float32, int16, int8", table + note + HtmlParts.Grid(figure, Layers(study)));
    }

    /// <summary>A ratio in dB.</summary>
    internal static string Decibels(double value) => double.IsPositiveInfinity(value) ? "∞ dB" : double.IsNegativeInfinity(value) ? "−∞ dB" : value.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " dB";

    private static string Deviations(ReportFacts facts, PrecisionStudy study)
    {
        float[][] real = study.Variants[0].Outputs;
        int count = Math.Min(MostDots, real.Length);
        int[] rows = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * real.Length / count))];
        var series = study.Variants.Skip(1).Select(variant => (variant.Name, Points: rows.Select(row => Point(real[row], variant.Outputs[row])).ToArray())).ToArray();
        string what = facts.IsBinary ? $"probability of {facts.ClassText(1)} in float32" : "probability of the predicted class, float32";
        var chart = new Chart("Deviation of probabilities from float32", Axis.Unit(what), Axis.Around(series.SelectMany(s => s.Points).Select(point => point.Y).Append(0), "deviation"));
        foreach ((int i, (string name, (double X, double Y)[] points)) in series.Index().Reverse())
        {
            chart.Dots(points, $"s{Style(i)}", 2);
        }

        foreach ((int i, (string name, _)) in series.Index())
        {
            chart.Legend($"s{Style(i)}", name);
        }

        return chart.ToSvg();

        (double X, double Y) Point(float[] a, float[] b)
        {
            int at = facts.IsBinary ? a.Length - 1 : Array.IndexOf(a, a.Max());
            return (a[at], (double)b[at] - a[at]);
        }
    }

    // int16 over int8, in the colours of the table of layers.
    private static int Style(int index) => index == 0 ? 2 : index == 1 ? 0 : 1;

    private static string Layers(PrecisionStudy study)
    {
        double best = study.Layers.SelectMany(layer => new[] { layer.Int8, layer.Int16 }).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        string table = HtmlParts.Table(
            ["layer", "int8", "", "int16", "", "weights", "MACs"],
            study.Layers.Select(row => (string[])
            [
                Html.Escape(row.Layer.Name),
                Decibels(row.Int8),
                HtmlParts.Meter(double.IsFinite(row.Int8) ? row.Int8 / best : 1, 0),
                Decibels(row.Int16),
                HtmlParts.Meter(double.IsFinite(row.Int16) ? row.Int16 / best : 1, 2),
                Html.Count(row.Layer.Weights),
                Html.Count(row.Layer.MultiplyAccumulates),
            ]));
        return HtmlParts.Figure("Signal to noise by layer", table, "Of the model's outputs, with only this layer quantized and all others in float32. Raise the layer with the lowest int8 value first; <code>--precision auto</code> does this.");
    }
}
