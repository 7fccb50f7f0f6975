using System.Globalization;
using EdgeInference.Tool.Summaries;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>Prints a trained model's graph before and after the passes.</summary>
internal static class GraphPrinter
{
    internal static void Print(string path, GraphSummary summary)
    {
        IAnsiConsole console = Terminal.Console;
        var facts = new Grid().AddColumn().AddColumn();
        facts.AddRow("file", Markup.Escape(path));
        facts.AddRow("name", Markup.Escape(summary.Name));
        foreach ((string kind, PortSummary port) in summary.Inputs.Select(port => ("input", port)).Concat(summary.Outputs.Select(port => ("output", port))))
        {
            facts.AddRow(kind, Markup.Escape($"{(port.Name.Length > 0 ? $"'{port.Name}' " : "")}{port.Type} {port.Shape}"));
        }

        facts.AddRow("in the file", Markup.Escape(Counts(summary.Source)));
        facts.AddRow("constants", $"{Number(summary.Imported.ConstantElements)} elements as imported, {Number(summary.Optimized.ConstantElements)} after the passes");
        console.Write(facts);

        var operators = new Spectre.Console.Table { Border = Terminal.Border, Title = new TableTitle("nodes") };
        operators.AddColumns("operator", "as imported", "after the passes");
        foreach (string name in summary.Imported.Operators.Keys.Union(summary.Optimized.Operators.Keys).Order(StringComparer.Ordinal))
        {
            operators.AddRow(name, Number(summary.Imported.Operators.GetValueOrDefault(name)), Number(summary.Optimized.Operators.GetValueOrDefault(name)));
        }

        operators.AddRow("all", Number(summary.Imported.Nodes.Count), Number(summary.Optimized.Nodes.Count));
        console.Write(operators);

        var passes = new Spectre.Console.Table { Border = Terminal.Border, Title = new TableTitle("passes") };
        passes.AddColumns("pass", "runs", "removed", "added");
        foreach (EdgeInference.ModelConverter.Optimize.PassEffect effect in summary.Passes)
        {
            passes.AddRow(effect.Pass, Number(effect.Runs), Counts(effect.Removed), Counts(effect.Added));
        }

        console.Write(passes);
        var nodes = new Spectre.Console.Table { Border = Terminal.Border, Title = new TableTitle("after the passes") };
        nodes.AddColumns("#", "operator", "name", "input", "output", "constants");
        foreach (NodeSummary node in summary.Optimized.Nodes)
        {
            nodes.AddRow(
                Number(node.Index), node.Operator + (node.Activation.Length > 0 ? " + " + node.Activation : ""), Markup.Escape(node.Name), Markup.Escape(node.Input), Markup.Escape(node.Output), Number(node.ConstantElements));
        }

        console.Write(nodes);
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value.ToString(CultureInfo.InvariantCulture)}"));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
