using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.Tool.Tests.Import.Keras;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Weights;

/// <summary>Keras weights without a model.</summary>
public sealed class KerasWeightFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-keras-weights-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // The weights of layers/dense in only.weights.h5, as h5dump prints them.
    private static readonly double[] kernel =
    [
        1.7640524, 0.4001572, 0.978738, 2.2408931, 1.867558, -0.9772779, 0.95008844, -0.1513572,
        -0.10321885, 0.41059852, 0.14404356, 1.4542735, 0.7610377, 0.121675014, 0.44386324, 0.33367434,
        1.4940791, -0.20515826, 0.3130677, -0.85409576, -2.5529897, 0.6536186, 0.8644362, -0.742165,
        2.2697546, -1.4543657, 0.045758516, -0.18718386, 1.5327792, 1.4693588, 0.15494743, 0.37816253,
    ];

    private static readonly double[] bias = [-0.88778573, -1.9807965, -0.34791216, 0.15634897, 1.2302907, 1.2023798, -0.3873268, -0.30230275];

    [Fact]
    public void Layers_that_are_named_are_imported_and_those_left_out_are_said()
    {
        string model = Path.Combine(folder, "net.edge");
        (int exitCode, string error) = CommandLine.Run(out _, "export", KerasArrays.Handed("only.weights.h5"), "--layers", KerasArrays.Handed("net.json"), "-o", model);
        Assert.True(exitCode == 0, error);
        Assert.Contains("names no layer for the weights of 'dense_1'", error, StringComparison.Ordinal);

        Graph graph = ModelImporter.Import(KerasArrays.Handed("only.weights.h5"), KerasArrays.Handed("net.json"));
        foreach (float[] x in (float[][])[[1f, 2f, 3f, 4f], [-1f, 0.5f, -0.25f, 0f]])
        {
            double[] expected = [.. KerasArrays.Dense([.. x], kernel, bias).Select(value => Math.Max(0, value))];
            float[] actual = KerasArrays.Run(graph, x);
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 2e-6);
            }
        }
    }

    [Fact]
    public void Without_layers_one_sentence_says_what_to_do()
    {
        (int exitCode, string error) = CommandLine.Run(out _, "export", KerasArrays.Handed("only.weights.h5"), "-o", Path.Combine(folder, "x.edge"));
        Assert.Equal(1, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("holds weights but no model; save the whole model with model.save, or list the layers with --layers net.json", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "x.edge")));
    }

    [Fact]
    public void A_whole_model_needs_no_layers()
    {
        string model = Path.Combine(TestData.Root, "tests", "ModelExporter.Tests", "TestData", "keras", "functional.h5");
        Assert.Contains("omit --layers", Assert.Throws<InputException>(() => ModelImporter.Import(model, KerasArrays.Handed("net.json"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "Linear", "name": "dense"}""", "\"transposed\": true")]
    [InlineData("""{"type": "linear", "name": "dense", "transposed": true, "bias": false}""", "uses the tensor 'dense.bias'")]
    [InlineData("""{"type": "Linear", "name": "dense_2", "transposed": true}""", "did you mean 'dense_1.weight'")]
    [InlineData("""{"type": "BatchNorm", "name": "dense"}""", "needs 'eps'")]
    [InlineData("""{"type": "LayerNorm", "name": "dense"}""", "needs 'eps'")]
    [InlineData("""{"type": "LayerNorm", "name": "none", "eps": 0.001}""", "may be a scale or a shift")]
    [InlineData("""{"type": "LSTM", "name": "dense"}""", "save the whole model")]
    [InlineData("""{"type": "Reshape", "shape": [1, 4]}, {"type": "Conv1d", "name": "dense"}""", "save the whole model")]
    public void What_would_be_read_in_another_way_than_Keras_reads_it_is_refused(string layer, string expected)
    {
        string net = Path.Combine(folder, "net.json");
        File.WriteAllText(net, $$"""{"input": [4], "layers": [{{layer}}]}""");
        string message = Assert.Throws<InputException>(() => ModelImporter.Import(KerasArrays.Handed("only.weights.h5"), net)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_imported_or_refused_with_a_sentence()
    {
        byte[] whole = File.ReadAllBytes(KerasArrays.Handed("only.weights.h5"));
        string path = Path.Combine(folder, "damaged.h5");
        var random = new Random(12);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = i < 40 ? whole[..(whole.Length * i / 40)] : [.. whole];
            for (int change = 0; change < 4 && bytes.Length > 0; change++)
            {
                // Where the structure is, before the numbers.
                bytes[random.Next(Math.Min(bytes.Length, 6000))] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                ModelImporter.Import(path, KerasArrays.Handed("net.json"));
            }
            catch (InputException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                Assert.Contains("damaged.h5", exception.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 40, 400);
    }

    [Fact]
    public void The_names_of_Keras_2_are_those_of_its_layers()
    {
        float[,] weights = { { 1f, 2f }, { 3f, 4f } };
        H5Group Layer(string name, params (string Name, Array Values)[] tensors)
        {
            var inner = new H5Group();
            foreach ((string tensor, Array values) in tensors)
            {
                inner[tensor + ":0"] = values;
            }

            return new H5Group { [name] = inner, Attributes = new() { ["weight_names"] = tensors.Select(tensor => $"{name}/{tensor.Name}:0").ToArray() } };
        }

        string path = Path.Combine(folder, "old.h5");
        new H5File
        {
            ["hidden"] = Layer("hidden", ("kernel", weights), ("bias", new[] { 10f, 20f })),
            ["bn"] = Layer("bn", ("gamma", new[] { 2f, 3f }), ("beta", new[] { 1f, -1f }), ("moving_mean", new[] { 5f, 6f }), ("moving_variance", new[] { 3.75f, 0f })),
        }.Write(path);
        string net = Path.Combine(folder, "net.json");
        File.WriteAllText(net, """{"input": [2], "layers": [{"type": "Linear", "name": "hidden", "transposed": true}, {"type": "BatchNorm", "name": "bn", "eps": 0.25}]}""");

        // x·W + b = [17, 30]; then 2·(17 − 5)/√4 + 1 and 3·(30 − 6)/√0.25 − 1.
        float[] actual = KerasArrays.Run(ModelImporter.Import(path, net), [1f, 2f]);
        Assert.Equal(13f, actual[0], 1e-4f);
        Assert.Equal(143f, actual[1], 1e-3f);
    }
}
