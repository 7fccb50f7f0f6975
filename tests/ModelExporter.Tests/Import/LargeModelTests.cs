using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Import.Tflite;
using EdgeInference.Tool.Tests.Import.Weights;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>Models and tables so large that quadratic work would take hours: they must end.</summary>
public sealed class LargeModelTests : IDisposable
{
    private const int Nodes = 50_000;
    private const int Columns = 200_000;

    private static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    private readonly string folder = Directory.CreateTempSubdirectory("edge-large-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("m.onnx")]
    [InlineData("m.tflite")]
    [InlineData("m.keras")]
    [InlineData("net.json")]
    [InlineData("net.yaml")]
    public async Task A_chain_of_50_000_nodes_is_imported(string file)
    {
        string path = Path.Combine(folder, file);
        string? layers = null;
        switch (file)
        {
            case "m.onnx": File.WriteAllBytes(path, HostileFiles.OnnxChain("Sin", Nodes)); break;
            case "m.tflite": File.WriteAllBytes(path, Tflite()); break;
            case "m.keras": File.WriteAllBytes(path, Keras()); break;
            default:
                layers = path;
                string list = string.Concat(Enumerable.Repeat(file == "net.json" ? ",{\"type\": \"Sigmoid\"}" : "- {type: Sigmoid}\n", Nodes));
                File.WriteAllText(path, file == "net.json" ? $"{{\"input\": [2], \"unused\": \"w\", \"layers\": [{list[1..]}]}}" : $"input: [2]\nunused: w\nlayers:\n{list}");
                path = Path.Combine(folder, "w.safetensors");
                File.WriteAllBytes(path, new SafetensorsBuilder().Add("w", [1], 1f).Build());
                break;
        }

        Graph graph = await Task.Run(() => ModelImporter.Import(path, layers), TestContext.Current.CancellationToken).WaitAsync(longest, TestContext.Current.CancellationToken);
        Assert.Equal(Nodes, graph.Nodes.Count);
    }

    // Each feature is looked for among all columns, by its name, then by its letters alone, then by place.
    [Theory]
    [InlineData("f")]
    [InlineData("F")]
    public async Task A_table_of_200_000_columns_fits_by_name(string prefix)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllText(path, $"{string.Join(',', Enumerable.Range(0, Columns).Select(i => $"{prefix}{i}"))}\n{Row()}\n");
        string[] names = [.. Enumerable.Range(0, Columns).Select(i => $"f{Columns - 1 - i}")];
        int[] columns = await Task.Run(() => ColumnMatch.Of(CsvFile.Open(path), -1, names, Columns), TestContext.Current.CancellationToken).WaitAsync(longest, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Columns).Reverse(), columns);
    }

    [Fact]
    public async Task A_model_of_200_000_inputs_runs_on_a_table()
    {
        float[] weights = new float[Columns];
        Array.Fill(weights, 1f, Columns - 3, 3);
        string file = Path.Combine(folder, "w.safetensors");
        File.WriteAllBytes(file, new SafetensorsBuilder().Add("fc.weight", "F32", [1, Columns], [.. weights.SelectMany(BitConverter.GetBytes)]).Build());
        string layers = Path.Combine(folder, "net.json");
        File.WriteAllText(layers, $"{{\"input\": [{Columns}], \"layers\": [{{\"type\": \"Linear\", \"name\": \"fc\"}}]}}");
        string model = Path.Combine(folder, "m.edge");
        string rows = Path.Combine(folder, "rows.csv");
        File.WriteAllText(rows, $"{string.Join(',', Enumerable.Range(0, Columns).Select(i => $"f{i}"))}\n{Row()}\n");
        string output = Path.Combine(folder, "out.csv");
        (int exitCode, string error) = await Task.Run(
            () =>
            {
                (int ExitCode, string Error) exported = CommandLine.Run(out _, "export", file, "--layers", layers, "-o", model);
                return exported.ExitCode != 0 ? exported : CommandLine.Run(out _, "run", model, "--input", rows, "-o", output);
            },
            TestContext.Current.CancellationToken).WaitAsync(longest, TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, error);
        Assert.Equal("21", File.ReadLines(output).Last().Trim());
    }

    // 0, 1, … 9, 0, … and three times 7, which alone have a weight.
    private static string Row() => string.Join(',', Enumerable.Range(0, Columns).Select(i => i >= Columns - 3 ? "7" : $"{i % 10}"));

    private static byte[] Tflite()
    {
        var model = new TfliteModelBuilder();
        int last = model.Input(TfliteType.Float32, [1, 2]);
        for (int i = 1; i < Nodes; i++)
        {
            int next = model.Tensor(TfliteType.Float32, [1, 2]);
            model.Operator(TfliteOperatorCode.SIN, [last], [next]);
            last = next;
        }

        model.Operator(TfliteOperatorCode.SIN, [last], [model.Output(TfliteType.Float32, [1, 2])]);
        return model.Build();
    }

    private static byte[] Keras()
    {
        var model = new StringBuilder("""{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 2], "name": "x"}}""");
        for (int i = 0; i < Nodes; i++)
        {
            model.Append(",{\"module\": \"keras.layers\", \"class_name\": \"Activation\", \"config\": {\"name\": \"a").Append(i).Append("\", \"activation\": \"sigmoid\"}}");
        }

        byte[] empty = new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""").Layer("ReLU", "r").Build();
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(empty));
        using Stream weights = zip.GetEntry("model.weights.h5")!.Open();
        using var copy = new MemoryStream();
        weights.CopyTo(copy);
        return KerasArchiveBuilder.Zip(("config.json", Encoding.UTF8.GetBytes(model.Append("]}}").ToString())), ("metadata.json", "{\"keras_version\": \"3.15.1\"}"u8.ToArray()), ("model.weights.h5", copy.ToArray()));
    }
}
