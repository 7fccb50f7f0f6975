using System.Globalization;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Weights and activations with the grid that quantization lays over them.</summary>
internal static class HistogramSection
{
    private const int MostTensors = 12;
    private const int Bins = 64;
    private const int LevelsOfABin = 4;
    private const double ChartPixels = 340;
    private const double LinePixels = 4;

    internal static Section Make(ReportFacts facts)
    {
        bool integers = facts.Model.File.Tensors.Any(tensor => tensor.IsQuantized);
        Graph file = integers ? GraphReader.Read(facts.Model.File) : GraphReader.ReadWithoutConstants(facts.Model.File);
        Graph? quantized = integers ? file : facts.Precisions?.Int8;
        string[] weights = [.. (quantized?.Nodes ?? []).Where(IsLayer).Select(node => Weights(node.Input(1))).Take(MostTensors)];
        Dictionary<string, Value> grids = (quantized?.Nodes ?? []).SelectMany(node => node.Outputs).Where(value => value.Quantization is not null).GroupBy(value => value.Name).ToDictionary(group => group.Key, group => group.First());
        Graph shown = integers ? file : facts.Precisions?.Prepared.Graph ?? file;
        WatchedTensor[] all = [.. shown.Nodes.SelectMany((node, i) => WatchedTensor.Of(node, i)).Where(tensor => tensor.Value.Type is TensorType.Float32 or TensorType.Int8 or TensorType.Int16 && !tensor.Value.IsState)];

        // What a layer's accumulator keeps to itself in fixed point has no grid.
        all = integers ? all : Array.FindAll(all, tensor => grids.ContainsKey(tensor.Value.Name) || grids.Count == 0);
        WatchedTensor[] watched = [.. all.Take(MostTensors)];
        List<float>[] values = shown == file ? WatchedTensor.Values(facts.Model, watched, facts.Table.Rows) : WatchedTensor.Values(shown, watched, facts.Table.Rows);
        string[] activations = [.. values.Select((list, i) => Activation(watched[i].Value, list, grids.GetValueOrDefault(watched[i].Value.Name)))];
        string note = HtmlParts.Note((integers
            ? "Weights and activations as stored in this file."
            : "Weights rounded to int8; activations in float32, with the int8 grid from minimum to maximum.")
            + (all.Length > MostTensors ? $" The first {MostTensors} of {all.Length} tensors." : ""));
        return new Section("histograms", "Weights and activations", note + HtmlParts.Grid([.. weights, .. activations]));
    }

    private static bool IsLayer(Node node) => OperatorDefinitions.Of(node.Opcode).IsLayer && node.Input(1).Data is sbyte[];

    private static string Weights(Value value)
    {
        sbyte[] data = (sbyte[])value.Data!;
        var counts = new int[Bins];
        foreach (sbyte level in data)
        {
            counts[(level + 128) / LevelsOfABin]++;
        }

        var chart = new Chart($"Weights {value.Name}", new Axis(-128, 128, "int8 level"), Axis.FromZero(counts.Select(count => 100.0 * count / data.Length), "% of weights"));
        for (int bin = 0; bin < Bins; bin++)
        {
            chart.Box((bin * LevelsOfABin) - 128 - 0.5, ((bin + 1) * LevelsOfABin) - 128 - 0.5, 0, 100.0 * counts[bin] / data.Length, "bar s4", $"{counts[bin]} weights");
        }

        chart.Verticals(Enumerable.Range(0, Bins + 1).Select(i => (double)((i * LevelsOfABin) - 128)), "steps");
        float[] scales = value.Quantization?.Scales ?? [value.Quantization?.Scale ?? 1];
        string grid = scales.Length == 1 ? $"a step is {Html.Short(scales[0])}" : $"each of {scales.Length} units has its own step, {Html.Short(scales.Min())} to {Html.Short(scales.Max())}";
        int zeros = data.Count(level => level == 0);
        return HtmlParts.Figure($"Weights <code>{Html.Escape(value.Name)}</code>", chart.ToSvg(), $"{Html.Count(data.Length)} weights; {grid}; {(zeros == 0 ? "none is" : zeros == 1 ? "one is" : Html.Count(zeros) + " are")} 0. A line every {LevelsOfABin} levels.");
    }

    private static string Activation(Value value, List<float> values, Value? grid)
    {
        bool isInt8 = grid is { Type: TensorType.Int8 };
        double scale = grid?.Quantization!.Scale ?? 0;
        double low = values.Min();
        double high = values.Max();
        if (isInt8)
        {
            low = Math.Min(low, scale * (-128.5 - grid!.Quantization!.ZeroPoint));
            high = Math.Max(high, scale * (127.5 - grid.Quantization.ZeroPoint));
        }

        if (high <= low)
        {
            (low, high) = (low - 1, high + 1);
        }

        double width = (high - low) / Bins;
        var counts = new int[Bins];
        foreach (float item in values)
        {
            counts[Math.Clamp((int)((item - low) / width), 0, Bins - 1)]++;
        }

        var chart = new Chart($"Activations {value.Name}", new Axis(low, high, "value"), Axis.FromZero(counts.Select(count => 100.0 * count / values.Count), "% of values"));
        for (int bin = 0; bin < Bins; bin++)
        {
            chart.Box(low + (bin * width), low + ((bin + 1) * width), 0, 100.0 * counts[bin] / values.Count, "bar s0", $"{counts[bin]} values");
        }

        string text = grid is null ? "stays in float32" : $"int16 in steps of {Html.Short(scale)}, finer than can be drawn";
        if (isInt8)
        {
            int every = (int)Math.Max(1, Math.Ceiling(LinePixels * (high - low) / (scale * ChartPixels)));
            chart.Verticals(Enumerable.Range(0, 256).Where(i => (i - 128 - grid!.Quantization!.ZeroPoint) % every == 0).Select(i => scale * (i - 128 - grid!.Quantization!.ZeroPoint)), "steps");
            text = $"int8 in steps of {Html.Short(scale)}, zero at level {grid!.Quantization!.ZeroPoint.ToString(CultureInfo.InvariantCulture)}; a line every {every} levels";
        }

        return HtmlParts.Figure($"<code>{Html.Escape(value.Name)}</code>", chart.ToSvg(), $"{Html.Count(values.Count)} values, {Html.Short(values.Min())} to {Html.Short(values.Max())}; {text}.");
    }
}
