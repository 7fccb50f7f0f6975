using System.Globalization;
using System.Text;

namespace EdgeInference.Benchmarks;

/// <summary>One layer's measured time and the least that this machine could take.</summary>
/// <param name="Layer">Inputs × outputs.</param>
/// <param name="Precision">float32 or int8.</param>
/// <param name="Bytes">Bytes of weights.</param>
/// <param name="Nanoseconds">Measured time.</param>
/// <param name="LimitNanoseconds">The limit.</param>
internal sealed record RooflinePoint(string Layer, string Precision, int Bytes, double Nanoseconds, double LimitNanoseconds);

/// <summary>Draws layers as bars of measured time over the limit, both axes from nothing.</summary>
internal static class RooflineDrawing
{
    private const int Left = 150;
    private const int Width = 640;
    private const int RowHeight = 26;
    private const int Top = 50;
    private const double MostTimes = 3;

    internal static string Draw(IReadOnlyList<RooflinePoint> points)
    {
        var svg = new StringBuilder();
        int height = Top + (points.Count * RowHeight) + 30;
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + 60}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        Text(svg, 10, 22, "start", "Time of one layer as a multiple of this machine's limit (1 = as fast as its caches or its multipliers allow)");
        for (int i = 0; i < points.Count; i++)
        {
            RooflinePoint point = points[i];
            double times = point.Nanoseconds / point.LimitNanoseconds;
            int y = Top + (i * RowHeight);
            string colour = point.Precision == "int8" ? "#c2711e" : "#2b6cb0";
            Text(svg, Left - 8, y + 15, "end", $"{point.Layer} {point.Precision}");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{y + 3}\" width=\"{Position(Math.Min(times, MostTimes)) - Left:F0}\" height=\"{RowHeight - 8}\" fill=\"{colour}\"/>\n");
            Text(svg, (int)Position(Math.Min(times, MostTimes)) + 5, y + 16, "start", string.Create(CultureInfo.InvariantCulture, $"{times:F2}"));
        }

        Line(svg, 1, height, "limit");
        Line(svg, 2, height, "bar: 2");
        return svg.Append("</svg>\n").ToString();
    }

    private static double Position(double times) => Left + (times / MostTimes * Width);

    private static void Line(StringBuilder svg, double times, int height, string label)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Position(times):F0}\" y1=\"{Top}\" x2=\"{Position(times):F0}\" y2=\"{height - 25}\" stroke=\"black\" stroke-dasharray=\"4 3\"/>\n");
        Text(svg, (int)Position(times), height - 10, "middle", label);
    }

    private static void Text(StringBuilder svg, int x, int y, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>\n");
}
