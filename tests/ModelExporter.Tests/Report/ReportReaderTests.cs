using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Report.Charts;
using EdgeInference.Tool.Report.Sections;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>What a reader of the page would stumble over: signs, names, thresholds, bytes that do not add up, text without contrast.</summary>
public sealed class ReportReaderTests
{
    private static readonly string[] series = ["--c0", "--c1"];

    [Theory]
    [InlineData(1, "1 0 1")]
    [InlineData(3, "2 0 2")]
    [InlineData(7, "5 1 0 1 5")]
    [InlineData(80, "50 10 0 10 50")]
    [InlineData(1000, "1,000 200 0 200 1,000")]
    public void Rows_of_two_classes_have_counts_both_ways(int most, string expected)
    {
        var axis = Axis.BothWays(most, "rows");
        Assert.Equal(expected, string.Join(' ', axis.Marks!.Select(mark => mark.Text)));
        Assert.All(axis.Marks!, mark => Assert.InRange(mark.Place, axis.Low, axis.High));
        Assert.All(axis.Marks!, mark => Assert.Equal(double.Parse(mark.Text, NumberStyles.Number, CultureInfo.InvariantCulture), mark.Place * mark.Place, 1e-9));
    }

    [Fact]
    public void No_axis_of_rows_has_a_sign()
    {
        using EdgeModel model = ReportCase.Identity(1);
        XElement section = ReportCase.Read(BinaryQualitySection.Make(ReportCase.Facts(model, [.. Enumerable.Range(0, 200).Select(i => new[] { i / 200f })], [.. Enumerable.Range(0, 200).Select(i => i / 100)], "0", "1")));
        Assert.Equal(["5", "1", "0", "1", "5"], ChartReader.In(section, "Probabilities by class").Ticks(horizontal: false).Select(tick => tick.Text));
    }

    [Fact]
    public void A_class_that_is_a_number_is_named_as_a_class_in_a_sentence()
    {
        using EdgeModel model = ReportCase.Identity(1);
        ReportFacts numbers = ReportCase.Facts(model, [[0.2f], [0.9f]], [0, 1], "0", "1");
        ReportFacts words = ReportCase.Facts(model, [[0.2f], [0.9f]], [0, 1], "no", "yes");
        Assert.Equal("probability of class 1", ChartReader.In(ReportCase.Read(BinaryQualitySection.Make(numbers)), "Probabilities by class").Texts("title middle")[0]);
        Assert.Equal("probability of yes", ChartReader.In(ReportCase.Read(BinaryQualitySection.Make(words)), "Probabilities by class").Texts("title middle")[0]);
    }

    [Theory]
    [InlineData(0.99996f, "0.99996")]
    [InlineData(0.3554321f, "0.3554321")]
    [InlineData(0.5f, "0.5")]
    public void The_threshold_has_all_its_digits_wherever_it_stands(float threshold, string text)
    {
        using EdgeModel model = ReportCase.Identity(1, builder => builder.AddFloats(MetadataKey.Threshold, [threshold]));
        ReportFacts facts = ReportCase.Facts(model, [[0.2f], [0.9f]], [0, 1], "no", "yes");
        XElement section = ReportCase.Read(BinaryQualitySection.Make(facts));
        Assert.Equal(text, ReportCase.Text(section, "t"));
        Assert.Equal($"back to the model's {text}", ReportCase.Text(section, "reset"));
        XElement tile = section.Descendants("b").Single(value => (string?)value.Attribute("id") == "accuracy").Parent!;
        Assert.Equal($"accuracy at the model's threshold {text}", tile.Element("span")!.Value);
        Assert.Equal(ReportCase.Text(section, "accuracy"), ReportCase.Text(section, "m-accuracy"));
        Assert.Equal(text, ReportCase.Read(ModelSection.Make(facts)).Descendants("dt").Single(name => name.Value == "threshold").ElementsAfterSelf("dd").Single().Value);
    }

