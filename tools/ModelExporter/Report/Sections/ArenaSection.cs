using EdgeInference.ModelFormat;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>Which bytes of the arena hold which tensor, and for how long.</summary>
internal static class ArenaSection
{
    internal static Section? Make(ReportFacts facts)
    {
        ModelFile file = facts.Model.File;
        IReadOnlyList<TensorLife> lives = TensorLife.Of(file);
        if (file.ArenaBytes == 0)
        {
            return null;
        }

        string[] names = file.TensorNames();
        var chart = new Chart("Lifetimes of tensors in the arena", new Axis(-1, file.Operators.Length + 1, "operator, in the order of execution") { IsWhole = true }, Axis.FromZero([file.ArenaBytes], "byte of the arena"));
        foreach ((int i, TensorLife life) in lives.Index())
        {
            string name = life.Tensor.Index < names.Length ? names[life.Tensor.Index] : $"tensor {life.Tensor.Index}";
            chart.Box(life.First, life.Last + 1, life.Tensor.Offset, life.Tensor.Offset + life.Tensor.Bytes, $"life s{i % ChartStyle.Series}", $"{name}: {life.Tensor.Bytes} bytes from {life.Tensor.Offset}, {When(life, file)}");
        }

        long separate = lives.Sum(life => (long)life.Tensor.Bytes);
        string figure = HtmlParts.Figure("Arena over time", chart.ToSvg(), $"{Html.Count(lives.Count)} tensors of {Html.Count(separate)} bytes share {Html.Count(file.ArenaBytes)}. Overlapping boxes: the operator works in place. Inputs are written before operator 0, outputs are read after the last operator.");
        string table = HtmlParts.Table(
            ["tensor", "bytes", "from byte", "written", "last read"],
            lives.Select(life => (string[])
            [
                $"<code>{Html.Escape(life.Tensor.Index < names.Length ? names[life.Tensor.Index] : $"tensor {life.Tensor.Index}")}</code>",
                Html.Count(life.Tensor.Bytes),
                Html.Count(life.Tensor.Offset),
                life.First < 0 ? "by the caller" : $"by {life.First}",
                life.Last >= file.Operators.Length ? "by the caller" : life.Last < 0 ? "never" : $"by {life.Last}",
            ]));
        return new Section("arena", "Arena: memory during an inference", HtmlParts.Grid(figure, $"<figure><h3>Tensors</h3><div class=\"tall\">{table}</div></figure>\n"));
    }

    private static string When(TensorLife life, ModelFile file) =>
        $"{(life.First < 0 ? "written by the caller" : $"written by operator {life.First}")}, {(life.Last >= file.Operators.Length ? "read by the caller" : life.Last < 0 ? "never read" : $"last read by operator {life.Last}")}";
}
