using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>The options of precision, decisions and windows, which <c>edge train</c> and <c>edge export</c> share; each command has a row of its own.</summary>
internal static class SharedRows
{
    internal static Dictionary<string, Action<OptionBench>> All(string command)
    {
        var maker = new ModelMaker(command);
        return new Dictionary<string, Action<OptionBench>>
        {
            [$"{command} --precision"] = bench => Precision(bench, maker),
            [$"{command} --max-loss"] = bench => MaxLoss(bench, maker),
            [$"{command} --calibration-method"] = bench => Method(bench, maker),
            [$"{command} --per-tensor"] = bench => PerTensor(bench, maker),
            [$"{command} --no-bias-correction"] = bench => BiasCorrection(bench, maker),
            [$"{command} --equalize"] = bench => Equalize(bench, maker),
            [$"{command} --threshold"] = bench => Threshold(bench, maker),
            [$"{command} --objective"] = bench => Objective(bench, maker),
            [$"{command} --calibrate-probability"] = bench => Calibrate(bench, maker),
            [$"{command} --abstain-below"] = bench => Abstain(bench, maker),
            [$"{command} --unlike-share"] = bench => Unlike(bench, maker),
            [$"{command} --data"] = bench => Data(bench, maker),
            [$"{command} --units"] = bench => Units(bench, maker),
            [$"{command} --sample-period"] = bench => Period(bench, maker),
            [$"{command} --window"] = bench => Window(bench, maker),
            [$"{command} --hop"] = bench => Hop(bench, maker),
            [$"{command} --strip"] = bench => Strip(bench, maker),
            [$"{command} --tensor-names"] = bench => TensorNames(bench, maker),
        };
    }

    private static void Precision(OptionBench bench, ModelMaker make)
    {
        Assert.Equal(TensorType.Float32, Hidden([]));
        Assert.Equal(TensorType.Float32, Hidden(["--precision", "float32"]));
        Assert.Equal(TensorType.Int8, Hidden(["--precision", "int8"]));
        Assert.Equal(TensorType.Int16, Hidden(["-p", "int16"]));

        // Of so few weights float32 may be the smaller file, which auto then takes.
        bool isFloatSmaller = make.Make(bench, ["--precision", "float32"]).Length <= make.Make(bench, ["--precision", "int8"]).Length;
        Assert.Equal(isFloatSmaller ? TensorType.Float32 : TensorType.Int8, Hidden(["-p", "auto", "--max-loss", "100%"]));

        TensorType Hidden(string[] options) => Dense(make.Make(bench, options))[0].Output.Type;
    }

