using System.Globalization;
using System.Text;

namespace EdgeInference.Tool.Report.Charts;

/// <summary>
/// A chart with two linear axes as SVG. Colours are CSS classes, so that one drawing serves light and dark pages; the drawing
/// scales with its page and its text stays legible on a phone 360 pixels wide. Equal calls give equal bytes.
/// </summary>
internal sealed class Chart
{
    /// <summary>Width of the drawing's coordinates.</summary>
    internal const int Width = 400;

    /// <summary>Height of the drawing's coordinates.</summary>
    internal const int Height = 260;

    private const int Left = 50;
    private const int Right = Width - 10;
    private const int Top = 12;
    private const int Bottom = Height - 42;
    private const int LegendStep = 15;

    private readonly Axis x;
    private readonly Axis y;
    private readonly string name;
    private readonly StringBuilder back = new();
    private readonly StringBuilder front = new();
    private int legends;

    /// <summary>Begins a chart.</summary>
    /// <param name="name">What it shows, for those who cannot see it; unescaped.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    internal Chart(string name, Axis x, Axis y)
    {
        this.name = name;
        this.x = x;
        this.y = y;
    }

    /// <summary>How a script puts a mark at a point of the unit square: origin and extent in the drawing's coordinates.</summary>
    internal static string Frame => $"data-x0=\"{Left}\" data-y0=\"{Bottom}\" data-w=\"{Right - Left}\" data-h=\"{Bottom - Top}\"";

    /// <summary>A line through points; one that is not finite interrupts it.</summary>
    internal Chart Line(IEnumerable<(double X, double Y)> points, string style)
    {
        var path = new StringBuilder();
        string last = "";
        bool begins = true;
        foreach ((double px, double py) in points)
        {
            if (!double.IsFinite(px) || !double.IsFinite(py))
            {
                begins = true;
                continue;
            }

            string place = $"{X(px)} {Y(py)}";
            if (begins || place != last)
            {
                path.Append(begins ? 'M' : 'L').Append(place);
            }

            last = place;
            begins = false;
        }

        front.Append(CultureInfo.InvariantCulture, $"<path class=\"line {style}\" d=\"{path}\"/>\n");
        return this;
    }

