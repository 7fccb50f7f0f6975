using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Each activation function that the model uses, over the inputs that the data gives it, and what its tables cost.</summary>
internal static class ActivationSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.Precisions?.Prepared is not { } prepared)
        {
            return null;
        }

        var groups = prepared.Graph.Nodes.Where(node => node.Opcode == Opcode.Activation)
            .GroupBy(node => ((ActivationKind)node.Parameters[ActivationRule.Kind], node.Float(ActivationRule.Alpha), node.Float(ActivationRule.Beta))).ToArray();
        return groups.Length == 0
            ? null
            : new Section("activations", "Activation functions", HtmlParts.Grid(groups.SelectMany(group => Figures(prepared, ActivationFunctions.Get(group.Key.Item1), group.Key.Item2, group.Key.Item3, [.. group]))));
    }

    private static IEnumerable<string> Figures(PreparedGraph prepared, ActivationFunction function, float alpha, float beta, Node[] nodes)
    {
        ValueRange input = Union(nodes.Select(node => prepared.Calibration[node.Input(0)].Range));
        ValueRange output = Union(nodes.Select(node => prepared.Calibration[node.Output].Range));
        double low = Math.Min(input.Low, -1);
        double high = Math.Max(input.High, 1);
        string places = nodes.Length == 1 ? $"<code>{Html.Escape(nodes[0].Output.Name)}</code>" : $"{nodes.Length} places";
        yield return HtmlParts.Figure(
            $"{function.Name} in {places}",
            ActivationChart.Of(function, alpha, beta, low, high).ToSvg(),
            $"Over its input range in the data, {Html.Short(input.Low)} to {Html.Short(input.High)}.");
        if (nodes.Any(node => node.Inputs.Count > 1))
        {
            yield return HtmlParts.Figure($"{function.Name} in fixed point", "", "No table: each channel has its own slope, so the drawing shows the default one.");
            yield break;
        }

        yield return function.Clamp is not null
            ? HtmlParts.Figure($"{function.Name} in fixed point", "", "No table and no extra error: the layer's result is clamped.")
            : TableError(UnaryFunction.Of(function.Kind, alpha, beta), function, input, output);
    }

    private static string TableError(UnaryFunction function, ActivationFunction activation, ValueRange input, ValueRange output)
    {
        Quantization to = ActivationRange.Known(activation.Kind, Precision.Int8) ?? output.ToInt8();
        Quantization from = ActivationRange.Input(function, input, to.Scale).ToInt8();
        var rounding = new TableRounding(function, from.Scale, from.ZeroPoint, to.Scale, to.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
        sbyte[] table = TableBuilder.Int8(function, from.Scale, from.ZeroPoint, to.Scale, to.ZeroPoint);
        (double X, double Y)[] errors = [.. table.Select((entry, i) => ((double)from.Scale * (i - 128 - from.ZeroPoint), entry - Math.Clamp(rounding.Exact(i - 128), sbyte.MinValue, sbyte.MaxValue)))];
        Int16Table int16 = Int16TableBuilder.Build(function, input.Widened(2).ToInt16().Scale, (ActivationRange.Known(activation.Kind, Precision.Int16) ?? output.Widened(2).ToInt16()).Scale);
        var chart = new Chart($"Error of the int8 table of {activation.Name}", Axis.Around(errors.Select(point => point.X), "input"), new Axis(-0.6, 0.6, "error, LSB"));
        chart.Line([(errors[0].X, 0.5), (errors[^1].X, 0.5)], "s9 thin dash").Line([(errors[0].X, -0.5), (errors[^1].X, -0.5)], "s9 thin dash").Dots(errors, "s0", 1.6);
        return HtmlParts.Figure(
            $"{activation.Name} as a table",
            chart.ToSvg(),
            $"int8: 256 entries, at most {Html.Rate(errors.Max(point => Math.Abs(point.Y)))} LSB from the exact value; the optimum is half an LSB. int16: {Html.Count(int16.Bytes)} bytes, at most {Html.Rate(int16.MaxError)} LSB, {Html.Count(int16.Misrounded)} of 65,536 inputs not correctly rounded.");
    }

    private static ValueRange Union(IEnumerable<ValueRange> ranges) => ranges.Aggregate((a, b) => new ValueRange(Math.Min(a.Low, b.Low), Math.Max(a.High, b.High)));
}