    // The threshold is what one row is given in float32 and misses in int8: that row is lost unless layers are lifted.
    private static void MaxLoss(OptionBench bench, ModelMaker make)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Train);
        string[] rough = ["--calibration-method", "MinMax", "--per-tensor", "--no-bias-correction"];
        byte[] realFile = make.Make(bench, []);
        byte[] int8File = make.Make(bench, ["--precision", "int8", .. rough]);
        float[][] real = OptionBench.Outputs(realFile, rows);
        float[][] int8 = OptionBench.Outputs(int8File, rows);
        float threshold = Enumerable.Range(0, rows.Length).Where(i => int8[i][0] < real[i][0]).Select(i => real[i][0]).First(p => p is > 0.2f and < 0.8f && Loss(int8, p) is var loss && loss is > 0.005 and <= 0.05);
        string[] line = ["--precision", "auto", "--threshold", threshold.ToString("R", CultureInfo.InvariantCulture), .. rough];
        foreach ((string loss, double share) in new[] { ("0", 0.0), ("0.5%", 0.005), ("0.005", 0.005), ("5%", 0.05), ("0.05", 0.05), ("100%", 1), ("1", 1) })
        {
            byte[] file = make.Make(bench, [.. line, "--max-loss", loss]);
            Assert.InRange(Loss(OptionBench.Outputs(file, rows), threshold), 0, share);
            string bytes = Bytes(file);
            Assert.Equal(share >= 0.05, bytes == Bytes(int8File) || (share >= 0.05 && bytes == Bytes(realFile)));
        }

        Assert.Equal(Bytes(make.Make(bench, [.. line, "--max-loss", "0.5%"])), Bytes(make.Make(bench, line)));
        foreach (string wrong in new[] { "1.5", "-1%", "101%", "some" })
        {
            Assert.Contains("is not a share", make.Misuse(bench, ["--precision", "auto", .. rough, $"--max-loss={wrong}"]), StringComparison.Ordinal);
        }

        double Loss(float[][] outputs, float at)
        {
            int changed = Enumerable.Range(0, rows.Length).Count(i => outputs[i][0] >= at != real[i][0] >= at);
            int lost = Enumerable.Range(0, rows.Length).Sum(i => (real[i][0] >= at == (labels[i] == 1) ? 1 : 0) - (outputs[i][0] >= at == (labels[i] == 1) ? 1 : 0));
            return (double)Math.Max(changed, lost) / rows.Length;
        }
    }

    private static void Method(OptionBench bench, ModelMaker make)
    {
        // The first layer's highest value over the rows, from the float file in plain loops; 0 is the lowest of a ReLU.
        byte[] real = make.Make(bench, []);
        (float[][] rows, _) = OptionBench.Read(bench.Train);
        Node first = Dense(real)[0];
        double highest = rows.Max(row => Layer(first, row).Max());
        var scales = new Dictionary<string, float>();
        foreach (string method in new[] { "MinMax", "Percentile", "MeanSquareError", "Entropy" })
        {
            Quantization output = Dense(make.Make(bench, ["--precision", "int8", "--calibration-method", method]))[0].Output.Quantization!;
            Assert.Equal(-128, output.ZeroPoint);
            scales[method] = output.Scale;
        }

        Assert.Equal(highest / 255, scales["MinMax"], 1e-5 * highest);
        Assert.All(scales.Values, scale => Assert.InRange(scale, 0, scales["MinMax"] * 1.00001f));
        Assert.True(scales.Values.Distinct().Count() >= 2, string.Join(' ', scales));

        // Left out, all are tried: nothing tried alone is closer to float.
        double chosen = Noise(make.Make(bench, ["--precision", "int8"]));
        Assert.All(scales.Keys, method => Assert.True(chosen <= Noise(make.Make(bench, ["--precision", "int8", "--calibration-method", method])) * 1.0001, method));

        double Noise(byte[] file) => OptionBench.Outputs(file, rows).Zip(OptionBench.Outputs(real, rows), (a, b) => Math.Pow((double)a[0] - b[0], 2)).Sum();
    }

    // Each channel with a scale of its own has a weight of ±127; with one scale for all, weights keep their proportions.
    private static void PerTensor(OptionBench bench, ModelMaker make)
    {
        string[][] sets = [["--precision", "int8", "--calibration-method", "MinMax"], ["--precision", "int8"], ["--precision", "int16", "--calibration-method", "MinMax"]];
        foreach (string[] set in sets)
        {
            Node each = Dense(make.Make(bench, set))[1];
            Node one = Dense(make.Make(bench, [.. set, "--per-tensor"]))[1];
            Assert.All(Peaks(each), peak => Assert.Equal(127, peak));
            Assert.Equal(127, Peaks(one).Max());
            Assert.Contains(Peaks(one), peak => peak < 120);
            Assert.Equal(5, Multipliers(each).Distinct().Count());
            Assert.Single(Multipliers(one).Distinct());
        }

        static int[] Peaks(Node node)
        {
            sbyte[] weights = (sbyte[])node.Input(1).Data!;
            if (node.Input(1).Shape is [_, 2, var inputs])
            {
                // 16 bits, as high and low halves: 127 of 257 each.
                return [.. weights.Chunk(2 * inputs).Select(row => Enumerable.Range(0, inputs).Max(i => Math.Abs((256 * row[i]) + row[inputs + i])) / 257)];
            }

            return [.. weights.Chunk(node.Input(1).Shape[1]).Select(row => row.Max(w => Math.Abs((int)w)))];
        }

        static double[] Multipliers(Node node) => [.. ((int[])node.Input(3).Data!).Zip((sbyte[])node.Input(4).Data!, (m, shift) => Math.ScaleB(m, shift))];
    }

    // What rounding the weights adds to a sum on average is taken from the bias: Σ (w − ŵ)·mean(x), in steps of the sum.
    private static void BiasCorrection(OptionBench bench, ModelMaker make)
    {
        string[] line = ["--precision", "int8", "--calibration-method", "MinMax", "--per-tensor"];
        byte[] real = make.Make(bench, []);
        Node with = Dense(make.Make(bench, line))[1];
        Node without = Dense(make.Make(bench, [.. line, "--no-bias-correction"]))[1];
        Assert.Equal((sbyte[])without.Input(1).Data!, (sbyte[])with.Input(1).Data!);
        (float[][] rows, _) = OptionBench.Read(bench.Train);
        Node[] layers = Dense(real);
        double[] means = [.. Enumerable.Range(0, 6).Select(i => rows.Average(row => Layer(layers[0], row)[i]))];
        float[] exact = layers[1].Input(1).Floats;
        var rounded = (sbyte[])with.Input(1).Data!;
        double step = exact.Max(Math.Abs) / 127;
        double input = with.Input(0).Quantization!.Scale;
        int[] a = (int[])with.Input(2).Data!;
        int[] b = (int[])without.Input(2).Data!;
        Assert.NotEqual(b, a);
        for (int unit = 0; unit < 5; unit++)
        {
            double error = Enumerable.Range(0, 6).Sum(i => (exact[(unit * 6) + i] - (rounded[(unit * 6) + i] * step)) * means[i]);
            Assert.Equal(error / (step * input), a[unit] - b[unit], 1.1 + (0.02 * Math.Abs(error / (step * input))));
        }
    }

    // Between two layers a unit's weights and those that read it get the same range: the first over, the second times the root of the quotient.
    private static void Equalize(OptionBench bench, ModelMaker make)
    {
        string[] line = ["--precision", "int8", "--calibration-method", "MinMax", "--per-tensor"];
        float[][] layers = [.. Dense(make.Make(bench, [])).Select(node => node.Input(1).Floats)];
        double[] plain = [.. layers[1].Select(w => (double)w)];
        double[] even = [.. plain];
        for (int i = 0; i < 6; i++)
        {
            double makes = layers[0].Skip(4 * i).Take(4).Max(Math.Abs);
            double reads = Enumerable.Range(0, 5).Max(unit => Math.Abs(plain[(unit * 6) + i]));
            for (int unit = 0; unit < 5; unit++)
            {
                even[(unit * 6) + i] *= Math.Sqrt(makes / reads);
            }
        }

        for (int unit = 0; unit < 5; unit++)
        {
            double factor = Math.Sqrt(even.Skip(unit * 6).Take(6).Max(Math.Abs) / Math.Abs(layers[2][unit]));
            for (int i = 0; i < 6; i++)
            {
                even[(unit * 6) + i] /= factor;
            }
        }

        Held(plain, line);
        Held(even, [.. line, "--equalize"]);
        Assert.Contains(plain.Zip(even), pair => Math.Abs((pair.First / plain.Max(Math.Abs)) - (pair.Second / even.Max(Math.Abs))) > 0.1);

        void Held(double[] weights, string[] options) => Assert.Equal(
            weights.Select(w => 127 * w / weights.Max(Math.Abs)),
            ((sbyte[])Dense(make.Make(bench, options))[1].Input(1).Data!).Select(w => (double)w),
            (a, b) => Math.Abs(a - b) < 0.51);
    }

    private static void Threshold(OptionBench bench, ModelMaker make)
    {
        Assert.Equal(0.5f, OptionBench.Contract(make.Make(bench, [])).Decision.Threshold);
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        foreach (float threshold in new[] { 0f, 0.2f, 0.9f, 1f })
        {
            byte[] file = make.Make(bench, ["--threshold", threshold.ToString("R", CultureInfo.InvariantCulture)]);
            Assert.Equal(threshold, OptionBench.Contract(file).Decision.Threshold);
            float[] said = [.. OptionBench.Outputs(file, rows).Select(output => output[0])];
            JsonElement evaluation = OptionBench.Json("evaluate", bench.Save(file), "--data", bench.Test, "--label", "y");
            Assert.Equal(threshold, evaluation.GetProperty("threshold").GetSingle());
            Assert.Equal(labels.Where((label, i) => label == 1 && said[i] >= threshold).Count(), evaluation.GetProperty("confusion")[1][1].GetInt32());
            Assert.Equal(labels.Where((label, i) => label == 0 && said[i] >= threshold).Count(), evaluation.GetProperty("confusion")[0][1].GetInt32());
        }

        float tuned = OptionBench.Contract(make.Make(bench, ["--threshold", "auto", "--data", bench.Train])).Decision.Threshold;
        Assert.NotEqual(0.5f, tuned);
        foreach (string wrong in new[] { "-0.01", "1.01", "NaN", "high" })
        {
            Assert.Contains("neither a number from 0 to 1 nor auto", make.Misuse(bench, [$"--threshold={wrong}"]), StringComparison.Ordinal);
        }
    }

    // Of all thresholds none scores better by the objective, each written out here.
    private static void Objective(OptionBench bench, ModelMaker make)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        var scores = new Dictionary<string, Func<int, int, int, int, double>>
        {
            ["youden"] = (tp, fp, tn, fn) => ((double)tp / (tp + fn)) + ((double)tn / (tn + fp)),
            ["f1"] = (tp, fp, tn, fn) => 2.0 * tp / ((2.0 * tp) + fp + fn),
            ["cost:9"] = (tp, fp, tn, fn) => -(fp + (9.0 * fn)),
            ["cost:0.1"] = (tp, fp, tn, fn) => -(fp + (0.1 * fn)),
            ["recall:0.8"] = (tp, fp, tn, fn) => (double)tp / (tp + fn) >= 0.8 ? -fp : -1e9,
        };
        var thresholds = new Dictionary<string, float>();
        foreach ((string objective, Func<int, int, int, int, double> score) in scores)
        {
            byte[] file = make.Make(bench, ["--threshold", "auto", "--objective", objective, "--data", bench.Test]);
            float[] said = [.. OptionBench.Outputs(file, rows).Select(output => output[0])];
            thresholds[objective] = OptionBench.Contract(file).Decision.Threshold;
            double best = said.Append(0f).Append(1f).Max(Score);
            Assert.Equal(best, Score(thresholds[objective]), 1e-12);

            double Score(float threshold)
            {
                int Count(int label, bool above) => labels.Where((l, i) => l == label && said[i] >= threshold == above).Count();
                return score(Count(1, true), Count(0, true), Count(0, false), Count(1, false));
            }
        }

        Assert.True(thresholds["cost:9"] < thresholds["youden"] && thresholds["youden"] < thresholds["cost:0.1"], string.Join(' ', thresholds));
        Assert.Equal(thresholds["youden"], OptionBench.Contract(make.Make(bench, ["--threshold", "auto", "--data", bench.Test])).Decision.Threshold);
        Assert.Contains("objective", make.Fault(bench, ["--threshold", "auto", "--objective", "recall:1.01", "--data", bench.Test]), StringComparison.Ordinal);
    }

    // Where the log loss is least its derivatives are 0.
    private static void Calibrate(OptionBench bench, ModelMaker make)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        float[] said = [.. OptionBench.Outputs(make.Make(bench, []), rows).Select(output => output[0])];
        double[] logits = [.. said.Select(p => Math.Log(p / (1.0 - p)))];
        Assert.Null(OptionBench.Contract(make.Make(bench, [])).Decision.Calibration);

        float[] platt = Record("Platt");
        double ones = labels.Sum();
        double[] targets = [.. labels.Select(label => label == 1 ? (ones + 1) / (ones + 2) : 1 / (labels.Length - ones + 2))];
        double[] errors = [.. logits.Select((z, i) => (1 / (1 + Math.Exp(-((platt[1] * z) + platt[2])))) - targets[i])];
        Assert.Equal(1f, platt[0]);
        Assert.Equal(0, errors.Sum(), 1e-3);
        Assert.Equal(0, errors.Zip(logits, (e, z) => e * z).Sum(), 1e-3);

        float[] temperature = Record("Temperature");
        Assert.Equal(3f, temperature[0]);
        Assert.Equal(0, logits.Select((z, i) => ((1 / (1 + Math.Exp(-z / temperature[1]))) - labels[i]) * z).Sum(), 2e-3);

        float[] isotonic = Record("Isotonic");
        Assert.Equal(2f, isotonic[0]);
        Assert.Equal(isotonic[2..].Where((_, i) => i % 2 == 0).Order(), isotonic[2..].Where((_, i) => i % 2 == 0));

        // What evaluate says is said of the calibrated probability.
        byte[] file = make.Make(bench, ["--calibrate-probability", "Platt", "--data", bench.Test]);
        double brier = errors.Select((e, i) => Math.Pow(e + targets[i] - labels[i], 2)).Average();
        Assert.Equal(brier, OptionBench.Json("evaluate", bench.Save(file), "--data", bench.Test, "--label", "y").GetProperty("brier").GetDouble(), 1e-5);

        float[] Record(string method) => OptionBench.Contract(make.Make(bench, ["--calibrate-probability", method, "--data", bench.Test])).Metadata.Floats(MetadataKey.Calibration);
    }

    private static void Abstain(OptionBench bench, ModelMaker make)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        DecisionMetadata none = OptionBench.Contract(make.Make(bench, [])).Decision;
        Assert.Equal(none.AbstainLow, none.AbstainHigh);
        float[] said = [.. OptionBench.Outputs(make.Make(bench, []), rows).Select(output => output[0])];
        double plain = labels.Where((label, i) => (said[i] >= 0.5f ? 1 : 0) == label).Count() / (double)rows.Length;
        double last = 0;
        foreach (double accuracy in new[] { plain - 0.01, (plain + 1) / 2, (plain + 3) / 4 })
        {
            DecisionMetadata decision = OptionBench.Contract(make.Make(bench, ["--abstain-below", accuracy.ToString("R", CultureInfo.InvariantCulture), "--data", bench.Test])).Decision;
            int[] decided = [.. Enumerable.Range(0, rows.Length).Where(i => said[i] < decision.AbstainLow || said[i] >= decision.AbstainHigh)];
            double right = decided.Count(i => (said[i] >= 0.5f ? 1 : 0) == labels[i]);
            Assert.True(right / decided.Length >= accuracy - 1e-9);
            Assert.Equal(accuracy < plain, decided.Length == rows.Length);
            Assert.True(1 - ((double)decided.Length / rows.Length) >= last);
            last = 1 - ((double)decided.Length / rows.Length);
        }

        Assert.Contains("above 0 and up to 1", make.Fault(bench, ["--abstain-below", "0", "--data", bench.Test]), StringComparison.Ordinal);
        Assert.Contains("above 0 and up to 1", make.Fault(bench, ["--abstain-below", "1.01", "--data", bench.Test]), StringComparison.Ordinal);
    }

    private static void Unlike(OptionBench bench, ModelMaker make)
    {
        (float[][] rows, _) = OptionBench.Read(bench.Train);
        Assert.Null(OptionBench.Contract(make.Make(bench, [])).Decision.InputStatistics);
        var shares = new List<double>();
        foreach (double share in new[] { 0, 0.1, 0.5 })
        {
            byte[] file = make.Make(bench, ["--unlike-share", share.ToString("R", CultureInfo.InvariantCulture), "--data", bench.Train]);
            float[] statistics = OptionBench.Contract(file).Metadata.Floats(MetadataKey.InputStatistics);
            for (int j = 0; j < 4; j++)
            {
                Assert.Equal(rows.Average(row => (double)row[j]), statistics[4 * j], 1e-4);
                Assert.Equal(rows.Min(row => row[j]), statistics[(4 * j) + 2]);
                Assert.Equal(rows.Max(row => row[j]), statistics[(4 * j) + 3]);
            }

            using EdgeModel model = EdgeModel.Load(file);
            using var classifier = new Classifier(model);
            shares.Add(rows.Count(row => classifier.Classify(row).OutlierScore > 1) / (double)rows.Length);
            Assert.InRange(shares[^1], 0, share);
        }

        Assert.True(shares[2] > shares[1] && shares[1] > 0, string.Join(' ', shares));
        Assert.Contains("from 0 to below 1", make.Fault(bench, ["--unlike-share", "1", "--data", bench.Train]), StringComparison.Ordinal);
        Assert.Contains("from 0 to below 1", make.Fault(bench, ["--unlike-share=-0.01", "--data", bench.Train]), StringComparison.Ordinal);
    }

    // The rows of the option are those that are tuned on: a class that is rarer there moves Platt's bias.
    private static void Data(OptionBench bench, ModelMaker make)
    {
        string csv = bench.Write("others.csv", OptionBench.Csv(OptionBench.Samples(90, 12).Select(row => (row.Row, row.Row[0] > 1.5f ? 1 : 0))));
        float[] test = Record(bench.Test);
        float[] other = Record(csv);
        Assert.True(other[2] < test[2] - 0.3, $"{other[2]} {test[2]}");

        float[] Record(string path) => OptionBench.Contract(make.Make(bench, ["--calibrate-probability", "Platt", "--data", path])).Metadata.Floats(MetadataKey.Calibration);
    }

    private static void Units(OptionBench bench, ModelMaker make)
    {
        Assert.Empty(OptionBench.Contract(make.Make(bench, [])).Metadata.TextList(MetadataKey.InputUnits));
        Assert.Equal(["m/s", "", "°C", "g"], OptionBench.Contract(make.Make(bench, ["--units", "m/s,, °C,g"])).Metadata.TextList(MetadataKey.InputUnits));
        Assert.Contains("3 units but the model has 4", make.Fault(bench, ["--units", "m,s,g"]), StringComparison.Ordinal);
    }

    private static void Period(OptionBench bench, ModelMaker make)
    {
        Assert.Equal((0f, 0, 0), Windowing(make.Make(bench, [])));
        Assert.Equal((0.02f, 0, 0), Windowing(make.Make(bench, ["--sample-period", "0.02"])));
        Assert.Equal((3f, 5, 5), Windowing(make.Make(bench, ["--sample-period", "3", "--window", "5"])));
        foreach (string wrong in new[] { "0", "-1", "Infinity", "NaN" })
        {
            Assert.Contains("time above 0", make.Misuse(bench, [$"--sample-period={wrong}"]), StringComparison.Ordinal);
        }
    }

    private static void Window(OptionBench bench, ModelMaker make)
    {
        Assert.Equal((0f, 50, 50), Windowing(make.Make(bench, ["--window", "50"])));
        Assert.Equal((0f, 1, 1), Windowing(make.Make(bench, ["--window", "1"])));
        Assert.Contains("--window must be 1 or more", make.Misuse(bench, ["--window", "0"]), StringComparison.Ordinal);
    }

    private static void Hop(OptionBench bench, ModelMaker make)
    {
        Assert.Equal((0f, 50, 10), Windowing(make.Make(bench, ["--window", "50", "--hop", "10"])));
        Assert.Equal((0f, 50, 50), Windowing(make.Make(bench, ["--window", "50", "--hop", "50"])));
        Assert.Equal((0f, 50, 1), Windowing(make.Make(bench, ["--window", "50", "--hop", "1"])));
        foreach (string[] wrong in new string[][] { ["--window", "50", "--hop", "51"], ["--window", "50", "--hop", "0"], ["--hop", "1"] })
        {
            Assert.Contains("--hop from 1 to --window", make.Misuse(bench, wrong), StringComparison.Ordinal);
        }
    }

    private static void Strip(OptionBench bench, ModelMaker make)
    {
        byte[] whole = make.Make(bench, ["--units", "m,s,g,m", "--strip", "names"]);
        float[][] rows = OptionBench.Read(bench.Test).Rows;
        foreach ((string parts, string[] gone) in new (string, string[])[]
        {
            ("self-test", ["self-test vectors"]), ("provenance", ["provenance"]), ("features", ["feature names and units"]),
            ("features, names,provenance,self-test", ["feature names and units", "provenance", "self-test vectors"]),
        })
        {
            byte[] file = make.Make(bench, ["--units", "m,s,g,m", "--strip", parts]);
            Assert.Equal(gone, Parts(whole).Except(Parts(file)).Order(StringComparer.Ordinal));
            Assert.Empty(Parts(file).Except(Parts(whole)));
            Assert.Equal(OptionBench.Outputs(whole, rows), OptionBench.Outputs(file, rows));
            Assert.Equal(Bytes(whole), Bytes(file));
        }

        Assert.Contains("--strip has the unknown part 'weights'; expected a list of names, self-test, provenance, features.", make.Fault(bench, ["--strip", "names,weights"]), StringComparison.Ordinal);
        Assert.Contains("--strip has the unknown part ''", make.Fault(bench, ["--strip", "names,"]), StringComparison.Ordinal);
        Assert.Contains("--strip names 'provenance' twice", make.Fault(bench, ["--strip", "provenance,provenance"]), StringComparison.Ordinal);
    }

    private static void TensorNames(OptionBench bench, ModelMaker make)
    {
        Assert.Empty(OptionBench.Contract(make.Make(bench, [])).TensorNames());
        ModelFile named = OptionBench.Contract(make.Make(bench, ["--tensor-names"]));
        Assert.Equal(named.TensorCount, named.TensorNames().Length);
        Assert.DoesNotContain("", named.TensorNames());
        Assert.Contains("give one of the two", make.Misuse(bench, ["--tensor-names", "--strip", "names"]), StringComparison.Ordinal);
    }

    private static string[] Parts(byte[] file) => [.. FilePartSummary.Of(OptionBench.Contract(file)).Select(part => part.Part).Except(["padding"])];

    private static (float Period, int Length, int Hop) Windowing(byte[] file)
    {
        DecisionMetadata decision = OptionBench.Contract(file).Decision;
        return (decision.SamplePeriod, decision.WindowLength, decision.WindowHop);
    }

    private static Node[] Dense(byte[] file) => [.. OptionBench.Graph(file).Nodes.Where(node => node.Opcode == Opcode.Dense)];

    // All constants: what a file computes, without what it says of itself.
    private static string Bytes(byte[] file) => string.Join('|', OptionBench.Graph(file).Nodes.SelectMany(node => node.Inputs).Where(input => input?.Data is not null).Select(input => string.Join(' ', input!.Data!.Cast<object>())));

    private static double[] Layer(Node dense, float[] row)
    {
        float[] weights = dense.Input(1).Floats;
        float[] bias = dense.Input(2).Floats;
        return [.. bias.Select((b, unit) => Math.Max(0, b + row.Select((x, i) => (double)x * weights[(unit * row.Length) + i]).Sum()))];
    }
}
