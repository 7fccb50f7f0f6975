using System.Xml.Linq;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Report;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>Reports of models whose outputs are their inputs, so that each number of a section follows from rows that a test writes down.</summary>
internal static class ReportCase
{
    /// <summary>A model that gives what it takes.</summary>
    internal static EdgeModel Identity(int width, Action<ModelBuilder>? more = null)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, width], 256);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        more?.Invoke(builder);
        return EdgeModel.Load(builder.Build());
    }

    internal static ReportFacts Facts(EdgeModel model, float[][] rows, int[] labels, params string[] classes) =>
        ReportFacts.Of(model, new LabelledTable([.. Enumerable.Range(0, rows[0].Length).Select(i => $"f{i}")], rows, labels, classes), "rows.csv", "y");

    /// <summary>A section's body as a tree.</summary>
    internal static XElement Read(Section section) => XElement.Parse($"<section id=\"{section.Identifier}\">{section.Body}</section>");

    /// <summary>The cells of a table without a class of its own.</summary>
    internal static string[][] Table(XElement section, int index = 0) =>
        [.. section.Descendants("table").Where(table => (string?)table.Attribute("class") is null or "named").ElementAt(index).Element("tbody")!.Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];

    /// <summary>Width in per cent and series of each bar of a share.</summary>
    internal static (string Width, string Series)[] Meters(XElement section) => [.. section.Descendants("span").Where(span => ((string?)span.Attribute("class"))?.StartsWith("meter ", StringComparison.Ordinal) == true)
        .Select(span => (((string)span.Attribute("style")!)["--w:".Length..], ((string)span.Attribute("class")!)["meter ".Length..]))];

    internal static string Text(XElement section, string identifier) => section.Descendants().Single(element => (string?)element.Attribute("id") == identifier).Value;
}
