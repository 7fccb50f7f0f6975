using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Every line and every cell that <c>edge inspect</c> prints for a person, and fields that only a rare file fills.</summary>
public sealed class InspectTextTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void A_contract_that_says_everything_is_printed_line_by_line()
    {
        ModelBuilder builder = Sigmoid(9, 1, "values", "risk");
        builder.AddTextList(MetadataKey.InputNames, Enumerable.Range(1, 9).Select(i => $"f{i}"));
        builder.AddTextList(MetadataKey.InputUnits, ["m", "", "s", "", "", "", "", "g", "A"]);
        builder.AddTextList(MetadataKey.Labels, ["größe", "b"]);
        builder.AddWindow(0f, 12, 3);
        builder.AddText(MetadataKey.Source, "net.onnx");
        builder.AddText(MetadataKey.SourceProducer, "pytorch 2.9");
        builder.AddText(MetadataKey.Producer, "edge 7.8.9");
        builder.AddText(MetadataKey.Options, "--head logits");
        byte[] hash = SHA256.HashData("source"u8);
        byte[] rows = SHA256.HashData("rows"u8);
        builder.AddBytes(MetadataKey.SourceHash, hash);
        builder.AddBytes(MetadataKey.TrainingRows, rows);
        string path = bench.Save(builder.Build());
        string[] lines = Lines(OptionBench.Done("inspect", path));
        string[] expected =
        [
            "input 'values' float32 [1, 9], in the units of its features",
            "features 9: 'f1 [m]', 'f2', 'f3 [s]', 'f4', 'f5', 'f6', 'f7', 'f8 [g]' and 1 more",
            "window 12 samples, a new one every 3",
            "missing values none; classifiers abstain on an input that is not finite",
            "output 'risk' float32 [1, 1], probability",
            "decision risk, head none, calibrated by nothing",
            "classes 0 'größe', 1 'b'",
            "threshold 0.5 for class 1",
            "source net.onnx",
            $"source SHA-256 {Convert.ToHexString(hash).ToLowerInvariant()}",
            "source written by pytorch 2.9",
            "written by edge 7.8.9",
            "options --head logits",
            $"rows SHA-256 {Convert.ToHexString(rows).ToLowerInvariant()}",
            $"file {path}",
        ];
        Assert.Equal(expected, lines[..expected.Length]);

        JsonElement contract = OptionBench.Json("inspect", path).GetProperty("contract");
        JsonElement origin = contract.GetProperty("provenance");
        Assert.Equal(
            ("net.onnx", Convert.ToHexString(hash).ToLowerInvariant(), "pytorch 2.9", "edge 7.8.9", "--head logits", Convert.ToHexString(rows).ToLowerInvariant()),
            (Text(origin, "source"), Text(origin, "source_sha256"), Text(origin, "source_producer"), Text(origin, "tool"), Text(origin, "options"), Text(origin, "training_rows_sha256")));
        Assert.Equal(("risk", "none"), (Text(contract.GetProperty("decision"), "output"), Text(contract.GetProperty("decision"), "head")));
        Assert.Equal(("values", JsonValueKind.Null, "risk"), (Text(contract.GetProperty("inputs")[0], "name"), contract.GetProperty("inputs")[0].GetProperty("role").ValueKind, Text(contract.GetProperty("outputs")[0], "name")));

        // A program reads texts as they are, without escapes.
        Assert.Contains("\"größe\"", OptionBench.Done("inspect", path, "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_that_says_nothing_is_printed_line_by_line()
    {
        ModelBuilder builder = Sigmoid(3, 1, "", "");
        string[] lines = Lines(OptionBench.Done("inspect", bench.Save(builder.Build())));
        Assert.Equal(
            [
                "input float32 [1, 3]",
                "features no names",
                "missing values none; classifiers abstain on an input that is not finite",
                "output float32 [1, 1], probability",
                "decision , head none, calibrated by nothing",
                "classes no texts",
                "threshold 0.5 for class 1",
            ],
            lines[..7]);
        Assert.StartsWith("file ", lines[7], StringComparison.Ordinal);
    }

    // With two outputs and no record of which decides, none does.
    [Fact]
    public void Of_two_outputs_the_one_that_the_record_names_decides()
    {
        foreach ((int? decides, string? name) in new (int?, string?)[] { (null, null), (0, "first"), (1, "second") })
        {
            ModelBuilder builder = new();
            int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int first = builder.AddTensor(TensorType.Float32, [1, 2], 64);
            int second = builder.AddTensor(TensorType.Float32, [1, 2], 128);
            builder.AddOperator(Opcode.Activation, [input], [first], [(int)ActivationKind.Sigmoid, 0, 0]);
            builder.AddOperator(Opcode.Activation, [input], [second], [(int)ActivationKind.Sigmoid, 0, 0]);
            builder.AddInput(input, "x");
            builder.AddOutput(first, OutputRole.Probability, "first");
            builder.AddOutput(second, OutputRole.Probability, "second");
            if (decides is { } output)
            {
                builder.AddDecision(output, DecisionHead.Sigmoid);
            }

            string path = bench.Save(builder.Build());
            JsonElement decision = OptionBench.Json("inspect", path).GetProperty("contract").GetProperty("decision");
            Assert.Equal((name, name is null ? "none" : "sigmoid"), (decision.GetProperty("output").GetString(), Text(decision, "head")));
            string[] lines = Lines(OptionBench.Done("inspect", path));
            Assert.Contains("output 'first' float32 [1, 2], probability", lines);
            Assert.Contains("output 'second' float32 [1, 2], probability", lines);
        }
    }

    [Fact]
    public void Missing_values_that_a_model_defines_are_told()
    {
        string path = bench.New();
        OptionBench.Done("export", Path.Combine(AppContext.BaseDirectory, "TestData", "contract", "trees_with_missing_value_tracks.onnx"), "-o", path);
        Assert.Contains("missing values empty cells and NaN mean missing", Lines(OptionBench.Done("inspect", path)));
        Assert.True(OptionBench.Json("inspect", path).GetProperty("contract").GetProperty("accepts_missing").GetBoolean());
        Assert.False(OptionBench.Json("inspect", bench.Model).GetProperty("contract").GetProperty("accepts_missing").GetBoolean());
    }

    // real = scale · (q − zero point), so that what is added has the other sign.
    [Fact]
    public void A_tensor_is_described_by_type_shape_scale_and_what_is_added()
    {
        foreach (string precision in new[] { "int8", "int16" })
        {
            string path = bench.Save(bench.TrainWith("--precision", precision, "--calibration-method", "MinMax"));
            OperatorRecord[] records = OptionBench.Contract(File.ReadAllBytes(path)).Operators;
            JsonElement[] rows = [.. OptionBench.Json("inspect", path).GetProperty("operators").EnumerateArray()];
            string[][] cells = Cells(OptionBench.Done("inspect", path), "MACs");
            Assert.Equal(records.Length, cells.Length);
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.Equal((Described(records[i].Inputs[0]), Described(records[i].Outputs[0])), (Text(rows[i], "input"), Text(rows[i], "output")));
                string activation = Text(rows[i], "activation");
                Assert.Equal(
                    [$"{i}", Text(rows[i], "operator") + (activation.Length > 0 ? " + " + activation : ""), Text(rows[i], "input"), Text(rows[i], "output"), $"{rows[i].GetProperty("constant_bytes").GetInt32():N0}", $"{rows[i].GetProperty("multiply_accumulates").GetInt64():N0}"],
                    cells[i]);
            }

            // A ReLU begins at the lowest byte of int8, and int16 has no zero point.
            Assert.Equal(precision == "int8", Text(rows[2], "input").EndsWith("·(q+128)", StringComparison.Ordinal));
            Assert.Equal(precision == "int16", Text(rows[2], "input").EndsWith("·(q-0)", StringComparison.Ordinal) || Text(rows[2], "input").EndsWith("·(q+0)", StringComparison.Ordinal));
        }

        static string Described(TensorInfo tensor)
        {
            string text = $"{tensor.Type.ToString().ToLowerInvariant()} [{string.Join(", ", Enumerable.Range(0, tensor.Rank).Select(tensor.Dimension))}]";
            int added = -tensor.ZeroPoint;
            return tensor.IsQuantized ? $"{text} {tensor.Scale.ToString("G4", CultureInfo.InvariantCulture)}·(q{(added < 0 ? "-" : "+")}{Math.Abs(added)})" : text;
        }
    }

    [Fact]
    public void What_nanoFramework_takes_is_printed_as_the_JSON_has_it()
    {
        string path = bench.Save(bench.TrainWith("--precision", "int8"));
        JsonElement nano = OptionBench.Json("inspect", path).GetProperty("nano");
        string text = OptionBench.Done("inspect", path);
        string[][] cells = Cells(text, "with file");
        string[][] times = Cells(text, "instructions");
        Assert.Equal(["EdgeInference.Nano", "emitted C#", "read in chunks"], cells.Select(row => row[0]));
        Assert.Equal(cells.Select(row => row[0]), times.Select(row => row[0]));
        foreach ((string[] row, string[] time, string form) in cells.Zip(times, ["table", "emitted", "resource"]))
        {
            JsonElement json = nano.GetProperty(form);
            Assert.Equal(
                [.. new[] { "arena_bytes", "packed_bytes", "session_bytes", "heap_bytes", "ram_bytes", "flash_bytes", "assemblies" }.Select(name => Number(json, name))],
                row[1..]);
            Assert.Equal(
                [Number(json, "instructions"), .. json.GetProperty("milliseconds_by_board").EnumerateObject().Select(board => board.Value.GetDouble().ToString("0.00", CultureInfo.InvariantCulture))],
                time[1..]);
            Assert.Equal(json.GetProperty("heap_bytes").GetInt32(), json.GetProperty("arena_bytes").GetInt32() + json.GetProperty("packed_bytes").GetInt32() + json.GetProperty("session_bytes").GetInt32());
        }

        Assert.Equal("", Text(nano, "not_emitted"));
    }

    // A state is what emitted code does not keep: one sentence says why there is no line for it.
    [Fact]
    public void A_form_that_cannot_be_is_left_out_with_its_reason()
    {
        string path = ModelRows.Recurrent(bench);
        JsonElement nano = OptionBench.Json("inspect", path).GetProperty("nano");
        Assert.Equal(JsonValueKind.Null, nano.GetProperty("emitted").ValueKind);
        Assert.NotEqual("", Text(nano, "not_emitted"));
        string text = OptionBench.Done("inspect", path);
        Assert.DoesNotContain("emitted C#", text, StringComparison.Ordinal);
        Assert.Contains(Text(nano, "not_emitted"), string.Join(' ', Lines(text)), StringComparison.Ordinal);
        Assert.Equal(nano.GetProperty("resource").ValueKind != JsonValueKind.Null, text.Contains("read in chunks", StringComparison.Ordinal));
        Assert.Equal("", Text(OptionBench.Json("inspect", path), "nano_problem"));
    }

    [Fact]
    public void A_model_that_will_not_fit_is_warned_of()
    {
        string path = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--hidden", "400,170", "--epochs", "1", "--precision", "int8", "--calibration-method", "MinMax", "-q");
        string[] warnings = [.. OptionBench.Json("inspect", path).GetProperty("nano").GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
        Assert.NotEmpty(warnings);
        string text = string.Join(' ', Lines(OptionBench.Done("inspect", path)));
        Assert.All(warnings, warning => Assert.Contains("Warning: " + warning, text, StringComparison.Ordinal));
        Assert.DoesNotContain("Warning: ", OptionBench.Done("inspect", bench.Save(bench.TrainWith("--precision", "int8"))), StringComparison.Ordinal);
    }

    // 4 · 6 + 6, 6 · 5 + 5 and 5 · 1 + 1 numbers; the functions are fused into their layers.
    [Fact]
    public void A_trained_model_s_graph_is_counted_before_and_after_the_passes()
    {
        JsonElement json = OptionBench.Json("inspect", bench.Net);
        JsonElement[] nodes = [.. json.GetProperty("optimized").GetProperty("nodes").EnumerateArray()];
        Assert.Equal((71, 71), (json.GetProperty("imported").GetProperty("constant_elements").GetInt32(), json.GetProperty("optimized").GetProperty("constant_elements").GetInt32()));
        Assert.Equal([0, 1, 2], nodes.Select(node => node.GetProperty("index").GetInt32()));
        Assert.Equal([30, 35, 6], nodes.Select(node => node.GetProperty("constant_elements").GetInt32()));
        Assert.Equal(["ReLU", "ReLU", "Sigmoid"], nodes.Select(node => Text(node, "activation")));
        Assert.Equal(["float32 [1, 4]", "float32 [1, 6]", "float32 [1, 5]"], nodes.Select(node => Text(node, "input")));
        Assert.Equal(["float32 [1, 6]", "float32 [1, 5]", "float32 [1, 1]"], nodes.Select(node => Text(node, "output")));
        JsonElement[] imported = [.. json.GetProperty("imported").GetProperty("nodes").EnumerateArray()];
        Assert.Equal(["Dense", "Activation", "Dense", "Activation", "Dense", "Activation"], imported.Select(node => Text(node, "operator")));
        Assert.Equal(["", "ReLU", "", "ReLU", "", "Sigmoid"], imported.Select(node => Text(node, "activation")));
    }

    [Fact]
    public void The_tables_of_a_graph_have_the_numbers_of_the_JSON()
    {
        JsonElement json = OptionBench.Json("inspect", bench.Net);
        string text = OptionBench.Done("inspect", bench.Net);
        string[] lines = Lines(text);
        Assert.Equal($"file {bench.Net}", lines[0]);
        Assert.Equal((Port("input", json.GetProperty("inputs")[0]), Port("output", json.GetProperty("outputs")[0])), (lines[2], lines[3]));
        Assert.Equal("in the file " + Counts(json.GetProperty("source")), lines[4]);
        Assert.Equal("constants 71 elements as imported, 71 after the passes", lines[5]);

        JsonElement before = json.GetProperty("imported").GetProperty("operators");
        JsonElement after = json.GetProperty("optimized").GetProperty("operators");
        string[] names = [.. before.EnumerateObject().Concat(after.EnumerateObject()).Select(property => property.Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(
            [.. names.Select(name => string.Join('|', name, Count(before, name), Count(after, name))), "all|6|3"],
            Cells(text, "as imported").Select(row => string.Join('|', row)));
        Assert.Equal(
            json.GetProperty("passes").EnumerateArray().Select(pass => string.Join('|', Text(pass, "pass"), pass.GetProperty("runs").GetInt32(), Counts(pass.GetProperty("removed")), Counts(pass.GetProperty("added")))),
            Cells(text, "runs").Select(row => string.Join('|', row)));
        Assert.Equal(
            json.GetProperty("optimized").GetProperty("nodes").EnumerateArray().Select(node => string.Join(
                '|', node.GetProperty("index").GetInt32(), $"{Text(node, "operator")} + {Text(node, "activation")}", Text(node, "name"), Text(node, "input"), Text(node, "output"), node.GetProperty("constant_elements").GetInt32())),
            Cells(text, "constants").Select(row => string.Join('|', row)));

        static int Count(JsonElement counts, string name) => counts.TryGetProperty(name, out JsonElement count) ? count.GetInt32() : 0;
        static string Counts(JsonElement counts) => string.Join(", ", counts.EnumerateObject().Select(count => $"{count.Name} {count.Value.GetInt32()}"));
    }

    [Fact]
    public void A_trained_model_is_known_by_its_ending_in_any_case()
    {
        string path = bench.InFolder("UPPER.ONNX");
        File.Copy(bench.Net, path, overwrite: true);
        Assert.Equal(3, OptionBench.Json("inspect", path).GetProperty("optimized").GetProperty("nodes").GetArrayLength());
    }

    // Redirected, a table has the width of 160 letters: a line that fits is one line, a longer one is folded.
    [Fact]
    public void A_redirected_table_is_160_letters_wide()
    {
        foreach (int length in new[] { 130, 170 })
        {
            ModelBuilder builder = Sigmoid(2, 1, "", "");
            string name = new('n', length);
            builder.AddText(MetadataKey.Name, name);
            string[] lines = OptionBench.Done("inspect", bench.Save(builder.Build())).Split('\n');
            Assert.Equal(length == 130, lines.Any(line => line.Contains(name, StringComparison.Ordinal)));
            Assert.All(lines, line => Assert.InRange(line.TrimEnd('\r').Length, 0, 160));
        }
    }

    [Fact]
    public void Operators_without_weights_cost_no_products()
    {
        string path = bench.Save(Sigmoid(7, 7, "", "").Build());
        JsonElement json = OptionBench.Json("inspect", path);
        Assert.Equal((0, 0, 1), (json.GetProperty("multiply_accumulates").GetInt32(), json.GetProperty("constant_bytes").GetInt32(), json.GetProperty("operators").GetArrayLength()));
        Assert.Equal(0, json.GetProperty("operators")[0].GetProperty("constant_bytes").GetInt32());
        Assert.Equal(File.ReadAllBytes(path).Length, json.GetProperty("file_bytes").GetInt32());
    }

    // Both layers have the same weights: stored once, counted once.
    [Fact]
    public void Constants_that_two_operators_share_are_counted_once()
    {
        ModelBuilder builder = new();
        int input = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int hidden = builder.AddTensor(TensorType.Float32, [1, 3], 64);
        int output = builder.AddTensor(TensorType.Float32, [1, 3], 128);
        int weights = builder.AddConstant(TensorType.Float32, [3, 3], MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6, 7, 8, 9]));
        builder.AddOperator(Opcode.Dense, [input, weights], [hidden], [(int)ActivationKind.Linear, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [hidden, weights], [output], [(int)ActivationKind.Tanh, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Value);
        string path = bench.Save(builder.Build());
        JsonElement json = OptionBench.Json("inspect", path);
        Assert.Equal((36, 18), (json.GetProperty("constant_bytes").GetInt32(), json.GetProperty("multiply_accumulates").GetInt32()));
        Assert.Equal(["36", "36"], json.GetProperty("operators").EnumerateArray().Select(row => $"{row.GetProperty("constant_bytes").GetInt32()}"));
        Assert.Equal(["", "Tanh"], json.GetProperty("operators").EnumerateArray().Select(row => Text(row, "activation")));
        Assert.Equal(["0|Dense", "1|Dense + Tanh"], Cells(OptionBench.Done("inspect", path), "MACs").Select(row => $"{row[0]}|{row[1]}"));
    }

    private static ModelBuilder Sigmoid(int length, int width, string input, string output)
    {
        var builder = new ModelBuilder();
        int from = builder.AddTensor(TensorType.Float32, [1, length], 0);
        int to = builder.AddTensor(TensorType.Float32, [1, width], 128);
        if (length == width)
        {
            builder.AddOperator(Opcode.Activation, [from], [to], [(int)ActivationKind.Sigmoid, 0, 0]);
        }
        else
        {
            int weights = builder.AddConstant(TensorType.Float32, [width, length], MemoryMarshal.AsBytes<float>(new float[width * length]));
            builder.AddOperator(Opcode.Dense, [from, weights], [to], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        }

        builder.AddInput(from, input);
        builder.AddOutput(to, OutputRole.Probability, output);
        return builder;
    }

    private static string Text(JsonElement json, string property) => json.GetProperty(property).GetString()!;

    private static string Number(JsonElement json, string property) => json.GetProperty(property).GetInt64().ToString("N0", CultureInfo.InvariantCulture);

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0)];

    // The rows of the table whose header has a word, up to its lower border.
    private static string[][] Cells(string text, string word) =>
        [.. Lines(text).SkipWhile(line => !line.StartsWith('|') || !line.Contains(word, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line[1..^1].Split('|').Select(cell => cell.Trim()).ToArray())];

    private static string Port(string kind, JsonElement port) => $"{kind} '{Text(port, "name")}' {Text(port, "type")} {Text(port, "shape")}";
}
