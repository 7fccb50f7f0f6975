using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Report;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options of <c>edge evaluate</c> and <c>edge report</c>: each number counted again from the outputs.</summary>
internal static class DecideRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["evaluate model"] = Model,
        ["evaluate --data"] = Data,
        ["evaluate --label"] = Label,
        ["evaluate --classes"] = Classes,
        ["evaluate --against"] = Against,
        ["evaluate --threshold"] = Threshold,
        ["evaluate --no-header"] = NoHeader,
        ["evaluate --engine"] = Engine,
        ["evaluate --json"] = Json,
        ["report model"] = ReportModel,
        ["report --data"] = ReportData,
        ["report --label"] = ReportLabel,
        ["report --classes"] = ReportClasses,
        ["report --no-header"] = ReportNoHeader,
        ["report --output"] = ReportOutput,
        ["report --source"] = ReportSource,
        ["report --history"] = ReportHistory,
        ["report --no-timings"] = ReportTimings,
        ["report --json"] = ReportJson,
    };

    private static void Model(OptionBench bench)
    {
        foreach (string model in new[] { bench.Model, bench.Save(bench.TrainWith("--epochs", "2")) })
        {
            Held(Evaluate(model, bench.Test), model, bench.Test, 0.5f);
        }
    }

    private static void Data(OptionBench bench)
    {
        Held(Evaluate(bench.Model, bench.Train), bench.Model, bench.Train, 0.5f);
        Held(Evaluate(bench.Model, bench.Test), bench.Model, bench.Test, 0.5f);
        Assert.Equal((120, 90), (Evaluate(bench.Model, bench.Train).GetProperty("rows").GetInt32(), Evaluate(bench.Model, bench.Test).GetProperty("rows").GetInt32()));
    }

    private static void Label(OptionBench bench)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        string two = bench.Write("two-answers.csv", "a,b,c,d,y,not_y\n" + string.Concat(rows.Select((row, i) => $"{string.Join(',', row.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))},{labels[i]},{1 - labels[i]}\n")));
        double right = OptionBench.Json("evaluate", bench.Model, "--data", two, "--label", "y").GetProperty("accuracy").GetDouble();
        double wrong = OptionBench.Json("evaluate", bench.Model, "--data", two, "-l", "not_y").GetProperty("accuracy").GetDouble();
        Assert.Equal(1, right + wrong, 1e-12);
        Assert.NotEqual(right, wrong);
    }

    private static void Classes(OptionBench bench)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        string texts = bench.Write("texts.csv", "a,b,c,d,y\n" + string.Concat(rows.Select((row, i) => $"{string.Join(',', row.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))},{(labels[i] == 1 ? "on" : "off")}\n")));
        JsonElement given = OptionBench.Json("evaluate", bench.Model, "--data", texts, "--label", "y", "--classes", "off,on");
        JsonElement turned = OptionBench.Json("evaluate", bench.Model, "--data", texts, "--label", "y", "--classes", "on,off");
        Held(given, bench.Model, bench.Test, 0.5f);
        Assert.Equal(["off", "on"], given.GetProperty("classes").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(1, given.GetProperty("accuracy").GetDouble() + turned.GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Contains("--classes", OptionBench.Refused("evaluate", bench.Model, "--data", texts, "--label", "y"), StringComparison.Ordinal);
    }

    // The other model's outputs are decided on as this model's are, and nothing else of the other is looked at.
    private static void Against(OptionBench bench)
    {
        Assert.Equal(JsonValueKind.Null, Evaluate(bench.Model, bench.Test).GetProperty("agreement").ValueKind);
        byte[] other = bench.TrainWith("--epochs", "3", "--seed", "5");
        byte[] calibrated = bench.TrainWith("--calibrate-probability", "Platt", "--data", bench.Test, "--threshold", "0.8");
        (float[][] rows, _) = OptionBench.Read(bench.Test);
        float[] raw = [.. OptionBench.Outputs(calibrated, rows).Select(output => output[0])];
        float[] others = [.. OptionBench.Outputs(other, rows).Select(output => output[0])];
        float[] record = OptionBench.Contract(calibrated).Metadata.Floats(EdgeInference.ModelFormat.MetadataKey.Calibration);
        bool[] mine = [.. raw.Select(Above)];
        bool[] its = [.. others.Select(Above)];
        double agreement = mine.Zip(its, (a, b) => a == b).Count(same => same) / 90.0;
        double uncalibrated = mine.Zip(others, (a, p) => a == p >= 0.8f).Count(same => same) / 90.0;
        Assert.NotEqual(agreement, uncalibrated);
        string stored = bench.InFolder("stored.npy");
        File.WriteAllBytes(stored, NpyFile.Write([90, 1], others));
        foreach (string against in new[] { bench.Save(other), stored })
        {
            JsonElement evaluation = OptionBench.Json("evaluate", bench.Save(calibrated), "--data", bench.Test, "--label", "y", "--against", against);
            Assert.Equal(agreement, evaluation.GetProperty("agreement").GetDouble(), 1e-12);
            Assert.Equal(raw.Zip(others, (a, b) => Math.Abs((double)a - b)).Max(), evaluation.GetProperty("worst_deviation").GetDouble(), 1e-9);
        }

        Assert.InRange(Evaluate(bench.Model, bench.Test, "-a", bench.Net).GetProperty("worst_deviation").GetDouble(), 0, 1e-6);
        File.WriteAllBytes(stored, NpyFile.Write([89, 1], others.AsSpan(1)));
        Assert.Contains("89 rows but the data has 90", OptionBench.Refused("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--against", stored), StringComparison.Ordinal);

        bool Above(float p) => 1 / (1 + Math.Exp(-((record[1] * Math.Log(p / (1.0 - p))) + record[2]))) >= 0.8f;
    }

    private static void Threshold(OptionBench bench)
    {
        string model = bench.Save(bench.TrainWith("--threshold", "0.7"));
        Held(Evaluate(model, bench.Test), model, bench.Test, 0.7f);
        float[] said = [.. OptionBench.Outputs(File.ReadAllBytes(model), OptionBench.Read(bench.Test).Rows).Select(output => output[0])];

        // Among them one that a row has exactly: that row is of class 1.
        foreach (float threshold in new[] { 0f, 0.3f, said[4], MathF.BitIncrement(said[4]), 0.9f, 1f })
        {
            Held(Evaluate(model, bench.Test, "--threshold", threshold.ToString("R", CultureInfo.InvariantCulture)), model, bench.Test, threshold);
        }

        Assert.Contains("finite", OptionBench.Misused("evaluate", model, "--data", bench.Test, "--label", "y", "--threshold", "NaN"), StringComparison.Ordinal);
    }

    private static void NoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare-test.csv", string.Join('\n', File.ReadAllLines(bench.Test).Skip(1)) + "\n");
        Held(OptionBench.Json("evaluate", bench.Model, "--data", bare, "--label", "5", "--no-header"), bench.Model, bench.Test, 0.5f);
        Assert.Contains("--no-header", OptionBench.Refused("evaluate", bench.Model, "--data", bare, "--label", "5"), StringComparison.Ordinal);
        Assert.Contains("number of a column, 1 to 5", OptionBench.Refused("evaluate", bench.Model, "--data", bare, "--label", "6", "--no-header"), StringComparison.Ordinal);
    }

    // An engine's own last bits are seen where its outputs are compared with stored ones.
    private static void Engine(OptionBench bench)
    {
        (string model, float[] row) = ModelRows.Rounding(bench);
        float[][] rows = [row, Array.ConvertAll(row, x => -x)];
        string data = bench.Write("wide.csv", string.Join(',', Enumerable.Range(0, row.Length).Select(i => $"x{i}")) + ",y\n"
            + string.Concat(rows.Select((r, i) => string.Join(',', r.Select(x => x.ToString("R", CultureInfo.InvariantCulture))) + $",{i}\n")));
        string scores = bench.New();
        OptionBench.Done("export", bench.InFolder("rounding.safetensors"), "-o", scores, "--layers", bench.InFolder("rounding.json"), "--head", "scores");
        string stored = bench.InFolder("engine.npy");
        foreach ((string[] option, float[][] outputs) in new[]
        {
            (Array.Empty<string>(), OptionBench.Outputs(File.ReadAllBytes(model), rows)),
            (["--engine", "fast"], OptionBench.Outputs(File.ReadAllBytes(model), rows)),
            (["--engine", "reference"], OptionBench.Outputs(File.ReadAllBytes(model), rows, KernelSet.Reference)),
            (["--engine", "nano"], ModelRows.ByNano(model, rows)),
        })
        {
            File.WriteAllBytes(stored, NpyFile.Write([2, 40], [.. outputs.SelectMany(output => output)]));
            Assert.Equal(0, OptionBench.Json(["evaluate", scores, "--data", data, "--label", "y", "--against", stored, .. option]).GetProperty("worst_deviation").GetDouble());
            string[] others = [.. new[] { "fast", "reference", "nano" }.Except(option.Length == 0 ? ["fast"] : option)];
            Assert.All(others, other => Assert.True(OptionBench.Json("evaluate", scores, "--data", data, "--label", "y", "--against", stored, "--engine", other).GetProperty("worst_deviation").GetDouble() > 0));
        }
    }

    private static void Json(OptionBench bench)
    {
        JsonElement json = Evaluate(bench.Model, bench.Test, "--against", bench.Save(bench.TrainWith()));
        string[] lines = OptionBench.Done("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--against", bench.Save(bench.TrainWith())).Split('\n');
        foreach ((string row, string property, string format) in new[]
        {
            ("rows", "rows", "0"), ("accuracy", "accuracy", "0.0000"), ("AUC", "auc", "0.0000"), ("log loss", "log_loss", "0.0000"), ("Brier score", "brier", "0.0000"),
            ("threshold", "threshold", "0.0000"), ("agreement", "agreement", "0.0000"), ("worst deviation", "worst_deviation", "0.0E+0"),
        })
        {
            Assert.Equal(json.GetProperty(property).GetDouble().ToString(format, CultureInfo.InvariantCulture), lines.Single(line => line.StartsWith(row, StringComparison.Ordinal)).Trim().Replace(" for '1'", "", StringComparison.Ordinal).Split(' ')[^1]);
        }

        string[] cells = [.. lines.Where(line => line.Contains('|', StringComparison.Ordinal) && char.IsAsciiDigit(line.Trim('|', ' ')[0])).SelectMany(line => line.Trim().Trim('|').Split('|').Skip(1).SkipLast(1)).Select(cell => cell.Trim())];
        Assert.Equal(json.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(cell => $"{cell.GetInt32()}"), cells);
    }

    private static void ReportModel(OptionBench bench)
    {
        foreach (string model in new[] { bench.Model, bench.Save(bench.TrainWith("--epochs", "2")) })
        {
            Assert.Equal(Rate(Evaluate(model, bench.Test).GetProperty("log_loss").GetDouble()), Report(bench, model, bench.Test).Text("log-loss"));
        }
    }

    private static void ReportData(OptionBench bench)
    {
        foreach (string data in new[] { bench.Train, bench.Test })
        {
            Assert.Equal(Rate(Evaluate(bench.Model, data).GetProperty("log_loss").GetDouble()), Report(bench, bench.Model, data).Text("log-loss"));
        }
    }

    private static void ReportLabel(OptionBench bench)
    {
        Label(bench);
        string path = bench.New(".html");
        foreach (string label in new[] { "y", "not_y" })
        {
            OptionBench.Done("report", bench.Model, "--data", bench.InFolder("two-answers.csv"), "--label", label, "-o", path, "--no-timings");
            double expected = OptionBench.Json("evaluate", bench.Model, "--data", bench.InFolder("two-answers.csv"), "--label", label).GetProperty("accuracy").GetDouble();
            Assert.Equal(Rate(expected), new ReportPageReader(File.ReadAllText(path)).Text("accuracy"));
        }
    }

    private static void ReportClasses(OptionBench bench)
    {
        Classes(bench);
        string path = bench.New(".html");
        OptionBench.Done("report", bench.Model, "--data", bench.InFolder("texts.csv"), "--label", "y", "--classes", "on,off", "-o", path, "--no-timings");
        Assert.Equal(Rate(1 - Evaluate(bench.Model, bench.Test).GetProperty("accuracy").GetDouble()), new ReportPageReader(File.ReadAllText(path)).Text("accuracy"));
        Assert.Contains("--classes", OptionBench.Refused("report", bench.Model, "--data", bench.InFolder("texts.csv"), "--label", "y", "-o", path), StringComparison.Ordinal);
    }

    private static void ReportNoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare-report.csv", string.Join('\n', File.ReadAllLines(bench.Test).Skip(1)) + "\n");
        string path = bench.New(".html");
        OptionBench.Done("report", bench.Model, "--data", bare, "--label", "5", "--no-header", "-o", path, "--no-timings");
        Assert.Equal(Rate(Evaluate(bench.Model, bench.Test).GetProperty("log_loss").GetDouble()), new ReportPageReader(File.ReadAllText(path)).Text("log-loss"));
        Assert.Contains("--no-header", OptionBench.Refused("report", bench.Model, "--data", bare, "--label", "5", "-o", path), StringComparison.Ordinal);
    }

    private static void ReportOutput(OptionBench bench)
    {
        string path = bench.New(".html");
        string text = OptionBench.Done("report", bench.Model, "--data", bench.Test, "--label", "y", "--output", path, "--no-timings");
        Assert.Equal($"Wrote {path}: {File.ReadAllText(path).Length.ToString("N0", CultureInfo.InvariantCulture)} characters.", text.TrimEnd());
        Assert.Equal(2, OptionBench.Run("report", bench.Model, "--data", bench.Test, "--label", "y").ExitCode);
    }

    private static void ReportSource(OptionBench bench)
    {
        string model = bench.Save(bench.TrainWith("--precision", "int8"));
        string real = bench.Save(bench.TrainWith());
        Assert.False(Report(bench, model, bench.Test).Section("precision").Descendants("tbody").Any());
        System.Xml.Linq.XElement[] rows = [.. Report(bench, model, bench.Test, "--source", real).Section("precision").Descendants("tbody").First().Elements("tr")];
        Assert.Equal(Rate(Evaluate(real, bench.Test).GetProperty("accuracy").GetDouble()), rows[0].Elements("td").ElementAt(1).Value);
        Assert.Equal(Rate(Evaluate(model, bench.Test).GetProperty("accuracy").GetDouble()), rows[^1].Elements("td").ElementAt(1).Value);
    }

    private static void ReportHistory(OptionBench bench)
    {
        Assert.False(Report(bench, bench.Model, bench.Test).Has("training"));
        string history = bench.Write("history.csv", "epoch,training_loss,validation_loss\n1,0.9,0.8\n2,0.7,0.4321\n3,0.5,0.6\n");
        Assert.Contains("3 epochs. The dot is the lowest validation loss, 0.4321", Report(bench, bench.Model, bench.Test, "--history", history).Section("training").Value, StringComparison.Ordinal);
    }

    private static void ReportTimings(OptionBench bench)
    {
        string path = bench.New(".html");
        OptionBench.Done("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", path);
        Assert.True(new ReportPageReader(File.ReadAllText(path)).Has("time"));
        Assert.False(Report(bench, bench.Model, bench.Test).Has("time"));
        Assert.Equal(Report(bench, bench.Model, bench.Test).Html, Report(bench, bench.Model, bench.Test).Html);
    }

    private static void ReportJson(OptionBench bench)
    {
        string path = bench.New(".html");
        JsonElement json = OptionBench.Json("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", path, "--no-timings");
        Assert.Equal(path, json.GetProperty("output").GetString());
        Assert.Equal(File.ReadAllText(path).Length, json.GetProperty("characters").GetInt32());
    }

    private static ReportPageReader Report(OptionBench bench, string model, string data, params string[] options)
    {
        string path = bench.InFolder("report.html");
        OptionBench.Done(["report", model, "--data", data, "--label", "y", "-o", path, "--no-timings", .. options]);
        return new ReportPageReader(File.ReadAllText(path));
    }

    private static JsonElement Evaluate(string model, string data, params string[] options) => OptionBench.Json(["evaluate", model, "--data", data, "--label", "y", .. options]);

    // Every number by its definition, from the outputs of the engine.
    private static void Held(JsonElement evaluation, string model, string data, float threshold)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(data);
        float[] p = [.. OptionBench.Outputs(File.ReadAllBytes(model), rows).Select(output => output[0])];
        int[][] confusion = [[0, 0], [0, 0]];
        double logLoss = 0;
        double brier = 0;
        double pairs = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            confusion[labels[i]][p[i] >= threshold ? 1 : 0]++;
            logLoss -= Math.Log(labels[i] == 1 ? p[i] : 1.0 - p[i]) / rows.Length;
            brier += Math.Pow(p[i] - labels[i], 2) / rows.Length;
            pairs += labels[i] == 0 ? 0 : p.Where((q, j) => labels[j] == 0).Sum(q => q < p[i] ? 1 : q == p[i] ? 0.5 : 0);
        }

        Assert.Equal(confusion.SelectMany(row => row), evaluation.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(cell => cell.GetInt32()));
        Assert.Equal((double)(confusion[0][0] + confusion[1][1]) / rows.Length, evaluation.GetProperty("accuracy").GetDouble(), 1e-12);

        // Rows of a block are summed in another order than a row alone: a probability differs by a last bit of float32, 6e-8.
        Assert.Equal(logLoss, evaluation.GetProperty("log_loss").GetDouble(), 1e-7);
        Assert.Equal(brier, evaluation.GetProperty("brier").GetDouble(), 1e-7);
        Assert.Equal(pairs / labels.Count(label => label == 1) / labels.Count(label => label == 0), evaluation.GetProperty("auc").GetDouble(), 1e-12);
        Assert.Equal(threshold, evaluation.GetProperty("threshold").GetSingle());
        Assert.Equal(rows.Length, evaluation.GetProperty("rows").GetInt32());
    }

    private static string Rate(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
