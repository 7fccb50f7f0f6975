using System.Globalization;
using System.Text;

namespace EdgeInference.Devices.Bindings.Tests.Wiring;

/// <summary>A wiring list as a picture: the header's pins at the left, the sensor's at the right. It brings its own background, so that it is readable on dark pages too.</summary>
internal static class WiringPicture
{
    private const int Row = 30;
    private const int Top = 56;

    internal static string Of(string title, Wire[] wires, string note)
    {
        Wire[] byPin = [.. wires.OrderBy(wire => wire.Pin)];
        int height = Top + (Row * wires.Length) + 44;
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 {height}\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\" aria-label=\"{Escaped(title)} on a Raspberry Pi\">");
        Line(svg, $"<rect width=\"560\" height=\"{height}\" rx=\"8\" fill=\"#ffffff\" stroke=\"#888888\"/>");
        Line(svg, $"<text x=\"20\" y=\"28\" fill=\"#202020\" font-weight=\"bold\">Raspberry Pi, 40-pin header</text>");
        Line(svg, $"<text x=\"540\" y=\"28\" fill=\"#202020\" font-weight=\"bold\" text-anchor=\"end\">{Escaped(title)}</text>");
        Line(svg, $"<rect x=\"20\" y=\"{Top - 16}\" width=\"190\" height=\"{(Row * wires.Length) + 8}\" rx=\"4\" fill=\"#e7f0e7\" stroke=\"#3c6e3c\"/>");
        Line(svg, $"<rect x=\"420\" y=\"{Top - 16}\" width=\"120\" height=\"{(Row * wires.Length) + 8}\" rx=\"4\" fill=\"#e6ebf5\" stroke=\"#39507e\"/>");
        for (int i = 0; i < byPin.Length; i++)
        {
            int left = Top + (Row * i);
            int right = Top + (Row * Array.IndexOf(wires, byPin[i]));
            string colour = Colour(byPin[i], i);
            Line(svg, $"<text x=\"30\" y=\"{left + 5}\" fill=\"#202020\">pin {byPin[i].Pin}: {Escaped(byPin[i].Signal)}</text>");
            Line(svg, $"<text x=\"430\" y=\"{right + 5}\" fill=\"#202020\">{Escaped(byPin[i].Sensor)}</text>");
            Line(svg, $"<path d=\"M210 {left} C300 {left} 330 {right} 420 {right}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\"/>");
            Line(svg, $"<circle cx=\"210\" cy=\"{left}\" r=\"4\" fill=\"{colour}\"/><circle cx=\"420\" cy=\"{right}\" r=\"4\" fill=\"{colour}\"/>");
        }

        Line(svg, $"<text x=\"20\" y=\"{height - 16}\" fill=\"#202020\">{Escaped(note)}</text>");
        Line(svg, $"</svg>");
        return svg.ToString();
    }

    private static string Colour(Wire wire, int number) =>
        wire.Signal.Contains('V', StringComparison.Ordinal) && wire.Signal.StartsWith('3') ? "#c62828"
        : wire.Signal == "ground" ? "#202020"
        : new[] { "#1565c0", "#2e7d32", "#ef6c00", "#6a1b9a" }[number % 4];

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
