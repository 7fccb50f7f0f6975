using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Onnx;
using EdgeInference.Tool.Tests.Import.Weights;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options that <c>edge export</c> has alone, and those of trained models' sources, which <c>edge inspect</c> has too.</summary>
internal static class ExportRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["export model"] = Model,
        ["export --output"] = Output,
        ["export --calibrate"] = Calibrate,
        ["export --label"] = Label,
        ["export --labels"] = Labels,
        ["export --no-header"] = NoHeader,
        ["export --tree-thresholds"] = TreeThresholds,
        ["export --name"] = Name,
        ["export --head"] = Head,
        ["export --features"] = Features,
        ["export --streaming"] = Streaming,
        ["export --frames"] = Frames,
        ["export --json"] = Json,
        ["export --layers"] = Layers,
        ["export --inputs"] = Inputs,
        ["export --outputs"] = Outputs,
        ["export --dim"] = Dim,
        ["export --batch"] = Batch,
        ["inspect --layers"] = InspectLayers,
        ["inspect --inputs"] = InspectInputs,
        ["inspect --outputs"] = InspectOutputs,
        ["inspect --dim"] = InspectDim,
        ["inspect --batch"] = InspectBatch,
    };

    private static void Model(OptionBench bench)
    {
        string other = bench.New(".onnx");
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", bench.New(), "--onnx", other, "--epochs", "2", "-q");
        (float[][] rows, _) = OptionBench.Read(bench.Test);
        foreach (string source in new[] { bench.Net, other })
        {
            float[][] outputs = OptionBench.Outputs(Export(bench, source), rows);
            Assert.All(rows.Zip(outputs), pair => Assert.Equal(Peer.Run(source, "", ("", [1, 4], pair.First)).Single(), pair.Second[0], 1e-5f));
        }
    }

    private static void Output(OptionBench bench)
    {
        string path = bench.InFolder("exported.edge");
        string text = OptionBench.Done("export", bench.Net, "-o", path);
        Assert.StartsWith($"Wrote {path}: {new FileInfo(path).Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, float32.", text, StringComparison.Ordinal);

        // Without one it is the model's name, in the current folder, and never written over.
        string own = bench.InFolder("own-name.onnx");
        File.Copy(bench.Net, own, overwrite: true);
        try
        {
            Assert.StartsWith("Wrote own-name.edge: ", OptionBench.Done("export", own), StringComparison.Ordinal);
            byte[] written = File.ReadAllBytes("own-name.edge");
            Assert.Equal("'own-name.edge' exists; name the file to write with -o, which may be this one.", OptionBench.Refused("export", own).TrimEnd());
            Assert.Equal(written, File.ReadAllBytes("own-name.edge"));
        }
        finally
        {
            File.Delete("own-name.edge");
        }
    }

    // The range of the rows is the range of the file: ten times the values, ten times the step.
    private static void Calibrate(OptionBench bench)
    {
        string[] line = ["--precision", "int8", "--calibration-method", "MinMax", "--label", "y"];
        float[][] rows = OptionBench.Read(bench.Train).Rows;
        string wide = bench.Write("wide.csv", OptionBench.Csv(rows.Select(row => (Array.ConvertAll(row, x => x * 10), 0))));
        string narrow = bench.Write("narrow.csv", OptionBench.Csv(rows.Select(row => (row, 0))));
        Assert.InRange(Scale("--calibrate", wide) / Scale("-c", narrow), 3, 11);
        Assert.Contains("--calibrate", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--precision", "int8"), StringComparison.Ordinal);

        // A float file takes three of the rows for its self-test, and none where there are none.
        using EdgeModel with = EdgeModel.Load(Export(bench, bench.Net, "-c", narrow, "--label", "y"));
        using EdgeModel without = EdgeModel.Load(Export(bench, bench.Net));
        Assert.Equal((3, 0), (SelfTest.Count(with), SelfTest.Count(without)));

        float Scale(params string[] option) => OptionBench.Graph(Export(bench, bench.Net, [.. line, .. option])).Nodes.First(node => node.Opcode == Opcode.Dense).Output.Quantization!.Scale;
    }

    private static void TreeThresholds(OptionBench bench)
    {
        string forest = Path.Combine(AppContext.BaseDirectory, "TestData", "trees", "forest_310.onnx");
        string[] rows = ["--calibrate", TestData.Data("breast_cancer.train.csv"), "--label", "benign"];
        Assert.Equal(TensorType.Float32, Thresholds(rows));
        Assert.Equal(TensorType.Float32, Thresholds([.. rows, "--tree-thresholds", "float32"]));
        Assert.Equal(TensorType.Int16, Thresholds([.. rows, "--tree-thresholds", "int16"]));
        Assert.Equal(TensorType.Int16, Thresholds([.. rows, "--tree-thresholds", "int16", "--precision", "int8"]));
        Assert.Contains("needs typical inputs; give a CSV or .npy with --calibrate.", OptionBench.Run("export", forest, "-o", bench.New(), "--tree-thresholds", "int16").Error, StringComparison.Ordinal);
        Assert.Contains("this one has none. Leave the option out.", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--tree-thresholds", "int16", "--calibrate", bench.Train, "--label", "y"), StringComparison.Ordinal);

        TensorType Thresholds(string[] options) => OptionBench.Graph(Export(bench, forest, options)).Nodes.Single(node => node.Opcode == Opcode.TreeEnsemble).Input(TreeEnsembleRule.Thresholds).Type;
    }

    private static void Label(OptionBench bench)
    {
        (int exitCode, _, string error) = OptionBench.Run("export", bench.Net, "-o", bench.New(), "-c", bench.Train, "--label", "y");
        Assert.Equal((0, ""), (exitCode, error));
        error = OptionBench.Run("export", bench.Net, "-o", bench.New(), "-c", bench.Train).Error;
        Assert.Contains("4", error, StringComparison.Ordinal);

        // auto keeps the accuracy, so that the classes of the rows are part of what the file was made from.
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Train);
        string[] names = OptionBench.Contract(Export(bench, bench.Net, "-c", bench.Train, "--label", "y")).Metadata.TextList(MetadataKey.InputNames);
        Assert.Equal(Fingerprint(names, rows, labels), Stored(Export(bench, bench.Net, "-c", bench.Train, "--label", "y", "--precision", "auto")));
        Assert.Equal(Fingerprint(names, rows, null), Stored(Export(bench, bench.Net, "-c", bench.Train, "--label", "y", "--precision", "int8")));
        Assert.Contains("did you mean", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "-c", bench.Train, "--label", "Y"), StringComparison.Ordinal);
    }

    private static void Labels(OptionBench bench)
    {
        Assert.Equal(["off", "on"], OptionBench.Contract(Export(bench, bench.Net, "--labels", "off, on")).Metadata.TextList(MetadataKey.Labels));
        Assert.Equal(["cold", "warm"], OptionBench.Contract(Export(bench, bench.Net, "--classes", "cold,warm")).Metadata.TextList(MetadataKey.Labels));
        Assert.Contains("3 texts but the model has 2", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--labels", "a,b,c"), StringComparison.Ordinal);
    }

    private static void NoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare.csv", string.Join('\n', File.ReadAllLines(bench.Train).Skip(1)) + "\n");
        byte[] expected = Export(bench, bench.Net, "-c", bench.Train, "--label", "y", "--precision", "int8");
        byte[] actual = Export(bench, bench.Net, "-c", bare, "--label", "5", "--no-header", "--precision", "int8");
        float[][] rows = OptionBench.Read(bench.Test).Rows;
        Assert.Equal(OptionBench.Outputs(expected, rows), OptionBench.Outputs(actual, rows));
        Assert.Contains("--no-header", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "-c", bare, "--label", "5", "--precision", "int8"), StringComparison.Ordinal);
    }

    private static void Name(OptionBench bench)
    {
        Assert.Equal("engine", OptionBench.Contract(Export(bench, bench.Net, "--name", "engine")).Metadata.Text(MetadataKey.Name));
        Assert.NotEqual("engine", OptionBench.Contract(Export(bench, bench.Net)).Metadata.Text(MetadataKey.Name));
    }

    private static void Head(OptionBench bench)
    {
        string source = Contract("torch_one_logit.onnx");
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(source);
        int length = session.InputMetadata.Values.Single().Dimensions[^1];
        float[] row = [.. Enumerable.Range(0, length).Select(i => (i % 5) * 0.25f)];
        float logit = Peer.Run(source, "", ("", [1, length], row)).Single();
        foreach ((string head, OutputRole role, double expected) in new[]
        {
            ("logits", OutputRole.Probability, 1 / (1 + Math.Exp(-logit))), ("value", OutputRole.Value, logit), ("scores", OutputRole.Score, logit), ("probability", OutputRole.Probability, logit),
        })
        {
            byte[] file = Export(bench, source, "--head", head);
            Assert.Equal(role, OptionBench.Contract(file).Decision.Role(0));
            Assert.Equal(expected, OptionBench.Outputs(file, [row])[0][0], 1e-4 * Math.Max(1, Math.Abs(logit)));
        }
    }

    private static void Features(OptionBench bench)
    {
        Assert.Equal(["p", "q", "r", "s"], OptionBench.Contract(Export(bench, Import("dead_unsupported.onnx"), "--features", "p, q,r,s", "--head", "value")).Metadata.TextList(MetadataKey.InputNames));
        Assert.Empty(OptionBench.Contract(Export(bench, Import("dead_unsupported.onnx"), "--head", "value")).Metadata.TextList(MetadataKey.InputNames));
        foreach (string wrong in new[] { "p,q,r", "p,q,r,r", "p,q,r,", "p,q,r,s,t" })
        {
            Assert.Contains("--features names", OptionBench.Refused("export", Import("dead_unsupported.onnx"), "-o", bench.New(), "--features", wrong, "--head", "value"), StringComparison.Ordinal);
        }
    }

    private static void Streaming(OptionBench bench)
    {
        float[] sequence = Row(12);
        float whole = OptionBench.Outputs(Export(bench, Import("gru_dynamic_time.onnx"), "--dim", "time=4"), [sequence])[0][0];
        Assert.Equal(Peer.Run(Import("gru_dynamic_time.onnx"), "y", ("x0", [1, 4, 3], sequence)).Single(), whole, 1e-5f);
        byte[] file = Export(bench, Import("gru_dynamic_time.onnx"), "--streaming");
        Assert.Equal(whole, OptionBench.Outputs(file, sequence.Chunk(3))[^1][0], 1e-6f);
        Assert.Contains("time", OptionBench.Refused("export", Import("gru_dynamic_time.onnx"), "-o", bench.New()), StringComparison.Ordinal);
    }

    private static void Frames(OptionBench bench)
    {
        float[] sequence = Row(36);
        float whole = Peer.Run(Import("gru_dynamic_time.onnx"), "y", ("x0", [1, 12, 3], sequence)).Single();
        foreach ((string[] option, int length) in new[] { (Array.Empty<string>(), 3), (["--frames", "2"], 6), (["--frames", "4"], 12) })
        {
            byte[] file = Export(bench, Import("gru_dynamic_time.onnx"), ["--streaming", .. option]);
            using EdgeModel model = EdgeModel.Load(file);
            Assert.Equal(length, model.InputLength);
            Assert.Equal(whole, OptionBench.Outputs(file, sequence.Chunk(length))[^1][0], 1e-5f);
        }

        OptionBench.Refused("export", Import("gru_dynamic_time.onnx"), "-o", bench.New(), "--streaming", "--frames", "0");
    }

    private static void Json(OptionBench bench)
    {
        string path = bench.New();
        string[] line = ["export", bench.Net, "-o", path, "-c", bench.Train, "--label", "y", "--precision", "int16"];
        JsonElement json = OptionBench.Json(line);
        string[] printed = OptionBench.Done(line).TrimEnd().Split('\n');
        Assert.Equal(path, json.GetProperty("output").GetString());
        Assert.Equal("int16", json.GetProperty("precision").GetString());
        Assert.Equal(new FileInfo(path).Length, json.GetProperty("bytes").GetInt64());
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"Wrote {path}: {json.GetProperty("bytes").GetInt64():N0} bytes, int16."), printed[^4]);
        Assert.Equal("Left out: tensor names (only 'edge report' shows them; --tensor-names keeps them).", printed[^3]);
        Assert.StartsWith("Quantizing: ", printed[^1], StringComparison.Ordinal);
        Assert.Equal("names", json.GetProperty("left_out")[0].GetString());
        double worst = json.GetProperty("check").EnumerateObject().First(property => property.Value.ValueKind == JsonValueKind.Number && property.Value.GetDouble() is > 0 and < 1).Value.GetDouble();
        Assert.True(worst > 0);

        // Nothing but JSON on standard output, and the same file.
        Assert.DoesNotContain("Wrote", OptionBench.Done([.. line, "--json"]), StringComparison.Ordinal);
    }

    private static void Layers(OptionBench bench)
    {
        (string weights, string tanh, string relu) = WeightFiles(bench);
        Assert.Equal(Math.Tanh(1.25), OptionBench.Outputs(Export(bench, weights, "--layers", tanh, "--head", "value"), [[1f, 2f, 3f]])[0][0], 1e-6);
        Assert.Equal(1.25, OptionBench.Outputs(Export(bench, weights, "--layers", relu, "--head", "value"), [[1f, 2f, 3f]])[0][0], 1e-6);
        Assert.Contains("--layers", OptionBench.Refused("export", weights, "-o", bench.New()), StringComparison.Ordinal);
    }

    private static void Inputs(OptionBench bench)
    {
        float[] a = Row(2);
        float[] b = Row(3);
        float expected = Peer.Run(Import("two_inputs.onnx"), "y", ("a", [1, 2], a), ("b", [1, 3], b)).Single();
        Assert.Equal(expected, OptionBench.Outputs(Export(bench, Import("two_inputs.onnx"), "--outputs", "y", "--inputs", "a,b"), [[.. a, .. b]])[0][0], 1e-5f);
        Assert.Equal(expected, OptionBench.Outputs(Export(bench, Import("two_inputs.onnx"), "--outputs", "y", "--inputs", "b, a"), [[.. b, .. a]])[0][0], 1e-5f);
    }

    private static void Outputs(OptionBench bench)
    {
        float[] a = Row(2);
        float[] b = Row(3);
        foreach ((string output, float[] row) in new[] { ("y", (float[])[.. a, .. b]), ("only_a", a) })
        {
            (string, int[], float[])[] inputs = [("a", [1, 2], a), ("b", [1, 3], b)];
            float[] expected = Peer.Run(Import("two_inputs.onnx"), output, inputs);
            Assert.Equal(expected, OptionBench.Outputs(Export(bench, Import("two_inputs.onnx"), "--outputs", output), [row])[0], (x, y) => Math.Abs(x - y) < 1e-5f);
        }
    }

    private static void Dim(OptionBench bench)
    {
        NameWithEquals(bench);
        foreach (int size in new[] { 2, 5 })
        {
            float[] row = Row(3 * size);
            float expected = Peer.Run(Import("gru_dynamic_time.onnx"), "y", ("x0", [1, size, 3], row)).Single();
            Assert.Equal(expected, OptionBench.Outputs(Export(bench, Import("gru_dynamic_time.onnx"), "--dim", $"time={size}"), [row])[0][0], 1e-5f);
        }
    }

    // A name may hold '=' itself: the size is behind the last one.
    private static void NameWithEquals(OptionBench bench) =>
        Assert.Contains("'a=b'", OptionBench.Refused("export", Import("gru_dynamic_time.onnx"), "-o", bench.New(), "--dim", "time=4", "--dim", "a=b=4"), StringComparison.Ordinal);

    private static void Batch(OptionBench bench)
    {
        foreach (int batch in new[] { 1, 3 })
        {
            float[] a = Row(2 * batch);
            float[] b = Row(3 * batch);
            float[] expected = Peer.Run(Import("two_inputs.onnx"), "y", ("a", [batch, 2], a), ("b", [batch, 3], b));
            Assert.Equal(expected, OptionBench.Outputs(Export(bench, Import("two_inputs.onnx"), "--outputs", "y", "--batch", $"{batch}"), [[.. a, .. b]])[0], (x, y) => Math.Abs(x - y) < 1e-5f);
        }
    }

    private static void InspectLayers(OptionBench bench)
    {
        (string weights, string tanh, string relu) = WeightFiles(bench);
        Assert.Contains("Tanh", OptionBench.Done("inspect", weights, "--layers", tanh, "--json"), StringComparison.Ordinal);
        Assert.DoesNotContain("Tanh", OptionBench.Done("inspect", weights, "--layers", relu, "--json"), StringComparison.Ordinal);
        Assert.Contains("--layers", OptionBench.Refused("inspect", weights), StringComparison.Ordinal);
    }

    private static void InspectInputs(OptionBench bench)
    {
        Assert.Equal(["a", "b"], Ports("inputs", Import("two_inputs.onnx"), "--outputs", "y").Select(port => port.Split(':')[0]));
        Assert.Equal(["b", "a"], Ports("inputs", Import("two_inputs.onnx"), "--outputs", "y", "--inputs", "b,a").Select(port => port.Split(':')[0]));
        Assert.Single(Ports("inputs", Import("two_inputs.onnx"), "--inputs", "h", "--outputs", "y"));
    }

    private static void InspectOutputs(OptionBench bench)
    {
        Assert.Equal(["y"], Ports("outputs", Import("two_inputs.onnx"), "--outputs", "y").Select(port => port.Split(':')[0]));
        Assert.Equal(["only_a"], Ports("outputs", Import("two_inputs.onnx"), "--outputs", "only_a").Select(port => port.Split(':')[0]));
    }

    private static void InspectDim(OptionBench bench)
    {
        Assert.Contains("7", Ports("inputs", Import("gru_dynamic_time.onnx"), "--dim", "time=7").Single(), StringComparison.Ordinal);
        Assert.Contains("19", Ports("inputs", Import("gru_dynamic_time.onnx"), "--dim", "time=19").Single(), StringComparison.Ordinal);
        Assert.Contains("--dim time=SIZE", OptionBench.Refused("inspect", Import("gru_dynamic_time.onnx")), StringComparison.Ordinal);
    }

    private static void InspectBatch(OptionBench bench)
    {
        Assert.Contains("[1, 2]", Ports("inputs", Import("two_inputs.onnx"), "--outputs", "y")[0], StringComparison.Ordinal);
        Assert.Contains("[3, 2]", Ports("inputs", Import("two_inputs.onnx"), "--outputs", "y", "--batch", "3")[0], StringComparison.Ordinal);
    }

    private static string[] Ports(string kind, string source, params string[] options) =>
        [.. OptionBench.Json(["inspect", source, .. options]).GetProperty(kind).EnumerateArray().Select(port => $"{port.GetProperty("name")}: {port.GetProperty("type")} {port.GetProperty("shape")}")];

    // 1·1.5 + 2·(−0.25) + 3·(−0.25) + 1 = 1.25
    private static (string Weights, string Tanh, string ReLU) WeightFiles(OptionBench bench)
    {
        string weights = bench.InFolder("w.safetensors");
        File.WriteAllBytes(weights, new SafetensorsBuilder().Add("fc.weight", [1, 3], 1.5f, -0.25f, -0.25f).Add("fc.bias", [1], 1f).Build());
        return (weights, Net("Tanh"), Net("ReLU"));

        string Net(string activation) => bench.Write($"{activation}.json", $$"""{"input": [3], "layers": [{"type": "Linear", "name": "fc", "activation": "{{activation}}"}]}""");
    }

    // docs/model-format.md: names with a zero byte after each, then each row's float32 values and its class.
    private static byte[] Fingerprint(string[] names, float[][] rows, int[]? labels)
    {
        using var stream = new MemoryStream();
        foreach (string name in names)
        {
            stream.Write(Encoding.UTF8.GetBytes(name));
            stream.WriteByte(0);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            stream.Write([.. rows[i].SelectMany(BitConverter.GetBytes)]);
            stream.Write(labels is null ? [] : BitConverter.GetBytes(labels[i]));
        }

        return SHA256.HashData(stream.ToArray());
    }

    private static byte[] Stored(byte[] file)
    {
        ModelFile model = OptionBench.Contract(file);
        return file.AsSpan(model.Metadata.PayloadOffset(MetadataKey.TrainingRows), model.Metadata.PayloadLength(MetadataKey.TrainingRows)).ToArray();
    }

    private static byte[] Export(OptionBench bench, string source, params string[] options)
    {
        string path = bench.New();
        OptionBench.Done(["export", source, "-o", path, .. options]);
        return File.ReadAllBytes(path);
    }

    private static float[] Row(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static string Import(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "import", name);

    private static string Contract(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "contract", name);
}
