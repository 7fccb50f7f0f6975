using System.Globalization;
using System.Xml.Linq;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Report.Sections;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>Drawings and numbers of the decisions, each point worked out from rows by its definition in plain loops.</summary>
public sealed class ReportQualityTests
{
    // A tenth of a pixel of 206.
    private const double Pixel = 0.0006;

    // Ties within and between classes, edges of the 25 and of the 10 bins, 0 and 1.
    private static readonly float[] said = [0f, 0.04f, 0.08f, 0.079f, 0.1f, 0.2f, 0.28f, 0.3f, 0.36f, 0.4f, 0.44f, 0.5f, 0.5f, 0.52f, 0.52f, 0.6f, 0.64f, 0.7f, 0.7f, 0.72f, 0.76f, 0.8f, 0.9f, 0.96f, 0.99f, 1f, 1f];
    private static readonly int[] truth = [0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0];

    [Fact]
    public void Probabilities_are_counted_in_25_bins_one_class_up_and_one_down()
    {
        XElement section = Binary(said, truth, 0.3f);
        var chart = ChartReader.In(section, "Probabilities by class");
        int[][] counts = [new int[25], new int[25]];
        for (int i = 0; i < said.Length; i++)
        {
            int bin = 0;
            while (bin < 24 && (decimal)(double)said[i] >= (bin + 1) / 25m)
            {
                bin++;
            }

            counts[truth[i]][bin]++;
        }

        double most = Math.Sqrt(counts.Max(list => list.Max()));
        foreach ((int label, string style) in new[] { (1, "bar s0"), (0, "bar s1") })
        {
            var boxes = chart.Boxes(style);
            Assert.Equal(counts[label].Select(count => $"{count} rows of {(label == 1 ? "up" : "down")}"), boxes.Select(box => box.Hint));
            for (int bin = 0; bin < 25; bin++)
            {
                double height = Math.Sqrt(counts[label][bin]) / (2 * 1.05 * most);
                Near(bin / 25.0, boxes[bin].Left);
                Near((bin + 1) / 25.0, boxes[bin].Right);
                Near(label == 1 ? 0.5 + height : 0.5, boxes[bin].Top);
                Near(label == 1 ? 0.5 : 0.5 - height, boxes[bin].Bottom);
            }
        }

        Assert.Equal([("s0", "up"), ("s1", "down")], chart.Legend());
        Assert.Equal(["probability of up", "rows (square root scale)"], chart.Texts("title middle"));
        Near((0.3, 0.5), chart.Mark("cut-mark"));
        Assert.Contains("Rows of up point up, rows of down down;", ChartReader.Figure(section, "Probabilities by class").Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.3f)]
    [InlineData(0.5f)]
    [InlineData(0.7f)]
    public void Both_curves_go_through_the_rates_at_every_probability(float threshold)
    {
        XElement section = Binary(said, truth, threshold);
        var roc = ChartReader.In(section, "ROC");
        var recall = ChartReader.In(section, "Precision and recall");
        double positives = truth.Count(label => label == 1);
        double negatives = truth.Length - positives;
        var rocPoints = new List<(double, double)> { (0, 0) };
        var recallPoints = new List<(double, double)> { (0, 1) };
        foreach (float cut in said.Distinct().OrderDescending())
        {
            (double tp, double fp) = Counts(cut);
            rocPoints.Add((fp / negatives, tp / positives));
            recallPoints.Add((tp / positives, tp / (tp + fp)));
        }

        Near(rocPoints, roc.Lines("s0").Single());
        Near(recallPoints, recall.Lines("s0").Single());
        Near([(0, 0), (1, 1)], roc.Lines("s9 thin dash").Single());
        Near([(0, positives / truth.Length), (1, positives / truth.Length)], recall.Lines("s9 thin dash").Single());
        (double atTp, double atFp) = Counts(threshold);
        Near((atFp / negatives, atTp / positives), roc.Mark("roc-mark"));
        Near((atTp / positives, atTp / (atTp + atFp)), recall.Mark("pr-mark"));
        double pairs = 0;
        for (int i = 0; i < said.Length; i++)
        {
            for (int j = 0; j < said.Length; j++)
            {
                pairs += truth[i] == 1 && truth[j] == 0 ? said[i] > said[j] ? 1 : said[i] == said[j] ? 0.5 : 0 : 0;
            }
        }

        Assert.Equal([("s0", $"area {Rate(pairs / positives / negatives)}")], roc.Legend());
        Assert.Equal(Rate(pairs / positives / negatives), ReportCase.Text(section, "auc"));
        Assert.Equal(["false positive rate", "true positive rate"], roc.Texts("title middle"));
        Assert.Equal(["recall", "precision"], recall.Texts("title middle"));

        // Each cell's shade is its share of the row of its true class.
        string[] expected = [Shade(negatives - atFp, negatives), Shade(atFp, negatives), Shade(positives - atTp, positives), Shade(atTp, positives)];
        Assert.Equal(expected, new[] { "tn", "fp", "fn", "tp" }.Select(id => (string)section.Descendants("td").Single(cell => (string?)cell.Attribute("id") == id).Attribute("style")!));
        Assert.Equal((string)section.Descendants("input").Single().Attribute("value")!, Math.Round(threshold * 1000).ToString(CultureInfo.InvariantCulture));

        (double Tp, double Fp) Counts(float cut) => (said.Where((p, i) => p >= cut && truth[i] == 1).Count(), said.Where((p, i) => p >= cut && truth[i] == 0).Count());

        static string Shade(double count, double of) => string.Create(CultureInfo.InvariantCulture, $"--share:{count / of:0.###}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Rows_of_one_class_have_no_area_and_no_shade_in_the_other_row(int label)
    {
        XElement section = Binary([0.2f, 0.6f, 0.9f], [label, label, label], 0.5f);
        Assert.Equal("none: one class only", ReportCase.Text(section, "auc"));
        Assert.Equal(Rate(label == 1 ? 2.0 / 3 : 1.0 / 3), ReportCase.Text(section, "accuracy"));
        Assert.Equal([("s0", "area n/a")], ChartReader.In(section, "ROC").Legend());
        string[] shades = [.. new[] { "tn", "fp", "fn", "tp" }.Select(id => (string)section.Descendants("td").Single(cell => (string?)cell.Attribute("id") == id).Attribute("style")!)];
        Assert.Equal(label == 1 ? ["--share:0", "--share:0", "--share:0.333", "--share:0.667"] : ["--share:0.333", "--share:0.667", "--share:0", "--share:0"], shades);
        double log = new[] { 0.2f, 0.6f, 0.9f }.Average(p => -Math.Log(label == 1 ? p : 1 - (double)p));
        double brier = new[] { 0.2f, 0.6f, 0.9f }.Average(p => Math.Pow(label - (double)p, 2));
        Assert.Equal((Rate(log), Rate(brier)), (ReportCase.Text(section, "log-loss"), ReportCase.Text(section, "brier")));
    }

    [Fact]
    public void Of_two_outputs_the_second_is_drawn_and_a_tie_is_class_0()
    {
        using EdgeModel model = ReportCase.Identity(2);
        float[][] rows = [[0.5f, 0.5f], [0.9f, 0.1f], [0.25f, 0.75f]];
        ReportFacts facts = ReportCase.Facts(model, rows, [1, 0, 1], "no", "yes");
        Assert.True(facts.IsBinary);
        Assert.Equal([0.5f, 0.1f, 0.75f], facts.Positive);
        XElement section = ReportCase.Read(BinaryQualitySection.Make(facts));
        Assert.Equal(["1", "0", "1", "1"], new[] { "tp", "fp", "tn", "fn" }.Select(id => ReportCase.Text(section, id)));
        XElement bins = ReportCase.Read(CalibrationSection.Make(facts));
        Assert.Equal(["0", "1", "0", "0", "0", "1", "0", "1", "0", "0"], ReportCase.Table(bins).Select(row => row[1]));
    }

    [Fact]
    public void The_reliability_diagram_has_a_point_for_each_bin_with_rows()
    {
        using EdgeModel model = ReportCase.Identity(1);
        XElement section = ReportCase.Read(CalibrationSection.Make(ReportCase.Facts(model, [.. said.Take(18).Select(p => new[] { p })], truth[..18], "down", "up")));
        var chart = ChartReader.In(section, "Reliability");
        int[] Within(int bin) => [.. Enumerable.Range(0, 18).Where(i => (decimal)(double)said[i] >= bin / 10m && ((decimal)(double)said[i] < (bin + 1) / 10m || bin == 9))];
        int most = Enumerable.Range(0, 10).Max(bin => Within(bin).Length);
        var boxes = chart.Boxes("bar s9");
        Assert.Equal(10, boxes.Length);
        var points = new List<(double, double)>();
        for (int bin = 0; bin < 10; bin++)
        {
            int[] rows = Within(bin);
            Near((bin + 0.08) / 10, boxes[bin].Left);
            Near((bin + 0.92) / 10, boxes[bin].Right);
            Near(0, boxes[bin].Bottom);
            Near(0.25 * rows.Length / most, boxes[bin].Top);
            Assert.Equal($"{rows.Length} rows", boxes[bin].Hint);
            if (rows.Length > 0)
            {
                points.Add((rows.Average(i => (double)said[i]), rows.Average(i => (double)truth[i])));
            }
        }

        Assert.InRange(points.Count, 5, 9);
        Near(points, chart.Lines("s0").Single());
        Near(points, chart.Dots("s0"));
        Near([(0, 0), (1, 1)], chart.Lines("s9 thin dash").Single());
        Assert.Equal(["probability of up", "share of up"], chart.Texts("title middle"));
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"0.{i} to {(i == 9 ? "1.0" : $"0.{i + 1}")}")], ReportCase.Table(section).Select(row => row[0]));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Up_to_ten_classes_have_a_legend_and_a_class_without_rows_has_no_area(int classes, bool legend)
    {
        var random = new Random(12);
        float[][] rows = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, classes).Select(_ => (float)Math.Round(random.NextDouble() / classes, 3)).ToArray())];
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % (classes - 1))];
        string[] names = [.. Enumerable.Range(0, classes).Select(c => $"c{c}")];
        using EdgeModel model = ReportCase.Identity(classes);
        XElement section = ReportCase.Read(MulticlassQualitySection.Make(ReportCase.Facts(model, rows, labels, names)));
        var chart = ChartReader.In(section, "ROC, each class against the rest");
        string[][] table = ReportCase.Table(section);
        double sum = 0;
        for (int c = 0; c < classes; c++)
        {
            double positives = labels.Count(label => label == c);
            var points = new List<(double, double)> { (0, 0) };
            foreach (float cut in rows.Select(row => row[c]).Distinct().OrderDescending())
            {
                double tp = rows.Where((row, i) => row[c] >= cut && labels[i] == c).Count();
                double fp = rows.Where((row, i) => row[c] >= cut && labels[i] != c).Count();
                points.Add((fp / (40 - positives), positives == 0 ? 0 : tp / positives));
            }

            Near(points, chart.Lines($"s{c % 10} thin")[c / 10]);
            double area = points.Zip(points.Skip(1)).Sum(step => (step.Second.Item1 - step.First.Item1) * (step.Second.Item2 + step.First.Item2) / 2);
            sum += positives == 0 ? 0 : area;
            Assert.Equal([$"c{c}", $"{positives}", positives == 0 ? "n/a" : Rate(area)], [table[c][0], table[c][1], table[c][5]]);
        }

        Assert.Equal(Rate(sum / (classes - 1)), ReportCase.Text(section, "auc"));

        // The legend grows upwards, so that its first row is the last class.
        Assert.Equal(legend ? [.. Enumerable.Range(0, classes).Reverse().Select(c => ($"s{c}", $"c{c}"))] : [], chart.Legend());
        Near([(0, 0), (1, 1)], chart.Lines("s9 thin dash").Single());
        double loss = rows.Zip(labels).Average(pair => -Math.Log(Math.Clamp(pair.First[pair.Second] / pair.First.Sum(value => (double)value), Math.Pow(2, -23), 1 - Math.Pow(2, -23))));
        Assert.Equal(Rate(loss), ReportCase.Text(section, "log-loss"));

        // Shades are shares of the true class; an empty class has none.
        XElement[] matrix = [.. section.Descendants("table").Single(element => (string?)element.Attribute("class") == "matrix small").Element("tbody")!.Elements("tr")];
        for (int c = 0; c < classes; c++)
        {
            int support = labels.Count(label => label == c);
            for (int k = 0; k < classes; k++)
            {
                int count = rows.Where((row, i) => labels[i] == c && Array.IndexOf(row, row.Max()) == k).Count();
                XElement cell = matrix[c].Elements("td").ElementAt(k);
                Assert.Equal(count == 0 ? "·" : $"{count}", cell.Value);
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"--share:{(support == 0 ? 0 : (double)count / support):0.###}"), (string)cell.Attribute("style")!);
                Assert.Equal(c == k ? "cell good" : "cell bad", (string)cell.Attribute("class")!);
            }
        }
    }

    [Fact]
    public void Honesty_of_several_classes_is_of_the_one_decided_for()
    {
        // The tie goes to the first, as the decision does.
        float[][] rows = [[0.4f, 0.4f, 0.2f], [0.4f, 0.4f, 0.2f], [0.1f, 0.15f, 0.75f], [0.1f, 0.15f, 0.75f], [0.2f, 0.72f, 0.08f]];
        using EdgeModel model = ReportCase.Identity(3);
        XElement section = ReportCase.Read(CalibrationSection.Make(ReportCase.Facts(model, rows, [0, 1, 2, 0, 1], "a", "b", "c")));
        string[][] bins = ReportCase.Table(section);
        Assert.Equal(["2", "0.4000", "0.5000"], bins[4][1..]);
        Assert.Equal(["3", "0.7400", "0.6667"], bins[7][1..]);
        Assert.Equal(["probability of the predicted class", "share predicted correctly"], ChartReader.In(section, "Reliability").Texts("title middle"));
    }

    private static XElement Binary(float[] probabilities, int[] labels, float threshold)
    {
        using EdgeModel model = ReportCase.Identity(1, builder => builder.AddFloats(MetadataKey.Threshold, [threshold]));
        return ReportCase.Read(BinaryQualitySection.Make(ReportCase.Facts(model, [.. probabilities.Select(p => new[] { p })], labels, "down", "up")));
    }

    private static string Rate(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, Pixel);

    private static void Near((double X, double Y) expected, (double X, double Y) actual)
    {
        Near(expected.X, actual.X);
        Near(expected.Y, actual.Y);
    }

    private static void Near(List<(double X, double Y)> expected, (double X, double Y)[] actual)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Near(expected[i], actual[i]);
        }
    }
}
