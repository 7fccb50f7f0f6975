using System.Xml.Linq;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>Axes, ticks, texts of numbers and shapes of charts, each against values worked by hand.</summary>
public sealed class ChartPartsTests
{
    [Theory]
    [InlineData(new[] { 0.0, 10 }, -0.4, 10.4)]
    [InlineData(new[] { 5.0, double.NaN, 1, double.PositiveInfinity, double.NegativeInfinity }, 0.84, 5.16)]
    [InlineData(new[] { 3.0, 3 }, 2.88, 3.12)] // 4 % of the value
    [InlineData(new[] { 0.5 }, 0.46, 0.54)] // 4 % of 1 at least
    [InlineData(new[] { -200.0 }, -208, -192)]
    [InlineData(new[] { double.NaN }, 0, 1)]
    [InlineData(new double[0], 0, 1)]
    public void An_axis_around_values_leaves_room(double[] values, double low, double high)
    {
        var axis = Axis.Around(values, "x");
        Assert.Equal(low, axis.Low, 1e-12);
        Assert.Equal(high, axis.High, 1e-12);
        Assert.Equal("x", axis.Label);
    }

    [Theory]
    [InlineData(new[] { 10.0, 50 }, 52)]
    [InlineData(new[] { 0.0 }, 1)]
    [InlineData(new[] { -3.0 }, 1)]
    [InlineData(new double[0], 1)]
    public void An_axis_from_zero_ends_a_little_above_the_highest(double[] values, double high)
    {
        var axis = Axis.FromZero(values, "x");
        Assert.Equal((0, "x"), (axis.Low, axis.Label));
        Assert.Equal(high, axis.High, 1e-12);
    }

    // Steps of 1, 2 or 5 times a power of ten: the first that is not below length / count.
    [Theory]
    [InlineData(0, 5, 5, false, 0, 1, 6)] // exactly 1
    [InlineData(0, 5.01, 5, false, 0, 2, 3)]
    [InlineData(0, 10, 5, false, 0, 2, 6)] // exactly 2
    [InlineData(0, 10.1, 5, false, 0, 5, 3)]
    [InlineData(0, 25, 5, false, 0, 5, 6)] // exactly 5
    [InlineData(0, 26, 5, false, 0, 10, 3)]
    [InlineData(-1, 1, 5, false, -1, 0.5, 5)]
    [InlineData(0.1, 0.3, 5, false, 0.1, 0.05, 5)] // both ends, whatever the last bit of 0.3 / 0.05
    [InlineData(0.11, 0.29, 5, false, 0.15, 0.05, 3)]
    [InlineData(0, 2, 5, true, 0, 1, 3)] // whole numbers only
    [InlineData(0, 2, 5, false, 0, 0.5, 5)]
    [InlineData(0, 60, 6, true, 0, 10, 7)]
    [InlineData(1, 100, 6, true, 20, 20, 5)]
    [InlineData(0, 0.0006, 6, false, 0, 0.0001, 7)]
    public void Ticks_step_by_round_numbers(double low, double high, int count, bool whole, double first, double step, int ticks)
    {
        IReadOnlyList<double> found = new Axis(low, high, "") { IsWhole = whole }.Ticks(count);
        Assert.Equal(ticks, found.Count);
        Assert.All(found.Index(), tick => Assert.Equal(first + (tick.Index * step), tick.Item, 1e-9 * Math.Max(1, Math.Abs(high))));
    }

