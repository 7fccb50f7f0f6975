using System.Globalization;
using System.Xml.Linq;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>Reads a drawing back: pixels to shares of its frame, 0 to 1 each way, rounded to a tenth of a pixel as it was drawn.</summary>
internal sealed class ChartReader
{
    private readonly XElement svg;
    private readonly double left;
    private readonly double top;
    private readonly double bottom;
    private readonly double right;

    internal ChartReader(XElement svg)
    {
        this.svg = svg;

        // "M left top V bottom H right"
        double[] frame = Numbers((string)Elements("path", "frame").Single().Attribute("d")!);
        (left, top, bottom, right) = (frame[0], frame[1], frame[2], frame[3]);
    }

    internal static ChartReader Of(string svg) => new(XDocument.Parse(svg).Root!);

    /// <summary>The drawing of the figure with this heading.</summary>
    internal static ChartReader In(XElement section, string heading) => new(Figure(section, heading).Element("svg")!);

    internal static XElement Figure(XElement section, string heading) => section.DescendantsAndSelf("figure").Single(figure => figure.Element("h3")!.Value == heading);

    /// <summary>Texts of one kind, in the order drawn: title, note, tick.</summary>
    internal string[] Texts(string kind) => [.. Elements("text", kind).Select(text => text.Value)];

    internal string Name => (string)svg.Attribute("aria-label")!;

    /// <summary>The ticks of one axis: where each lies, and its text.</summary>
    internal (double Place, string Text)[] Ticks(bool horizontal) => [.. Elements("text", horizontal ? "tick middle" : "tick end").Select(text =>
        (horizontal ? X(Number(text, "x")) : Y(Number(text, "y") - 4), text.Value))];

    /// <summary>The legend: style and text of each row.</summary>
    internal (string Style, string Text)[] Legend() => [.. svg.Elements("path").Where(path => Class(path).StartsWith("key ", StringComparison.Ordinal)).Select(path => (Class(path)[4..], path.ElementsAfterSelf("text").First().Value))];

    internal (double Left, double Right, double Bottom, double Top, string Hint)[] Boxes(string style) => [.. Elements("rect", style).Select(box =>
    {
        double x = Number(box, "x");
        double y = Number(box, "y");
        return (X(x), X(x + Number(box, "width")), Y(y + Number(box, "height")), Y(y), box.Element("title")?.Value ?? "");
    })];

    internal (double X, double Y)[] Dots(string style) => [.. Elements("g", "dot " + style).Elements("circle").Select(dot => (X(Number(dot, "cx")), Y(Number(dot, "cy"))))];

    internal (double X, double Y) Mark(string identifier)
    {
        XElement mark = svg.Elements("circle").Single(circle => (string?)circle.Attribute("id") == identifier);
        return (X(Number(mark, "cx")), Y(Number(mark, "cy")));
    }

    /// <summary>The points of each line of a style.</summary>
    internal (double X, double Y)[][] Lines(string style) => [.. Elements("path", "line " + style).Select(line => Pairs((string)line.Attribute("d")!))];

    /// <summary>Where thin vertical lines stand.</summary>
    internal double[] Verticals(string style) => [.. Elements("path", style).SelectMany(path => ((string)path.Attribute("d")!).Split('M', StringSplitOptions.RemoveEmptyEntries)).Select(part => X(Numbers(part)[0]))];

    private static string Class(XElement element) => (string?)element.Attribute("class") ?? "";

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    private static double[] Numbers(string path) => [.. path.Split(['M', 'L', 'V', 'H', ' '], StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    private XElement[] Elements(string name, string style) => [.. svg.Elements(name).Where(element => Class(element) == style)];

    private (double X, double Y)[] Pairs(string path)
    {
        double[] numbers = Numbers(path);
        return [.. Enumerable.Range(0, numbers.Length / 2).Select(i => (X(numbers[2 * i]), Y(numbers[(2 * i) + 1])))];
    }

    private double X(double pixel) => (pixel - left) / (right - left);

    private double Y(double pixel) => (bottom - pixel) / (bottom - top);
}
