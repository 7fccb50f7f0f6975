using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Second branches of the options of <c>edge train</c>, <c>edge export</c> and <c>edge emit</c>: what is asked for where it cannot be had, and what is said beside.</summary>
public sealed class WriterOptionEdgeTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void Scores_cannot_be_tuned_but_told_from_other_inputs()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "contract", "torch_one_logit.onnx");
        string probe = bench.New();
        OptionBench.Done("export", source, "-o", probe, "--head", "scores");
        int length = EdgeModelLength(probe);
        string rows = bench.Write("scores.csv", string.Join(',', Enumerable.Range(0, length).Select(i => $"x{i}")) + ",y\n"
            + string.Concat(Enumerable.Range(0, 12).Select(row => string.Join(',', Enumerable.Range(0, length).Select(i => ((row * 31) + (i * 17)) % 23)) + $",{row % 2}\n")));
        foreach (string[] option in new string[][] { ["--threshold", "auto"], ["--calibrate-probability", "Platt"], ["--abstain-below", "0.9"] })
        {
            string path = bench.New();
            Assert.Equal(
                "The model returns scores, not probabilities, so threshold, calibration and abstain band cannot be tuned; omit these options.",
                OptionBench.Refused(["export", source, "-o", path, "--head", "scores", "--data", rows, "--label", "y", .. option]).TrimEnd());
            Assert.False(File.Exists(path));
        }

        string told = bench.New();
        OptionBench.Done("export", source, "-o", told, "--head", "scores", "--data", rows, "--label", "y", "--unlike-share", "0.1");
        Assert.NotNull(OptionBench.Contract(File.ReadAllBytes(told)).Decision.InputStatistics);
    }

    [Fact]
    public void Tuning_asks_for_rows_and_for_their_label()
    {
        Assert.Equal("Tuning decisions needs labelled rows; give a CSV with --data and its label column with --label.", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--threshold", "auto").TrimEnd());
        Assert.Equal($"'{bench.Test}' needs a label column to tune on; name it with --label.", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--threshold", "auto", "--data", bench.Test).TrimEnd());

        // The rows alone change nothing, and train has rows of its own.
        string path = bench.New();
        OptionBench.Done("export", bench.Net, "-o", path, "--data", bench.Test);
        Assert.Equal(0.5f, OptionBench.Contract(File.ReadAllBytes(path)).Decision.Threshold);
        Assert.NotEqual(0.5f, OptionBench.Contract(bench.TrainWith("--threshold", "auto")).Decision.Threshold);
    }

    // The notes have the file's numbers.
    [Fact]
    public void What_was_tuned_is_said_with_the_numbers_of_the_file()
    {
        string path = bench.New();
        string[] lines = OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--epochs", "8", "--hidden", "6,5", "-q", "--threshold", "auto", "--objective", "f1", "--abstain-below", "0.95", "--data", bench.Test).Split('\n');
        DecisionMetadata decision = OptionBench.Contract(File.ReadAllBytes(path)).Decision;
        float[] said = [.. OptionBench.Outputs(File.ReadAllBytes(path), OptionBench.Read(bench.Test).Rows).Select(row => row[0])];
        int abstained = said.Count(p => p >= decision.AbstainLow && p < decision.AbstainHigh);
        Assert.True(abstained > 0);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Threshold {decision.Threshold:0.0000}, tuned for f1 on 90 rows."), lines);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"No decision from {decision.AbstainLow:0.0000} to below {decision.AbstainHigh:0.0000}: {abstained / 90.0:0.0%} of 90 rows."), lines);
    }

    // The table of auto: 4 · 6, 6 · 5 and 5 · 1 weights, each used once an inference; the precision is that of the file's layer.
    [Fact]
    public void Auto_prints_a_line_for_each_layer()
    {
        string path = bench.New();
        string text = OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--epochs", "8", "--hidden", "6,5", "-q", "--precision", "auto", "--max-loss", "0");
        string[][] rows = [.. text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];
        Assert.Equal(["layer", "precision", "output SNR in int8, dB", "weights", "MACs"], rows[0]);
        Assert.Equal(["24", "30", "5"], rows[1..].Select(row => row[3]));
        Assert.Equal(["24", "30", "5"], rows[1..].Select(row => row[4]));
        Assert.Equal(3, rows[1..].Select(row => row[0]).Distinct().Count());
        string[] types = [.. OptionBench.Graph(File.ReadAllBytes(path)).Nodes.Where(node => node.Opcode == Opcode.Dense).Select(node => node.Output.Type.ToString().ToLowerInvariant())];
        Assert.Equal(types[..2], rows[1..3].Select(row => row[1]));
        Assert.All(rows[1..], row => Assert.Matches(@"^-?\d+\.\d$", row[2]));
        float[][] features = OptionBench.Read(bench.Train).Rows;
        int[] labels = OptionBench.Read(bench.Train).Labels;
        float[][] real = OptionBench.Outputs(bench.TrainWith(), features);
        float[][] final = OptionBench.Outputs(File.ReadAllBytes(path), features);
        int changed = Enumerable.Range(0, labels.Length).Count(i => real[i][0] >= 0.5f != final[i][0] >= 0.5f);
        int lost = Enumerable.Range(0, labels.Length).Sum(i => (real[i][0] >= 0.5f == (labels[i] == 1) ? 1 : 0) - (final[i][0] >= 0.5f == (labels[i] == 1) ? 1 : 0));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0.0, Math.Max(changed, lost)) / labels.Length:0.00%} of the calibration rows change their decision; layers start in int8, and the noisiest are raised until the loss fits."), text.Split('\n'));
    }

    [Fact]
    public void Features_that_the_model_names_itself_are_kept()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "contract", "named_scalar_inputs.onnx");
        string path = bench.New();
        OptionBench.Done("export", source, "-o", path);
        string[] own = OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(MetadataKey.InputNames);
        OptionBench.Done("export", source, "-o", path, "--features", string.Join(',', own));
        Assert.Equal(own, OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(MetadataKey.InputNames));
        string[] other = [.. own[..^1], "another"];
        Assert.Contains("The model already names its features, '" + own[0] + "'", OptionBench.Refused("export", source, "-o", path, "--features", string.Join(',', other)), StringComparison.Ordinal);
    }

    [Fact]
    public void Units_are_counted_by_values_where_there_are_no_names()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "import", "dead_unsupported.onnx");
        Assert.Contains("3 units but the model has 4", OptionBench.Refused("export", source, "-o", bench.New(), "--head", "value", "--units", "m,s,g"), StringComparison.Ordinal);
        string path = bench.New();
        OptionBench.Done("export", source, "-o", path, "--head", "value", "--features", "p,q,r,s", "--units", "m,s,,g");
        Assert.Equal(["m", "s", "", "g"], OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(MetadataKey.InputUnits));
    }

    // An array has no header: the model takes no names from it, and quantizes as with the same rows in a CSV.
    [Fact]
    public void Calibration_rows_may_be_an_array()
    {
        float[][] rows = OptionBench.Read(bench.Train).Rows;
        string array = bench.InFolder("calibration.NPY");
        File.WriteAllBytes(array, NpyFile.Write([rows.Length, 4], [.. rows.SelectMany(row => row)]));
        string path = bench.New();
        string csv = bench.New();
        OptionBench.Done("export", bench.Net, "-o", path, "-c", array, "--precision", "int8");
        OptionBench.Done("export", bench.Net, "-o", csv, "-c", bench.Train, "--label", "y", "--precision", "int8");
        Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(csv), rows), OptionBench.Outputs(File.ReadAllBytes(path), rows));
        Assert.Empty(OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(MetadataKey.InputNames));
        Assert.Equal(["a", "b", "c", "d"], OptionBench.Contract(File.ReadAllBytes(csv)).Metadata.TextList(MetadataKey.InputNames));
        Assert.Equal("--calibrate calibration.NPY --precision int8", OptionBench.Contract(File.ReadAllBytes(path)).Metadata.Text(MetadataKey.Options));
        Assert.Contains("the first dimension is the batch", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--precision", "int8", "-c", Flat(bench, rows)), StringComparison.Ordinal);

        static string Flat(OptionBench bench, float[][] rows)
        {
            string flat = bench.InFolder("flat.npy");
            File.WriteAllBytes(flat, NpyFile.Write([rows.Length * 4], [.. rows.SelectMany(row => row)]));
            return flat;
        }
    }

    [Fact]
    public void Paths_of_options_are_recorded_by_their_names()
    {
        string weights = bench.InFolder("paths.safetensors");
        File.WriteAllBytes(weights, new Import.Weights.SafetensorsBuilder().Add("fc.weight", [1, 3], 1.5f, -0.25f, -0.25f).Add("fc.bias", [1], 1f).Build());
        string folder = Directory.CreateDirectory(bench.InFolder("with space")).FullName;
        string layers = Path.Combine(folder, "my net.json");
        File.WriteAllText(layers, """{"input": [3], "layers": [{"type": "Linear", "name": "fc", "activation": "Tanh"}]}""");
        string path = bench.New();
        OptionBench.Done("export", weights, "-o", path, "--layers", layers, "--head", "value", "--name", "a/b c");
        Assert.Equal("--head value --layers \"my net.json\" --name \"a/b c\"", OptionBench.Contract(File.ReadAllBytes(path)).Metadata.Text(MetadataKey.Options));
    }

    // A call takes a frame, so that the vectors are the first frames of the first sequence.
    [Fact]
    public void A_streamed_model_carries_frames_of_the_first_sequence()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestData", "import", "gru_dynamic_time.onnx");
        var random = new Random(4);
        float[] values = [.. Enumerable.Range(0, 2 * 12).Select(_ => random.NextSingle() - 0.5f)];
        string rows = bench.InFolder("sequences.npy");
        File.WriteAllBytes(rows, NpyFile.Write([2, 4, 3], values));
        foreach ((int frames, int vectors) in new[] { (1, 3), (2, 2), (4, 1) })
        {
            string path = bench.New();
            OptionBench.Done("export", source, "-o", path, "--streaming", "--frames", $"{frames}", "--dim", "time=4", "-c", rows);
            using EdgeModel model = EdgeModel.Load(path);
            Assert.Equal((3 * frames, vectors), (model.InputLength, SelfTest.Count(model)));
            byte[] file = File.ReadAllBytes(path);
            byte[] first = [.. values.Take(3 * frames).SelectMany(BitConverter.GetBytes)];
            Assert.True(file.AsSpan().IndexOf(first) >= 0);
            Assert.Contains($"{vectors} vectors reproduced", OptionBench.Done("verify", path), StringComparison.Ordinal);
        }

        Assert.Contains("--dim time=SIZE", OptionBench.Refused("export", source, "-o", bench.New(), "--streaming", "--data", bench.Test), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dim", "time=+4")]
    [InlineData("--dim", "time= 4")]
    [InlineData("--dim", "time=1e1")]
    [InlineData("--dim", "time=-4")]
    [InlineData("--dim", "time=2147483648")]
    [InlineData("--batch", "+1")]
    [InlineData("--batch", "2147483648")]
    public void A_size_is_a_whole_number_of_digits_alone(string option, string value)
    {
        (int exitCode, string text, string error) = OptionBench.Run("inspect", Path.Combine(AppContext.BaseDirectory, "TestData", "import", "gru_dynamic_time.onnx"), option, value);
        Assert.Equal((2, ""), (exitCode, text));
        Assert.Contains($"{option} '{value}' is no", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_size_may_be_given_twice_and_a_name_may_have_spaces_around_it() => Assert.Contains(
        "[1, 7, 3]",
        OptionBench.Json("inspect", Path.Combine(AppContext.BaseDirectory, "TestData", "import", "gru_dynamic_time.onnx"), "--dim", "time=7", "--dim", " time =7").GetProperty("inputs")[0].GetProperty("shape").GetString(),
        StringComparison.Ordinal);

    // Counts are scaled in straight-line code alone: no other form is taken in its place.
    [Fact]
    public void Counts_are_refused_where_the_code_cannot_be()
    {
        string path = Path.Combine(Directory.CreateDirectory(bench.New("")).FullName, "M.g.cs");
        Assert.Contains("use the table form", OptionBench.Refused("emit", ModelRows.Recurrent(bench), "-o", path, "--counts-scale", "1"), StringComparison.Ordinal);
        string integers = bench.Save(bench.TrainWith("--precision", "int8"));
        Assert.Equal("--counts-scale is for straight-line code, --form code, and not for --form resource.", OptionBench.Misused("emit", integers, "-o", path, "--counts-scale", "1", "--form", "resource").TrimEnd());
        Assert.Equal("--counts-offset needs --counts-scale.", OptionBench.Misused("emit", integers, "-o", path, "--counts-offset", "1", "--form", "table").TrimEnd());
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
        OptionBench.Done("emit", integers, "-o", path, "--counts-scale", "1", "--form", "code");
        Assert.Contains("int[] counts", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_written_file_has_its_line_and_the_engine_is_named_where_it_is_needed()
    {
        string model = bench.Save(bench.TrainWith("--precision", "int8"));
        foreach ((string form, bool needsEngine, int files) in new[] { ("code", false, 1), ("table", true, 1), ("resource", true, 2) })
        {
            string folder = Directory.CreateDirectory(bench.New("")).FullName;
            string[] lines = OptionBench.Done("emit", model, "-o", Path.Combine(folder, "M.g.cs"), "--form", form).TrimEnd().Split('\n');
            Assert.Equal(files, Directory.GetFiles(folder).Length);
            Assert.Equal(Directory.GetFiles(folder).Order(StringComparer.Ordinal), lines[..^1].Select(line => line["Wrote ".Length..line.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
            Assert.Equal(needsEngine, lines[^1].TrimEnd().EndsWith(" ms on an ESP32 (estimated). Needs the assembly EdgeInference.Nano.", StringComparison.Ordinal));
            Assert.Equal(!needsEngine, lines[^1].TrimEnd().EndsWith("(estimated).", StringComparison.Ordinal));
            if (form == "resource")
            {
                string resource = Directory.GetFiles(folder).Single(file => !file.EndsWith(".cs", StringComparison.Ordinal));
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"Wrote {resource}: {new FileInfo(resource).Length:N0} bytes."), lines[0].TrimEnd());
            }
        }
    }

    // docs/esp32.md: an assembly holds 60,000 bytes of constants; a file of so many is one of them still.
    [Fact]
    public void A_file_of_60000_bytes_gets_the_table_form_and_one_byte_more_the_resource_form()
    {
        string path = Path.Combine(Directory.CreateDirectory(bench.New("")).FullName, "M.g.cs");
        foreach ((int bytes, string form) in new[] { (60_000, "table"), (60_001, "resource") })
        {
            byte[] file = Twice(bytes - Twice(0).Length);
            Assert.Equal(bytes, file.Length);
            Assert.Contains($"Writing the {form} form.", OptionBench.Run("emit", bench.Save(file), "-o", path).Error, StringComparison.Ordinal);
        }

        // Code returns no tensor twice. Without weights, a text ends the file, which then has any length.
        static byte[] Twice(int letters)
        {
            var builder = new ModelBuilder();
            int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int output = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Tanh, 0, 0]);
            builder.AddInput(input);
            builder.AddOutput(output, OutputRole.Value);
            builder.AddOutput(output, OutputRole.Value);
            builder.AddText(MetadataKey.Name, new string('n', letters));
            return builder.Build();
        }
    }

    // docs/numerics.md: the defaults of edge train, and auto with --max-loss 0.2%.
    [Fact]
    public void The_table_of_accuracy_is_what_train_and_evaluate_say()
    {
        JsonElement[] lines = OptionBench.AccuracyTable;
        Assert.Equal(["breast_cancer", "digits", "breast_original", "house_votes", "ionosphere", "sonar"], lines.Select(line => line.GetProperty("data_set").GetString()).Distinct());
        foreach ((string name, string label) in new[] { ("ionosphere", "good_return"), ("sonar", "mine") })
        {
            string data = Path.Combine(AppContext.BaseDirectory, "data");
            string real = Train("float32");
            foreach (string precision in new[] { "float32", "int16", "int8", "auto" })
            {
                JsonElement expected = OptionBench.Json("evaluate", Train(precision), "--data", Path.Combine(data, name + ".test.csv"), "--label", label, "--against", real);
                JsonElement actual = lines.Single(line => line.GetProperty("data_set").GetString() == name && line.GetProperty("precision").GetString() == precision).GetProperty("evaluation");
                foreach (string property in new[] { "accuracy", "auc", "brier", "worst_deviation" })
                {
                    Assert.Equal((name, precision, property, expected.GetProperty(property).GetDouble()), (name, precision, property, actual.GetProperty(property).GetDouble()));
                }
            }

            string Train(string precision)
            {
                string path = bench.New();

                // The table takes all columns; train leaves one out that is the same in every row.
                string[] kept = name == "ionosphere" ? ["--numeric", "pulse01_im"] : [];
                OptionBench.Done(["train", Path.Combine(data, name + ".train.csv"), "--label", label, "-o", path, "--precision", precision, "--max-loss", "0.2%", "--hidden", "16,8", "-q", .. kept]);
                return path;
            }
        }
    }

    private static int EdgeModelLength(string path)
    {
        using EdgeModel model = EdgeModel.Load(path);
        return model.InputLength;
    }
}