    [Theory]
    [InlineData(0, 60000, new[] { "0", "10k", "20k", "30k", "40k", "50k", "60k" })]
    [InlineData(0, 5000, new[] { "0", "1000", "2000", "3000", "4000", "5000" })]
    [InlineData(0, 15000, new[] { "0", "5000", "10k", "15k" })]
    [InlineData(-60000, 0, new[] { "-60k", "-50k", "-40k", "-30k", "-20k", "-10k", "0" })]
    [InlineData(10000, 13000, new[] { "10k", "10.5k", "11k", "11.5k", "12k", "12.5k", "13k" })]
    [InlineData(0, 0.006, new[] { "0", "0.001", "0.002", "0.003", "0.004", "0.005", "0.006" })]
    [InlineData(0, 0.0006, new[] { "0", "0.0001", "0.0002", "0.0003", "0.0004", "0.0005", "0.0006" })]
    [InlineData(0, 0.00006, new[] { "0", "1e-5", "2e-5", "3e-5", "4e-5", "5e-5", "6e-5" })]
    [InlineData(-1, 1, new[] { "-1", "-0.5", "0", "0.5", "1" })]
    public void Ticks_are_written_short(double low, double high, string[] expected)
    {
        var chart = ChartReader.Of(new Chart("c", new Axis(low, high, "x"), new Axis(0, 1, "y")).ToSvg());
        var ticks = chart.Ticks(horizontal: true);
        Assert.Equal(expected, ticks.Select(tick => tick.Text));
        Assert.All(ticks.Index(), tick => Assert.Equal(tick.Index / (double)(ticks.Length - 1), tick.Item.Place, 0.0004));
    }

