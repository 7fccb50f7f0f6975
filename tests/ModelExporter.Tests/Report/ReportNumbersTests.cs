using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>The numbers of a report, each worked out again from the rows, the outputs and the file.</summary>
public sealed class ReportNumbersTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void The_data_is_described_by_its_own_numbers()
    {
        ReportPageReader page = Report(bench.Model, bench.Test);
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        Assert.StartsWith("90 rows, 4 features, 2 classes.", Texts(page, "data", "p")[0], StringComparison.Ordinal);
        string[][] classes = Table(page, "data", 0);
        Assert.Equal(["0", "1"], classes.Select(row => row[0]));
        Assert.Equal([.. Enumerable.Range(0, 2).Select(c => $"{labels.Count(label => label == c)}")], classes.Select(row => row[2]));
        Assert.Equal(["33.3%", "66.7%"], classes.Select(row => row[3]));
        string[][] features = Table(page, "data", 1);
        Assert.Equal(["a", "b", "c", "d"], features.Select(row => row[0]));
        for (int i = 0; i < 4; i++)
        {
            double mean = rows.Average(row => (double)row[i]);
            double[] expected = [rows.Min(row => row[i]), mean, rows.Max(row => row[i]), Math.Sqrt(rows.Average(row => Math.Pow(row[i] - mean, 2)))];
            Assert.Equal(expected, features[i][1..].Select(Number), (a, b) => Math.Abs(a - b) <= 6e-4 * Math.Abs(a));
        }
    }

    [Fact]
    public void Decisions_and_bins_are_counted_from_the_outputs()
    {
        string model = bench.Save(bench.TrainWith("--threshold", "0.6"));
        ReportPageReader page = Report(model, bench.Test);
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        float[] p = [.. OptionBench.Outputs(File.ReadAllBytes(model), rows).Select(output => output[0])];
        int tp = p.Where((q, i) => q >= 0.6f && labels[i] == 1).Count();
        int fp = p.Where((q, i) => q >= 0.6f && labels[i] == 0).Count();
        (int positives, int negatives) = (labels.Count(label => label == 1), labels.Count(label => label == 0));
        Assert.Equal((tp, fp, negatives - fp, positives - tp), (page.Count("tp"), page.Count("fp"), page.Count("tn"), page.Count("fn")));
        Assert.Equal("0.6", page.Text("t"));
        Assert.Equal("600", page.Section("slider").Attribute("value")!.Value);
        Assert.Equal("1000", page.Section("slider").Attribute("max")!.Value);
        Assert.Equal(Rate((double)tp / (tp + fp)), page.Text("m-precision"));
        Assert.Equal(Rate((double)tp / positives), page.Text("m-recall"));
        Assert.Equal(Rate((double)(negatives - fp) / negatives), page.Text("m-specificity"));
        Assert.Equal(Rate(2.0 * tp / ((2.0 * tp) + fp + positives - tp)), page.Text("m-f1"));
        Assert.Equal(Rate((double)(tp + negatives - fp) / 90), page.Text("m-accuracy"));
        using JsonDocument steps = JsonDocument.Parse(page.Text("steps"));
        Assert.Equal((positives, negatives, tp, fp), (Step("positives"), Step("negatives"), Step("tp0"), Step("fp0")));
        Assert.Equal(0.6f, steps.RootElement.GetProperty("threshold").GetSingle());

        string[][] bins = Table(page, "calibration", 0);
        Assert.Equal(10, bins.Length);
        double error = 0;
        for (int bin = 0; bin < 10; bin++)
        {
            int[] within = [.. Enumerable.Range(0, 90).Where(i => Math.Min(9, (int)Math.Floor((decimal)(double)p[i] * 10)) == bin)];
            Assert.Equal($"{within.Length}", bins[bin][1]);
            Assert.Equal(within.Length == 0 ? "" : Rate(within.Average(i => (double)p[i])), bins[bin][2]);
            Assert.Equal(within.Length == 0 ? "" : Rate(within.Average(i => (double)labels[i])), bins[bin][3]);
            error += Math.Abs(within.Sum(i => labels[i] - (double)p[i])) / 90;
        }

        Assert.Equal(["0.0 to 0.1", "0.9 to 1.0"], [bins[0][0], bins[9][0]]);
        Assert.Contains($"Expected calibration error {Rate(error)};", page.Section("calibration").Value, StringComparison.Ordinal);

        int Step(string name) => steps.RootElement.GetProperty(name).GetInt32();
    }

    [Fact]
    public void Bins_and_slider_are_of_calibrated_probabilities()
    {
        string model = bench.Save(bench.TrainWith("--calibrate-probability", "Platt", "--data", bench.Test));
        ReportPageReader page = Report(model, bench.Train);
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Train);
        float[] record = OptionBench.Contract(File.ReadAllBytes(model)).Metadata.Floats(MetadataKey.Calibration);
        double[] raw = [.. OptionBench.Outputs(File.ReadAllBytes(model), rows).Select(output => (double)output[0])];
        double[] p = Array.ConvertAll(raw, q => 1 / (1 + Math.Exp(-((record[1] * Math.Log(q / (1 - q))) + record[2]))));
        Assert.Contains(p.Zip(raw), pair => Math.Abs(pair.First - pair.Second) > 0.02);
        string[][] bins = Table(page, "calibration", 0);
        for (int bin = 0; bin < 10; bin++)
        {
            double[] within = [.. p.Where(q => Math.Min(9, (int)(10 * q)) == bin)];
            Assert.Equal($"{within.Length}", bins[bin][1]);
            Assert.True(within.Length == 0 || Math.Abs(within.Average() - Number(bins[bin][2])) < 2e-4);
        }

        using JsonDocument steps = JsonDocument.Parse(page.Text("steps"));
        int[] found = [.. steps.RootElement.GetProperty("tp").EnumerateArray().Select(item => item.GetInt32())];
        foreach (int step in new[] { 0, 300, 500, 700, 900, 1000 })
        {
            Assert.Equal(p.Where((q, i) => q >= step / 1000.0 && labels[i] == 1).Count(), found[step]);
        }
    }

    [Fact]
    public void The_model_is_described_by_its_file()
    {
        string model = bench.Save(bench.TrainWith("--abstain-below", "0.9", "--calibrate-probability", "Temperature", "--data", bench.Test));
        ReportPageReader page = Report(model, bench.Test);
        Dictionary<string, string> facts = page.Section("model").Descendants("dt").ToDictionary(name => name.Value, name => name.ElementsAfterSelf("dd").Single().Value);
        ModelFile file = OptionBench.Contract(File.ReadAllBytes(model));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model))), facts["SHA-256 of the file"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(bench.Train))), facts["SHA-256 of its source"]);
        Assert.Equal(("float32", "0, 1", "4", "3: 3 Dense"), (facts["precision"], facts["classes"], facts["inputs"], facts["operators"]));
        Assert.Equal($"{new FileInfo(model).Length:N0} bytes", facts["file"]);
        Assert.Equal($"{file.ArenaBytes:N0} bytes", facts["arena"]);
        Assert.Equal(("59", "3", "0.5", "Temperature"), (facts["multiply-accumulates"], facts["self-test vectors"], facts["threshold"], facts["probabilities calibrated by"]));

        // 24 + 6 + 30 + 5 + 5 + 1 float32 numbers.
        Assert.Equal("284 bytes", facts["constants"]);
        using EdgeModel edge = EdgeModel.Load(model);
        using var classifier = new Classifier(edge);
        int abstained = OptionBench.Read(bench.Test).Rows.Count(row => classifier.Classify(row).IsAbstained);
        Assert.True(abstained > 0);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"from {file.Decision.AbstainLow:0.####} to below {file.Decision.AbstainHigh:0.####}: {abstained} of 90 rows;"), facts["no decision"], StringComparison.Ordinal);

        Dictionary<string, string> plain = Report(bench.Model, bench.Test).Section("model").Descendants("dt").ToDictionary(name => name.Value, name => name.ElementsAfterSelf("dd").Single().Value);
        Assert.Equal("nothing", plain["probabilities calibrated by"]);
        Assert.DoesNotContain("no decision", plain.Keys);
    }

    [Fact]
    public void Operators_and_the_arena_are_those_of_the_file()
    {
        ReportPageReader page = Report(bench.Model, bench.Test);
        string[][] operators = Table(page, "operators", 0);
        Assert.Equal(["24", "30", "5"], operators.Select(row => row[5]));
        Assert.Equal(["120", "140", "24"], operators.Select(row => row[4]));
        Assert.Equal(["Dense + ReLU", "Dense + ReLU", "Dense + Sigmoid"], operators.Select(row => row[1]));
        string[][] tensors = Table(page, "arena", 0);
        Assert.Equal(["16", "24", "20", "4"], tensors.Select(row => row[1]));
        Assert.Equal(["by the caller", "by 0", "by 1", "by 2"], tensors.Select(row => row[3]));
        Assert.Equal(["by 0", "by 1", "by 2", "by the caller"], tensors.Select(row => row[4]));
        ModelFile file = OptionBench.Contract(File.ReadAllBytes(bench.Model));
        Assert.Contains($"4 tensors of 64 bytes share {file.ArenaBytes}.", page.Section("arena").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Precisions_are_compared_with_float32_row_by_row()
    {
        ReportPageReader page = Report(bench.Model, bench.Test);
        string[][] rows = Table(page, "precision", 0);
        Assert.Equal(["float32", "int16", "int8"], rows.Select(row => row[0]));
        Assert.Equal(["", "", ""], rows[0][3..6]);
        JsonElement evaluation = OptionBench.Json("evaluate", bench.Model, "--data", bench.Test, "--label", "y");
        Assert.Equal(Rate(evaluation.GetProperty("accuracy").GetDouble()), rows[0][1]);
        Assert.Equal(Rate(evaluation.GetProperty("log_loss").GetDouble()), rows[0][2]);

        // int8 as export makes it of the same rows.
        foreach ((string precision, string[] row) in new[] { ("int8", rows[2]), ("int16", rows[1]) })
        {
            string path = bench.New();
            OptionBench.Done("export", bench.Net, "-o", path, "-p", precision, "-c", bench.Test, "--label", "y");
            JsonElement compared = OptionBench.Json("evaluate", path, "--data", bench.Test, "--label", "y", "--against", bench.Model);
            float[] real = [.. OptionBench.Outputs(File.ReadAllBytes(bench.Model), OptionBench.Read(bench.Test).Rows).Select(output => output[0])];
            float[] rounded = [.. OptionBench.Outputs(File.ReadAllBytes(path), OptionBench.Read(bench.Test).Rows).Select(output => output[0])];
            double decibels = 10 * Math.Log10(real.Sum(x => (double)x * x) / real.Zip(rounded, (a, b) => Math.Pow((double)a - b, 2)).Sum());
            Assert.Equal(Rate(compared.GetProperty("accuracy").GetDouble()), row[1]);
            Assert.Equal((100 * compared.GetProperty("agreement").GetDouble()).ToString("0.0", CultureInfo.InvariantCulture) + "%", row[3]);
            Assert.Equal(compared.GetProperty("worst_deviation").GetDouble(), Number(row[4]), 1e-3 * compared.GetProperty("worst_deviation").GetDouble());
            Assert.Equal(decibels.ToString("0.0", CultureInfo.InvariantCulture) + " dB", row[5]);
        }

        Assert.Contains("calibrated on 90 rows of this data", page.Section("precision").Value, StringComparison.Ordinal);
    }

    // 1,024 rows are calibrated on by every second one.
    [Fact]
    public void A_study_of_many_rows_spreads_over_them()
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        float[][] rows = [.. Enumerable.Range(0, 1024).Select(i => new[] { i / 512f, 0f, 1f, i % 7 })];
        var table = new LabelledTable(["a", "b", "c", "d"], rows, [.. Enumerable.Range(0, 1024).Select(i => i % 2)], ["0", "1"]);
        var study = PrecisionStudy.Of(EdgeInference.ModelConverter.Graphs.GraphReader.Read(model.File), ReportFacts.Of(model, table, "rows", "y"));
        Assert.Equal(rows.Where((_, i) => i % 2 == 0), study.Prepared.Calibration.Rows);
    }

    [Theory]
    [InlineData("0.02")]
    [InlineData("0.98")]
    public void Every_precision_decides_by_the_file_s_threshold(string threshold)
    {
        string path = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--epochs", "5", "--threshold", threshold, "-q");
        using EdgeModel model = EdgeModel.Load(path);
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        var table = new LabelledTable(["a", "b", "c", "d"], rows, labels, ["0", "1"]);
        var study = PrecisionStudy.Of(EdgeInference.ModelConverter.Graphs.GraphReader.Read(model.File), ReportFacts.Of(model, table, "rows", "y"));
        float from = float.Parse(threshold, CultureInfo.InvariantCulture);
        Assert.All(study.Variants, variant => Assert.Equal(variant.Outputs.Zip(labels).Count(row => (row.First[0] >= from ? 1 : 0) == row.Second) / (double)labels.Length, variant.Evaluation.Accuracy, 1e-12));
        Assert.Contains(study.Variants[0].Outputs, output => output[0] >= 0.5f != output[0] >= from);
    }

    [Fact]
    public void Several_classes_are_each_held_against_the_rest()
    {
        var random = new Random(8);
        string csv = bench.Write("three.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 90).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{(i % 3 == 0 ? 1 : 0) + random.NextDouble():0.0000},{(i % 3 == 1 ? 1 : 0) + random.NextDouble():0.0000},{i % 3}\n"))));
        string model = bench.New();
        OptionBench.Done("train", csv, "--label", "y", "-o", model, "--hidden", "4", "--epochs", "40", "-q");
        ReportPageReader page = Report(model, csv);
        (float[][] rows, int[] labels) = OptionBench.Read(csv);
        float[][] outputs = OptionBench.Outputs(File.ReadAllBytes(model), rows);
        int[] called = [.. outputs.Select(output => Array.IndexOf(output, output.Max()))];
        string[][] table = Table(page, "quality", ^1);
        double f1 = 0;
        double area = 0;
        for (int c = 0; c < 3; c++)
        {
            double right = called.Where((k, i) => k == c && labels[i] == c).Count();
            double precision = right / called.Count(k => k == c);
            double recall = right / labels.Count(label => label == c);
            double pairs = 0;
            for (int i = 0; i < 90; i++)
            {
                pairs += labels[i] != c ? 0 : outputs.Where((output, j) => labels[j] != c).Sum(output => output[c] < outputs[i][c] ? 1 : output[c] == outputs[i][c] ? 0.5 : 0);
            }

            Assert.Equal([$"{c}", "30", Rate(precision), Rate(recall), Rate(2 * precision * recall / (precision + recall)), Rate(pairs / (30 * 60))], table[c]);
            f1 += 2 * precision * recall / (precision + recall) / 3;
            area += pairs / (30 * 60) / 3;
        }

        Assert.Equal((Rate(f1), Rate(area)), (page.Text("macro-f1"), page.Text("auc")));
        int[] cells = [.. page.Section("quality").Descendants("td").Where(cell => ((string?)cell.Attribute("class"))?.StartsWith("cell", StringComparison.Ordinal) == true).Select(cell => cell.Value == "·" ? 0 : int.Parse(cell.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(Enumerable.Range(0, 9).Select(cell => called.Where((k, i) => labels[i] == cell / 3 && k == cell % 3).Count()), cells);

        // Honest is the highest probability of a row: whether its class is the row's.
        string[][] bins = Table(page, "calibration", 0);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(bin => $"{outputs.Count(output => Math.Min(9, (int)Math.Floor((decimal)(double)output.Max() * 10)) == bin)}")], bins.Select(row => row[1]));
        Assert.Equal(called.Where((k, i) => k == labels[i]).Count(), bins.Where(row => row[1] != "0").Sum(row => Math.Round(Number(row[1]) * Number(row[3]))));
    }

    // 150 cycles an operator, products at a quarter of the best rate, 12 cycles an element without products.
    [Fact]
    public void The_time_on_a_board_is_worked_out_from_its_clock()
    {
        ModelFile file = OptionBench.Contract(File.ReadAllBytes(bench.Model));
        var board = new PiBoard("board", "core", 2, 1, 4, 8);
        Assert.Equal(((3 * 150) + ((24 + 30 + 5) / (0.25 * 4))) / 2 / 1000, BoardEstimate.Microseconds(board, file, OperatorDefinitions.MultiplyAccumulates), 1e-12);
        Assert.Equal(((3 * 150) + (12.0 * (6 + 5 + 1))) / 2 / 1000, BoardEstimate.Microseconds(board, file, _ => 0), 1e-12);
        ModelFile integers = OptionBench.Contract(bench.TrainWith("--precision", "int8"));
        double products = integers.Operators.Where(record => record.Info.Opcode == Opcode.Dense).Sum(record => (double)OperatorDefinitions.MultiplyAccumulates(record) / (0.25 * 8));
        double others = integers.Operators.Where(record => record.Info.Opcode != Opcode.Dense).Sum(record => 12.0 * record.Outputs[0].Elements);
        Assert.Equal(((integers.Operators.Length * 150) + products + others) / 2 / 1000, BoardEstimate.Microseconds(board, integers, OperatorDefinitions.MultiplyAccumulates), 1e-12);

        string[][] rows = Table(Report(bench.Model, bench.Test), "fit", 0);
        Assert.Equal(["Raspberry Pi Zero 2 W", "Raspberry Pi 4", "Raspberry Pi 5"], rows.Select(row => row[0]));
        Assert.Equal(["Cortex-A53, 1.0 GHz", "Cortex-A72, 1.5 GHz", "Cortex-A76, 2.4 GHz"], rows.Select(row => row[1]));
        Assert.All(rows, row => Assert.Equal($"{file.Length + file.ArenaBytes:N0} bytes", row[2]));
        Assert.Equal($"about {(450 + 59.0) / 1000:0.0} µs", rows[0][4]);
        Assert.Equal($"about {(450 + (59.0 / 2)) / 2.4 / 1000:0.0} µs", rows[2][4]);
    }

    [Fact]
    public void A_history_is_read_as_it_was_written()
    {
        TrainingProgress[] validated = [new(1, 2, 0.75, 0.5), new(2, 2, 0.25, 0.125)];
        TrainingProgress[] plain = [new(1, 2, 0.75, double.NaN), new(2, 2, 0.25, double.NaN)];
        Assert.Equal("epoch,training_loss,validation_loss\n1,0.75,0.5\n2,0.25,0.125\n", TrainingHistory.Write(validated));
        Assert.Equal("epoch,training_loss\n1,0.75\n2,0.25\n", TrainingHistory.Write(plain));
        foreach (TrainingProgress[] history in new[] { validated, plain })
        {
            Assert.Equal(history, TrainingHistory.Read(bench.Write("h.csv", TrainingHistory.Write(history))));
        }

        foreach (string wrong in new[] { "epoch,loss\n1,2\n", "epoch\n1\n", "training_loss,epoch,validation_loss\n1,2,3\n" })
        {
            Assert.Contains("is not a training history", Assert.Throws<InputException>(() => TrainingHistory.Read(bench.Write("h.csv", wrong))).Message, StringComparison.Ordinal);
        }

        ReportPageReader page = Report(bench.Model, bench.Test, "--history", bench.Write("h.csv", TrainingHistory.Write(plain)));
        Assert.Contains("2 epochs.", page.Section("training").Value, StringComparison.Ordinal);
        Assert.DoesNotContain("validation", page.Section("training").Value, StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string[][] Table(ReportPageReader page, string section, Index index) =>
        [.. page.Section(section).Descendants("table").Where(table => (string?)table.Attribute("class") is null or "named").ToArray()[index].Element("tbody")!.Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];

    private static string[] Texts(ReportPageReader page, string section, string element) => [.. page.Section(section).Descendants(element).Select(item => item.Value)];

    private static string Rate(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private ReportPageReader Report(string model, string data, params string[] options)
    {
        string path = bench.New(".html");
        OptionBench.Done(["report", model, "--data", data, "--label", "y", "-o", path, "--no-timings", .. options]);
        return new ReportPageReader(File.ReadAllText(path));
    }
}