    [Fact]
    public void The_parts_of_the_file_add_up_and_each_is_explained()
    {
        using EdgeModel model = ReportCase.Identity(2, builder => builder.AddTensorNames(["in", "out"]));
        ReportFacts facts = ReportCase.Facts(model, [[0.2f, 0.8f], [0.9f, 0.1f]], [0, 1], "no", "yes");
        XElement section = ReportCase.Read(BytesSection.Make(facts));
        string[][] rows = ReportCase.Table(section);
        Assert.Equal("file", rows[^1][0]);
        Assert.Equal(model.File.Length, rows[..^1].Sum(row => int.Parse(row[3], NumberStyles.Number, CultureInfo.InvariantCulture)));
        Assert.Equal($"{model.File.Length:N0}", rows[^1][3]);
        Assert.All(rows[..^1], row => Assert.NotEqual("", row[2]));
        Assert.Contains($"the arena, {model.File.ArenaBytes:N0} bytes", section.Element("p")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_table_can_be_scrolled_by_key_and_has_a_name()
    {
        using EdgeModel model = ReportCase.Identity(3);
        float[][] rows = [[0.8f, 0.1f, 0.1f], [0.1f, 0.8f, 0.1f], [0.1f, 0.1f, 0.8f]];
        var page = new ReportPageReader(ReportPage.Make(ReportCase.Facts(model, rows, [0, 1, 2], "a", "b", "c")));
        XElement[] tables = [.. page.Root.Descendants("table")];
        Assert.InRange(tables.Length, 6, 30);
        foreach (XElement box in tables.Select(table => table.Parent!))
        {
            Assert.Equal("scroll", (string?)box.Attribute("class"));
            Assert.Equal(("region", "0"), ((string?)box.Attribute("role"), (string?)box.Attribute("tabindex")));
            Assert.False(string.IsNullOrEmpty((string?)box.Attribute("aria-label")));
        }
    }

    [Theory]
    [InlineData(false, "0", "1", "2", "3", "4")]
    [InlineData(true, "sitting", "standing", "walking", "running", "cycling")]
    [InlineData(false, "setosa", "versicolor", "virginica")]
    public void Long_names_stand_upright_above_many_columns(bool upright, params string[] classes)
    {
        using EdgeModel model = ReportCase.Identity(classes.Length);
        float[][] rows = [.. classes.Select((_, c) => Enumerable.Range(0, classes.Length).Select(i => i == c ? 0.8f : 0.2f / (classes.Length - 1)).ToArray())];
        XElement section = ReportCase.Read(MulticlassQualitySection.Make(ReportCase.Facts(model, rows, [.. Enumerable.Range(0, classes.Length)], classes)));
        XElement matrix = section.Descendants("table").First();
        Assert.Equal(upright ? "matrix small long" : "matrix small", (string)matrix.Attribute("class")!);
        Assert.Equal(classes, matrix.Element("thead")!.Descendants("th").Select(head => head.Value));
    }

    // W3C, Web Content Accessibility Guidelines 2.2, 1.4.3: text on its background has a contrast of 4.5 or more.
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Text_has_contrast(string scheme)
    {
        using EdgeModel model = ReportCase.Identity(1);
        string style = ReportPage.Make(ReportCase.Facts(model, [[0.2f], [0.9f]], [0, 1], "no", "yes"));
        string[] blocks = [.. Regex.Matches(style, @":root \{([^}]*)\}").Select(match => match.Groups[1].Value)];
        int at = scheme == "light" ? 0 : 1;
        double[] Colour(string name) => [.. Convert.FromHexString(Regex.Match(blocks[at], name + ": #([0-9a-f]{6});").Groups[1].Value).Select(part => (double)part)];
        double Percent(string name) => double.Parse(Regex.Match(blocks[at + 2], name + @": (\d+)%").Groups[1].Value, CultureInfo.InvariantCulture) / 100;
        double[] ink = Colour("--ink");
        double[] most = [Percent("--most-good"), Percent("--most-bad") + 0.18];
        foreach ((int i, string name) in series.Index())
        {
            double[] cell = [.. Colour(name).Zip(Colour("--tint"), (a, b) => (a * most[i]) + (b * (1 - most[i])))];
            Assert.InRange(Contrast(ink, cell), 4.5, 21);
        }

        foreach (string back in new[] { "--paper", "--page", "--tint" })
        {
            Assert.InRange(Contrast(ink, Colour(back)), 4.5, 21);
            Assert.InRange(Contrast(Colour("--soft"), Colour(back)), 4.5, 21);
        }
    }

    private static double Contrast(double[] a, double[] b)
    {
        (double x, double y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(double[] colour)
    {
        double[] linear = [.. colour.Select(part => part / 255).Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }
}
