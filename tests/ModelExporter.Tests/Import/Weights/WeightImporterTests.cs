using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Weights;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Weights;

public sealed class WeightImporterTests : IDisposable
{
    private const string Net = """{"input": [3], "layers": [{"type": "Linear", "name": "fc"}]}""";

    private readonly string folder = Directory.CreateTempSubdirectory("edge-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("image.safetensors", "image.json")]
    [InlineData("image.npz", "image.json")]
    [InlineData("sequence.safetensors", "sequence.yaml")]
    [InlineData("sequence.npz", "sequence.yaml")]
    public void Outputs_equal_those_of_PyTorch(string weights, string layers)
    {
        string name = Path.GetFileNameWithoutExtension(weights);
        (_, float[] input) = NpyFile.Read(Fixture(name + ".input.npy"));
        (_, float[] expected) = NpyFile.Read(Fixture(name + ".expected.npy"));
        float[] actual = Run(GraphOptimizer.Optimize(ModelImporter.Import(Fixture(weights), Fixture(layers))), input);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }

    [Fact]
    public void Every_kind_of_real_number_is_read()
    {
        float[] values = [1.5f, -0.25f, 3f];
        var kinds = new Dictionary<string, byte[]>
        {
            ["F64"] = [.. values.SelectMany(value => BitConverter.GetBytes((double)value))],
            ["F32"] = [.. values.SelectMany(BitConverter.GetBytes)],
            ["F16"] = [.. values.SelectMany(value => BitConverter.GetBytes((Half)value))],
            ["BF16"] = [.. values.SelectMany(value => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)))],
        };
        foreach ((string kind, byte[] bytes) in kinds)
        {
            Assert.Equal([1.5f - 0.5f + 9f], Run(Import(new SafetensorsBuilder().Add("fc.weight", kind, [1, 3], bytes), Net), [1f, 2f, 3f]));
        }

        Assert.Contains("tensor 'fc.weight' has elements of type I32", Message(new SafetensorsBuilder().Add("fc.weight", "I32", [1, 3], new byte[12]), Net), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("has no tensor 'fd.weight' for layer 'fd' (Linear); did you mean 'fc.weight'?", """{"input": [3], "layers": [{"type": "Linear", "name": "fd"}]}""")]
    [InlineData("tensor 'fc.weight' has the shape [2, 3]; layer 'fc' (Linear) needs [?, 4]", """{"input": [4], "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("layer 'fc' (Linaer) has an unknown type; did you mean 'Linear'?", """{"input": [3], "layers": [{"type": "Linaer", "name": "fc"}]}""")]
    [InlineData("has no setting 'activatoin'; did you mean 'activation'?", """{"input": [3], "layers": [{"type": "Linear", "name": "fc", "activatoin": "ReLU"}]}""")]
    [InlineData("has the unknown activation 'Relo'; did you mean 'ReLU'?", """{"input": [3], "layers": [{"type": "Linear", "name": "fc", "activation": "Relo"}]}""")]
    [InlineData("uses the tensor 'fc.bias'", """{"input": [3], "layers": [{"type": "Linear", "name": "fc", "bias": false}]}""")]
    [InlineData("reads 'fb', but no layer before it has that id; did you mean 'fc'?", """{"input": [3], "layers": [{"type": "Linear", "name": "fc"}, {"type": "Add", "from": ["fc", "fb"]}]}""")]
    [InlineData("is missing 'input'", """{"layers": []}""")]
    [InlineData("has no list of 'layers'", """{"input": [3]}""")]
    [InlineData("declares the shape [1, 2147483647, 2147483647]", """{"input": [2147483647, 2147483647], "layers": []}""")]
    [InlineData("net.json' cannot be read", """{"input": [3], "input": [4]}""")]
    [InlineData("has the same id as another", """{"input": [2], "layers": [{"type": "ReLU", "id": "a"}, {"type": "ReLU", "id": "a"}]}""")]
    public void What_does_not_fit_is_said_in_one_sentence(string expected, string layers) =>
        Assert.Contains(expected, Message(new SafetensorsBuilder().Add("fc.weight", [2, 3], new float[6]).Add("fc.bias", [2], 1f, 2f), layers), StringComparison.Ordinal);

    [Fact]
    public void Weights_without_layers_and_layers_without_need_are_refused()
    {
        Assert.Contains("--layers", Assert.Throws<InputException>(() => ModelImporter.Import(Fixture("image.npz"))).Message, StringComparison.Ordinal);
        Assert.Contains("omit --layers", Assert.Throws<InputException>(() => ModelImporter.Import(TestData.Data("digits_mlp.onnx"), Fixture("image.json"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n")]
    [InlineData("input: !!python/object [3]\n")]
    [InlineData("input: [3]\ninput: [4]\n")]
    [InlineData("input: [3\n")]
    [InlineData("")]
    public void Yaml_that_is_more_than_JSON_is_refused(string text)
    {
        string path = Path.Combine(folder, "net.yaml");
        File.WriteAllText(path, text);
        Assert.Contains(path, Assert.Throws<InputException>(() => WeightImporter.Import(Fixture("image.npz"), path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_lists_the_types_of_the_table_and_no_other()
    {
        string text = File.ReadAllText(Path.Combine(TestData.Root, "docs", "weights.md"));
        string[] listed = [.. text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1)).Order(StringComparer.Ordinal)];
        Assert.Equal(LayerTypes.All.Keys.Order(StringComparer.Ordinal), listed);
    }

    private string Message(SafetensorsBuilder weights, string layers)
    {
        string message = Assert.Throws<InputException>(() => Import(weights, layers)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private Graph Import(SafetensorsBuilder weights, string layers)
    {
        string path = Path.Combine(folder, "w.safetensors");
        string net = Path.Combine(folder, "net.json");
        File.WriteAllBytes(path, weights.Build());
        File.WriteAllText(net, layers);
        return WeightImporter.Import(path, net);
    }

    private static float[] Run(Graph graph, float[] input)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        var output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "weights", name);
}