    [Fact]
    public void The_frame_holds_six_and_five_ticks_and_its_titles()
    {
        string svg = new Chart("a <name>", new Axis(0, 6, "x & more"), new Axis(0, 5, "y \"two\"")).ToSvg();
        var chart = ChartReader.Of(svg);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], chart.Ticks(horizontal: true).Select(tick => tick.Text));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], chart.Ticks(horizontal: false).Select(tick => tick.Text));
        Assert.All(chart.Ticks(horizontal: false).Index(), tick => Assert.Equal(tick.Index / 5.0, tick.Item.Place, 0.0006));
        Assert.Equal(["x & more", "y \"two\""], chart.Texts("title middle"));
        Assert.Equal("a <name>", chart.Name);
        XElement root = XDocument.Parse(svg).Root!;
        Assert.Equal("0 0 400 260", (string)root.Attribute("viewBox")!);

        // A grid line for each tick, from end to end of the frame.
        string[] grid = [.. root.Elements("path").Where(path => (string?)path.Attribute("class") == "grid").Select(path => (string)path.Attribute("d")!)];
        Assert.Equal(7 + 6, grid.Length);
        Assert.All(grid[..7], line => Assert.EndsWith(" 12V218", line, StringComparison.Ordinal));
        Assert.All(grid[7..], line => Assert.True(line.StartsWith("M50 ", StringComparison.Ordinal) && line.EndsWith("H390", StringComparison.Ordinal)));
        string file = new Chart("a <name>", new Axis(0, 6, "x"), new Axis(0, 5, "y")).ToFile();
        XElement own = XDocument.Parse(file).Root!;
        Assert.Equal(("400", "260", "http://www.w3.org/2000/svg"), ((string)own.Attribute("width")!, (string)own.Attribute("height")!, own.Name.NamespaceName));
        Assert.Contains(".chart .line", file, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_and_bands_are_cut_at_the_frame_and_verticals_left_out()
    {
        var drawn = new Chart("c", new Axis(0, 10, "x"), new Axis(0, 10, "y"));
        drawn.Box(-5, 5, 2, 20, "cut", "<hint>").Box(4, 6, -1, 3, "low").Band(8, 12, "band").Verticals([-0.1, 0, 4, 10, 10.1], "steps").Mark(2.5, 7.5, "m").Dots([(1, 9)], "d", 3);
        string svg = drawn.ToSvg();
        var chart = ChartReader.Of(svg);
        Assert.Equal([(0, 0.5, 0.2, 1, "<hint>")], Rounded(chart.Boxes("cut")));
        Assert.Equal([(0.4, 0.6, 0, 0.3, "")], Rounded(chart.Boxes("low")));
        Assert.Equal([(0.8, 1, 0, 1, "")], Rounded(chart.Boxes("band")));
        Assert.Equal([0, 0.4, 1], chart.Verticals("steps").Select(x => Math.Round(x, 3)));
        Assert.Equal((0.25, 0.75), (Math.Round(chart.Mark("m").X, 3), Math.Round(chart.Mark("m").Y, 3)));
        Assert.Equal((0.1, 0.9), (Math.Round(chart.Dots("d").Single().X, 3), Math.Round(chart.Dots("d").Single().Y, 3)));

        // What a script needs to move the mark: origin and extent of the frame.
        XElement mark = XDocument.Parse(svg).Root!.Elements("circle").Single();
        Assert.Equal(("50", "218", "340", "206"), ((string)mark.Attribute("data-x0")!, (string)mark.Attribute("data-y0")!, (string)mark.Attribute("data-w")!, (string)mark.Attribute("data-h")!));
        Assert.Equal("3", (string)XDocument.Parse(svg).Root!.Element("g")!.Element("circle")!.Attribute("r")!);
        Assert.Equal("2.5", (string)XDocument.Parse(new Chart("c", new Axis(0, 1, "x"), new Axis(0, 1, "y")).Dots([(0, 0)], "d").ToSvg()).Root!.Element("g")!.Element("circle")!.Attribute("r")!);

        // Bands lie behind the grid, all else before it.
        Assert.True(svg.IndexOf("class=\"band\"", StringComparison.Ordinal) < svg.IndexOf("class=\"grid\"", StringComparison.Ordinal));
        Assert.True(svg.IndexOf("class=\"cut\"", StringComparison.Ordinal) > svg.IndexOf("class=\"frame\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false, new[] { 24, 39, 54 }, 368, 363)]
    [InlineData(false, false, new[] { 24, 39, 54 }, 58, 77)]
    [InlineData(true, true, new[] { 208, 193, 178 }, 368, 363)]
    public void Rows_of_a_legend_do_not_cover_each_other(bool right, bool bottom, int[] heights, int key, int text)
    {
        var chart = new Chart("c", new Axis(0, 1, "x"), new Axis(0, 1, "y"));
        foreach (string name in new[] { "<a>", "b", "c" })
        {
            chart.Legend("s1", name, right, bottom);
        }

        XElement root = XDocument.Parse(chart.ToSvg()).Root!;
        XElement[] texts = [.. root.Elements("text").Where(element => ((string)element.Attribute("class")!).StartsWith("note", StringComparison.Ordinal))];
        Assert.Equal(["<a>", "b", "c"], texts.Select(element => element.Value));
        Assert.Equal(heights, texts.Select(element => (int)element.Attribute("y")!));
        Assert.All(texts, element => Assert.Equal((text, right ? "note end" : "note"), ((int)element.Attribute("x")!, (string)element.Attribute("class")!)));
        Assert.Equal(heights.Select(y => $"M{key} {y - 4}h14"), root.Elements("path").Where(path => (string?)path.Attribute("class") == "key s1").Select(path => (string)path.Attribute("d")!));
    }

    // A point on the tenth of a pixel of the last is left out, but not the first one after a gap.
    [Fact]
    public void A_line_leaves_out_points_that_cannot_be_told_apart()
    {
        string svg = new Chart("c", new Axis(0, 340, "x"), new Axis(0, 206, "y")).Line([(0, 0), (0.01, 0), (1, 0), (double.NegativeInfinity, 0), (1, 0), (1, 2), (1, 2.2)], "s").ToSvg();
        Assert.Contains("d=\"M50 218L51 218M51 218L51 216L51 215.8\"", svg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(12345, "1.234e+4", "1.235e+4")]
    [InlineData(1234, "1234")]
    [InlineData(0.00012341, "0.0001234")]
    [InlineData(0.000012341, "1.234e-5")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1e-12, "1e-12")]
    [InlineData(2e15, "2e+15")]
    [InlineData(float.NaN, "NaN")]
    public void Numbers_have_four_digits(double value, params string[] either) => Assert.Contains(Html.Short(value), either);

    [Theory]
    [InlineData(0.05, "0.1")]
    [InlineData(-0.05, "-0.1")]
    [InlineData(0.04, "0")]
    [InlineData(-0.04, "0")]
    [InlineData(2.25, "2.3")]
    [InlineData(100, "100")]
    public void Coordinates_have_one_decimal(double value, string expected) => Assert.Equal(expected, Html.Coordinate(value));

    [Fact]
    public void Rates_percentages_and_counts_are_written_as_everywhere()
    {
        Assert.Equal(("0.5000", "n/a", "1.0000"), (Html.Rate(0.5), Html.Rate(double.NaN), Html.Rate(0.99996)));
        Assert.Equal(("12.3%", "0.0%", "100.0%"), (Html.Percent(12.34), Html.Percent(0.04), Html.Percent(100)));
        Assert.Equal(("1,234,567", "0", "-1,000", "3,000,000,000"), (Html.Count(1_234_567), Html.Count(0), Html.Count(-1000), Html.Count(3_000_000_000)));
    }

    [Theory]
    [InlineData("\t\n\r ", "\t\n\r ")]
    [InlineData("\u001F\u007E\u007F\u009F\u00A0", "\uFFFD~\uFFFD\uFFFD\u00A0")]
    [InlineData("\uFFFD\uFFFE\uFFFF", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("😀", "😀")]
    public void What_XML_cannot_hold_is_replaced(string text, string expected) => Assert.Equal(expected, Html.Escape(text));

    [Theory]
    [InlineData(0.1234, 3, "12.3%", "s3")]
    [InlineData(-0.2, 0, "0%", "s0")]
    [InlineData(1.2, 9, "100%", "s9")]
    [InlineData(double.NaN, 10, "0%", "s0")]
    [InlineData(double.PositiveInfinity, 12, "0%", "s2")]
    public void A_bar_stays_within_its_cell(double share, int series, string width, string style) =>
        Assert.Equal($"<span class=\"meter {style}\" style=\"--w:{width}\"></span>", HtmlParts.Meter(share, series));

    [Fact]
    public void The_first_columns_of_a_table_are_texts()
    {
        XElement table = XElement.Parse(HtmlParts.Table(["a", "b", "c"], [["1", "2", "3"]], texts: 2)).Element("table")!;
        Assert.Equal([null, null, "n"], table.Descendants("th").Select(cell => (string?)cell.Attribute("class")));
        Assert.Equal([null, null, "n"], table.Descendants("td").Select(cell => (string?)cell.Attribute("class")));
        XElement one = XElement.Parse(HtmlParts.Table(["a", "b"], [["1", "2"]])).Element("table")!;
        Assert.Equal([null, "n"], one.Descendants("td").Select(cell => (string?)cell.Attribute("class")));
    }

    [Fact]
    public void A_drawing_over_a_short_range_shows_the_known_answers_within_it()
    {
        var relu = ActivationFunctions.Get(ActivationKind.ReLU);
        var chart = ChartReader.Of(ActivationChart.Of(relu, 0, 0, 0, 4).ToSvg());
        Assert.Equal([(0, 0), (0.25, 1)], chart.Dots("s0").Select(dot => (Math.Round(dot.X, 3), Math.Round(Value(dot.Y, 4), 2))));
        Assert.Contains(("none", "f(−1) = 0"), chart.Legend());
        Assert.DoesNotContain(chart.Legend(), row => row.Style is "dead" or "flat");

        // Below 0 it is dead all over: one band over the whole, and nothing else.
        chart = ChartReader.Of(ActivationChart.Of(relu, 0, 0, -4, -1).ToSvg());
        Assert.Contains(("dead", "dead: derivative 0"), chart.Legend());
        Assert.Equal([(0, 1)], chart.Boxes("dead").Where(box => box.Right > box.Left).Select(box => (Math.Round(box.Left, 3), Math.Round(box.Right, 3))));
        Assert.DoesNotContain(chart.Boxes("flat"), box => box.Right - box.Left > 0.001);

        // The axis holds the function, its derivative and 0, and a tenth more above for the legend.
        static double Value(double share, double high)
        {
            double room = high * 0.04;
            double top = high + room + (0.1 * (high + (2 * room)));
            return -room + (share * (top + room));
        }
    }

    private static (double, double, double, double, string)[] Rounded((double Left, double Right, double Bottom, double Top, string Hint)[] boxes) =>
        [.. boxes.Select(box => (Math.Round(box.Left, 3), Math.Round(box.Right, 3), Math.Round(box.Bottom, 3), Math.Round(box.Top, 3), box.Hint))];
}