    /// <summary>A dot at each point.</summary>
    internal Chart Dots(IEnumerable<(double X, double Y)> points, string style, double radius = 2.5)
    {
        var path = new StringBuilder();
        string r = Html.Coordinate(radius);
        foreach ((double px, double py) in points)
        {
            path.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(px)}\" cy=\"{Y(py)}\" r=\"{r}\"/>");
        }

        front.Append(CultureInfo.InvariantCulture, $"<g class=\"dot {style}\">{path}</g>\n");
        return this;
    }

    /// <summary>A dot that a script may move, found by its identifier.</summary>
    internal Chart Mark(double px, double py, string identifier)
    {
        front.Append(CultureInfo.InvariantCulture, $"<circle class=\"mark\" id=\"{identifier}\" cx=\"{X(px)}\" cy=\"{Y(py)}\" r=\"6\" {Frame}/>\n");
        return this;
    }

    /// <summary>A rectangle between two corners, cut at the frame, with a text that appears under the pointer.</summary>
    internal Chart Box(double x0, double x1, double y0, double y1, string style, string? hint = null)
    {
        double left = XPixel(Math.Clamp(x0, x.Low, x.High));
        double right = XPixel(Math.Clamp(x1, x.Low, x.High));
        double bottom = YPixel(Math.Clamp(y0, y.Low, y.High));
        double top = YPixel(Math.Clamp(y1, y.Low, y.High));
        string body = hint is null ? "/>" : $"><title>{Html.Escape(hint)}</title></rect>";
        front.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Html.Coordinate(left)}\" y=\"{Html.Coordinate(top)}\" width=\"{Html.Coordinate(right - left)}\" height=\"{Html.Coordinate(bottom - top)}\"{body}\n");
        return this;
    }

    /// <summary>A band over the whole height, behind everything else.</summary>
    internal Chart Band(double x0, double x1, string style)
    {
        double left = XPixel(Math.Clamp(x0, x.Low, x.High));
        double right = XPixel(Math.Clamp(x1, x.Low, x.High));
        back.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Html.Coordinate(left)}\" y=\"{Top}\" width=\"{Html.Coordinate(right - left)}\" height=\"{Bottom - Top}\"/>\n");
        return this;
    }

    /// <summary>Thin vertical lines over the whole height, those outside the axis left out.</summary>
    internal Chart Verticals(IEnumerable<double> places, string style)
    {
        var path = new StringBuilder();
        foreach (double place in places.Where(place => place >= x.Low && place <= x.High))
        {
            path.Append(CultureInfo.InvariantCulture, $"M{X(place)} {Top}V{Bottom}");
        }

        front.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"{path}\"/>\n");
        return this;
    }

    /// <summary>A text at a point.</summary>
    internal Chart Label(double px, double py, string text, string style = "", double right = 0, double down = 0)
    {
        front.Append(CultureInfo.InvariantCulture, $"<text class=\"note {style}\" x=\"{Html.Coordinate(XPixel(px) + right)}\" y=\"{Html.Coordinate(YPixel(py) + down)}\">{Html.Escape(text)}</text>\n");
        return this;
    }

    /// <summary>A row of the legend, below the last, in the corner where lines leave room.</summary>
    internal Chart Legend(string style, string text, bool right = true, bool bottom = false)
    {
        int row = legends++;
        int top = bottom ? Bottom - 10 - (row * LegendStep) : Top + 12 + (row * LegendStep);
        int at = right ? Right - 8 : Left + 8;
        front.Append(CultureInfo.InvariantCulture, $"<path class=\"key {style}\" d=\"M{(right ? at - 14 : at)} {top - 4}h14\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"note{(right ? " end" : "")}\" x=\"{(right ? at - 19 : at + 19)}\" y=\"{top}\">{Html.Escape(text)}</text>\n");
        return this;
    }

    /// <summary>The drawing for a page whose style sheet has <see cref="ChartStyle.Rules"/>.</summary>
    internal string ToSvg() => $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html.Escape(name)}\">\n{Body()}</svg>\n";

    /// <summary>The drawing as its own file, light or dark as its reader prefers.</summary>
    internal string ToFile() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{Html.Escape(name)}\">\n<style>\n{ChartStyle.Colours}{ChartStyle.Rules}</style>\n<rect class=\"paper\" width=\"{Width}\" height=\"{Height}\" rx=\"6\"/>\n{Body()}</svg>\n";

    private StringBuilder Body()
    {
        var body = new StringBuilder().Append(back);
        foreach ((double tick, string text) in Marks(x, 6))
        {
            body.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{X(tick)} {Top}V{Bottom}\"/><text class=\"tick middle\" x=\"{X(tick)}\" y=\"{Bottom + 14}\">{text}</text>\n");
        }

        foreach ((double tick, string text) in Marks(y, 5))
        {
            body.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {Y(tick)}H{Right}\"/><text class=\"tick end\" x=\"{Left - 5}\" y=\"{Html.Coordinate(YPixel(tick) + 4)}\">{text}</text>\n");
        }

        body.Append(CultureInfo.InvariantCulture, $"<path class=\"frame\" d=\"M{Left} {Top}V{Bottom}H{Right}\"/>\n");
        body.Append(front);
        body.Append(CultureInfo.InvariantCulture, $"<text class=\"title middle\" x=\"{(Left + Right) / 2}\" y=\"{Height - 8}\">{Html.Escape(x.Label)}</text>\n");
        return body.Append(CultureInfo.InvariantCulture, $"<text class=\"title middle\" transform=\"translate(11 {(Top + Bottom) / 2}) rotate(-90)\">{Html.Escape(y.Label)}</text>\n");
    }

    private static IEnumerable<(double Place, string Text)> Marks(Axis axis, int count) => axis.Marks ?? axis.Ticks(count).Select(tick => (tick, Tick(tick)));

    private static string Tick(double value)
    {
        double magnitude = Math.Abs(value);
        return magnitude >= 10000 ? value.ToString("0,.#k", CultureInfo.InvariantCulture)
            : magnitude is > 0 and < 0.001 ? Html.Short(value)
            : (magnitude < 1e-12 ? 0 : value).ToString("0.####", CultureInfo.InvariantCulture);
    }

    private double XPixel(double value) => Left + (x.Share(value) * (Right - Left));

    private double YPixel(double value) => Bottom - (y.Share(value) * (Bottom - Top));

    private string X(double value) => Html.Coordinate(XPixel(value));

    private string Y(double value) => Html.Coordinate(YPixel(value));
}
