using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>What <c>edge report</c> writes: the numbers, a page that needs nothing else, and nothing at all where the input is at fault.</summary>
public sealed partial class ReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("breast_cancer", "benign")]
    [InlineData("digits", "digit")]
    public void The_numbers_are_those_of_edge_evaluate(string name, string label)
    {
        string model = Export(name, "float32");
        ReportPageReader page = Report(model, name, label);
        Done(out string text, "evaluate", model, "--data", TestData.Data($"{name}.test.csv"), "--label", label, "--json");
        Evaluation evaluation = JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!;
        Assert.Equal(Rate(evaluation.Accuracy), page.Text("accuracy"));
        Assert.Equal(Rate(evaluation.LogLoss!.Value), page.Text("log-loss"));
        int[] cells = [.. page.Section("quality").Descendants("td").Where(cell => ((string?)cell.Attribute("class"))?.StartsWith("cell", StringComparison.Ordinal) == true)
            .Select(cell => cell.Value == "·" ? 0 : int.Parse(cell.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(evaluation.Confusion.SelectMany(row => row), cells);
        if (evaluation.Auc is { } auc)
        {
            Assert.Equal(Rate(auc), page.Text("auc"));
            Assert.Equal(Rate(evaluation.Brier!.Value), page.Text("brier"));
        }
    }

    [Fact]
    public void The_page_needs_nothing_else_and_its_drawings_are_sound()
    {
        ReportPageReader page = Report(Export("breast_cancer", "float32"), "breast_cancer", "benign");
        Assert.DoesNotMatch("https?://", page.Html);
        Assert.DoesNotMatch(@"\s(src|srcset|action)=|url\(|@import", page.Html);
        Assert.All(page.Root.Descendants("a").Attributes("href"), link => Assert.True(page.Has(link.Value[1..]), link.Value));
        XElement[] drawings = [.. page.Root.Descendants("svg")];
        Assert.InRange(drawings.Length, 12, 100);
        foreach (XAttribute attribute in drawings.SelectMany(svg => svg.Descendants()).Attributes().Where(attribute => attribute.Name.LocalName is "d" or "x" or "y" or "cx" or "cy" or "width" or "height"))
        {
            Assert.Matches(DrawingPattern(), attribute.Value);
        }

        foreach (string section in new[] { "quality", "calibration", "model", "data", "precision", "operators", "histograms", "activations", "arena", "fit" })
        {
            Assert.True(page.Has(section), section);
        }
    }

    [Fact]
    public void The_slider_knows_the_decisions_at_every_position()
    {
        string path = Export("breast_cancer", "float32");
        ReportPageReader page = Report(path, "breast_cancer", "benign");
        using JsonDocument steps = JsonDocument.Parse(page.Text("steps"));
        int[] truePositives = [.. steps.RootElement.GetProperty("tp").EnumerateArray().Select(item => item.GetInt32())];
        int[] falsePositives = [.. steps.RootElement.GetProperty("fp").EnumerateArray().Select(item => item.GetInt32())];
        (LabelledTable table, float[] probabilities) = Outputs(path, "breast_cancer", "benign");
        Assert.Equal(1001, truePositives.Length);
        for (int i = 0; i <= 1000; i++)
        {
            float threshold = i / 1000f;
            Assert.Equal(probabilities.Where((p, row) => p >= threshold && table.Labels[row] == 1).Count(), truePositives[i]);
            Assert.Equal(probabilities.Where((p, row) => p >= threshold && table.Labels[row] == 0).Count(), falsePositives[i]);
        }
    }

    [Fact]
    public void Text_from_the_model_and_the_data_is_never_markup()
    {
        string[] lines = File.ReadAllLines(TestData.Data("sonar.test.csv"));
        string[] header = lines[0].Split(',');
        int label = Array.IndexOf(header, "mine");
        header[label == 0 ? 1 : 0] = "</script><script>alert(1)</script>";
        string csv = InFolder("hostile.csv");
        string[] classes = ["<img src=x onerror=alert(1)>", "\"\"'&\u0001\uFFFE"];
        IEnumerable<string> rows = lines.Skip(1).Select(line => string.Join(',', line.Split(',').Select((cell, column) => column == label ? $"\"{classes[cell == "1" ? 1 : 0]}\"" : cell)));
        File.WriteAllLines(csv, rows.Prepend(string.Join(',', header)));
        string model = InFolder("hostile.edge");
        Done("train", csv, "--label", "mine", "-o", model, "--epochs", "2", "--quiet");
        string renamed = InFolder("<b onmouseover=alert(2)>.edge");
        Done("train", csv, "--label", "mine", "-o", renamed, "--epochs", "2", "--quiet");
        string plain = Report(Export("breast_cancer", "float32"), "breast_cancer", "benign").Html;
        foreach (string path in new[] { model, renamed })
        {
            Done("report", path, "--data", csv, "--label", "mine", "-o", InFolder("hostile.html"), "--no-timings");
            var page = new ReportPageReader(File.ReadAllText(InFolder("hostile.html")));
            Assert.Equal(2, page.Root.Descendants("script").Count());
            Assert.Equal(XDocument.Parse(plain).Root!.Descendants("script").Last().Value, page.Root.Descendants("script").Last().Value);
            Assert.Empty(page.Root.Descendants("img"));
            Assert.DoesNotContain(page.Root.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            Assert.Contains(page.Root.Descendants("td"), cell => cell.Value == "</script><script>alert(1)</script>");
        }
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes_without_timings()
    {
        string model = Export("breast_cancer", "int8");
        string first = Report(model, "breast_cancer", "benign").Html;
        Assert.Equal(first, Report(model, "breast_cancer", "benign").Html);
        Assert.DoesNotContain("id=\"time\"", first, StringComparison.Ordinal);
        Done(out string json, "report", model, "--data", TestData.Data("breast_cancer.test.csv"), "--label", "benign", "-o", InFolder("timed.html"), "--json");
        string timed = File.ReadAllText(InFolder("timed.html"));
        Assert.True(new ReportPageReader(timed).Has("time"));
        using JsonDocument written = JsonDocument.Parse(json);
        Assert.Equal(timed.Length, written.RootElement.GetProperty("characters").GetInt32());
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("int16")]
    public void A_file_of_integers_is_compared_with_its_source(string precision)
    {
        string model = Export("breast_cancer", precision);
        Assert.Contains("--source", Report(model, "breast_cancer", "benign").Section("precision").Value, StringComparison.Ordinal);
        ReportPageReader page = Report(model, "breast_cancer", "benign", "--source", TestData.Data("breast_cancer_mlp.onnx"));
        ReportPageReader again = Report(model, "breast_cancer", "benign", "--source", Export("breast_cancer", "float32"));
        Assert.Equal(page.Section("precision").Descendants("tbody").First().Value, again.Section("precision").Descendants("tbody").First().Value);
        string[] names = [.. page.Section("precision").Descendants("tbody").First().Elements("tr").Select(row => row.Elements("td").First().Value)];
        Assert.Equal(["float32", "int16", "int8", $"this file ({precision})"], names);
        Done(out string text, "evaluate", model, "--data", TestData.Data("breast_cancer.test.csv"), "--label", "benign", "--against", TestData.Data("breast_cancer_mlp.onnx"), "--json");
        Evaluation evaluation = JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!;
        string[] last = [.. page.Section("precision").Descendants("tbody").First().Elements("tr").Last().Elements("td").Select(cell => cell.Value)];
        Assert.Equal(Rate(evaluation.Accuracy), last[1]);
        Assert.Equal(evaluation.WorstDeviation!.Value, double.Parse(last[4], CultureInfo.InvariantCulture), 1e-5);
    }

    [Fact]
    public void The_training_curve_is_the_one_that_was_trained()
    {
        string model = InFolder("m.edge");
        string history = InFolder("h.csv");
        Done("train", TestData.Data("sonar.train.csv"), "--label", "mine", "-o", model, "--history", history, "--epochs", "7", "--quiet");
        Table table = CsvTable.Read(history);
        Assert.Equal(["epoch", "training_loss", "validation_loss"], table.Names);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], table.Rows.Select(row => (int)row[0]));
        ReportPageReader page = Report(model, "sonar", "mine", "--history", history);
        Assert.Contains($"7 epochs. The dot is the lowest validation loss, {Rate(table.Rows.Min(row => row[2]))}", page.Section("training").Value, StringComparison.Ordinal);
        Assert.False(Report(model, "sonar", "mine").Has("training"));
    }

    [Fact]
    public void Decisions_are_taken_on_calibrated_probabilities()
    {
        string model = InFolder("m.edge");
        Done("train", TestData.Data("sonar.train.csv"), "--label", "mine", "-o", model, "--calibrate-probability", "Platt", "--threshold", "auto", "--objective", "cost:5", "--data", TestData.Data("sonar.train.csv"), "--quiet");
        ReportPageReader page = Report(model, "sonar", "mine");
        using EdgeModel edge = EdgeModel.Load(model);
        using var classifier = new Classifier(edge);
        LabelledTable table = LabelledRows.Read(TestData.Data("sonar.test.csv"), "mine", edge);
        int[] decided = [.. table.Rows.Select(row => classifier.Classify(row).ClassIndex)];
        Assert.Equal(decided.Where((d, i) => d == 1 && table.Labels[i] == 1).Count(), page.Count("tp"));
        Assert.Equal(decided.Where((d, i) => d == 1 && table.Labels[i] == 0).Count(), page.Count("fp"));
        Done(out string text, "evaluate", model, "--data", TestData.Data("sonar.test.csv"), "--label", "mine", "--json");
        Assert.Equal(page.Text("accuracy"), Rate(JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!.Accuracy));
        (_, float[] raw) = Outputs(model, "sonar", "mine");
        Assert.NotEqual(raw.Select(p => p >= edge.File.Decision.Threshold ? 1 : 0), decided);
    }

    [Fact]
    public void A_bad_input_gets_one_sentence_and_no_file()
    {
        string model = Export("breast_cancer", "float32");
        string csv = TestData.Data("breast_cancer.test.csv");
        string output = InFolder("r.html");
        string regression = InFolder("regression.csv");
int label = Array.IndexOf(File.ReadLines(csv).First().Split(','), "benign");
        File.WriteAllLines(regression, File.ReadLines(csv).Select((line, i) => string.Join(',', line.Split(',').Select((cell, column) => column == label && i > 0 ? FormattableString.Invariant($"{i * 0.37}") : cell))));

        Refused("look like a regression or the data of another model", "report", model, "--data", regression, "--label", "benign", "-o", output);
        Refused("no column 'bening'", "report", model, "--data", csv, "--label", "bening", "-o", output);
        Refused("does not exist", "report", model, "--data", csv, "--label", "benign", "-o", InFolder(Path.Combine("no", "r.html")));
        Refused("is not a training history", "report", model, "--data", csv, "--label", "benign", "--history", csv, "-o", output);
        Refused("give the model that the file was exported from", "report", model, "--data", csv, "--label", "benign", "--source", TestData.Data("digits_mlp.onnx"), "-o", output);
        Refused("is quantized, so precisions cannot be compared", "report", model, "--data", csv, "--label", "benign", "--source", Export("breast_cancer", "int8"), "-o", output);
        Refused("which is not a probability", "report", Logits(), "--data", csv, "--label", "benign", "-o", output);
        Assert.False(File.Exists(output));
        Assert.Empty(Directory.GetFiles(folder, "*.tmp"));
    }

    // The model without its last activation.
    private string Logits()
    {
        var graph = EdgeInference.ModelConverter.Optimize.GraphOptimizer.Optimize(EdgeInference.ModelConverter.Import.ModelImporter.Import(TestData.Data("breast_cancer_mlp.onnx")));
        graph.Nodes[^1].WithActivation(EdgeInference.ModelFormat.Rules.DenseRule.Activation, EdgeInference.ModelFormat.ActivationKind.Linear);
        string path = InFolder("logits.edge");
        File.WriteAllBytes(path, EdgeInference.ModelConverter.Plan.ModelWriter.Write(graph));
        return path;
    }

    private static void Refused(string expected, params string[] args)
    {
        (int exitCode, string error) = CommandLine.RunUnnamed(out _, args);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static (LabelledTable Table, float[] Probabilities) Outputs(string path, string name, string label)
    {
        using EdgeModel model = EdgeModel.Load(path);
        using Session session = model.CreateSession();
        LabelledTable table = LabelledRows.Read(TestData.Data($"{name}.test.csv"), label, model);
        var output = new float[1];
        return (table, [.. table.Rows.Select(row =>
        {
            session.Run(row, output);
            return output[0];
        })]);
    }

    private static string Rate(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static void Done(params string[] args) => Done(out _, args);

    private static void Done(out string text, params string[] args) => Assert.Equal((0, ""), CommandLine.RunUnnamed(out text, args));

    private string Export(string name, string precision)
    {
        string label = name == "digits" ? "digit" : "benign";
        string model = InFolder($"{name}.{precision}.edge");
        string[] calibration = precision != "float32" ? ["--calibrate", TestData.Data($"{name}.train.csv"), "--label", label] : [];
        Done(["export", TestData.Data($"{name}_mlp.onnx"), "-o", model, "--precision", precision, .. calibration]);
        return model;
    }

    private ReportPageReader Report(string model, string name, string label, params string[] more)
    {
        string path = InFolder("report.html");
        Done(["report", model, "--data", TestData.Data($"{name}.test.csv"), "--label", label, "-o", path, "--no-timings", .. more]);
        return new ReportPageReader(File.ReadAllText(path));
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    [GeneratedRegex("^[-MLVHhv0-9. ]*$")]
    private static partial Regex DrawingPattern();
}
