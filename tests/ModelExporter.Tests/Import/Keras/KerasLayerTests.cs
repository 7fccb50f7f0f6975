using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>What the fixtures do not show of the layers.</summary>
public class KerasLayerTests
{
    private const string Lstm = """{"units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true, "return_sequences": true, "return_state": true}""";

    [Theory]
    [InlineData("2.15.0", 0.7)]
    [InlineData("3.0.0", 0.6666667)]
    public void Hard_sigmoid_is_that_of_the_version_which_wrote_the_file(string version, double expected)
    {
        var model = new KerasArchiveBuilder { Version = version }
            .Layer("InputLayer", "x", """{"batch_shape": [null, 1]}""")
            .Layer("Activation", "y", """{"activation": {"module": "builtins", "class_name": "function", "config": "hard_sigmoid", "registered_name": "function"}}""");
        Assert.Equal(expected, Run(model.Import(), [1f])[0], 1e-6);
    }

    [Fact]
    public void Channels_first_gives_the_transposed_result_of_channels_last()
    {
        float[] x = Values(2 * 4 * 5, 1);
        float[] last = Run(Image("channels_last", [4, 5, 2]).Import(), Transposed(x, 2, 20));
        float[] first = Run(Image("channels_first", [2, 4, 5]).Import(), x);
        Assert.Equal(last, Transposed(first, 3, first.Length / 3));
    }

    [Fact]
    public void States_handed_from_one_layer_to_another_continue_the_sequence()
    {
        Array[] weights = [Matrix(2, 12, 3), Matrix(3, 12, 4), Values(12, 5)];
        float[] whole = Run(
            new KerasArchiveBuilder()
                .Layer("InputLayer", "x", """{"batch_shape": [null, 6, 2]}""")
                .Layer("LSTM", "whole", Lstm.Replace("\"return_state\": true", "\"return_state\": false", StringComparison.Ordinal))
                .Weights("lstm/cell", weights)
                .Import(),
            Values(12, 6));
        float[] parts = Run(
            new KerasArchiveBuilder()
                .Functional("""[["a", 0, 0], ["b", 0, 0]]""", """[["encoder", 0, 0], ["decoder", 0, 0]]""")
                .Layer("InputLayer", "a", """{"batch_shape": [null, 4, 2]}""", "[]")
                .Layer("InputLayer", "b", """{"batch_shape": [null, 2, 2]}""", "[]")
                .Layer("LSTM", "decoder", Lstm, """[[["b", 0, 0, {}], ["encoder", 0, 1, {}], ["encoder", 0, 2, {}]]]""")
                .Layer("LSTM", "encoder", Lstm, """[[["a", 0, 0, {}]]]""")
                .Weights("lstm/cell", weights)
                .Weights("lstm_1/cell", weights)
                .Import(),
            Values(12, 6));
        Assert.Equal(whole.Length, parts.Length);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Equal(whole[i], parts[i], 1e-6f);
        }
    }

    [Theory]
    [InlineData("Conv2DTranspose", "conv2d_transpose")]
    [InlineData("SimpleRNN", "simple_rnn")]
    [InlineData("PReLU", "p_re_lu")]
    [InlineData("GlobalAveragePooling1D", "global_average_pooling1d")]
    public void Groups_have_the_names_that_Keras_gives_them(string kind, string expected) => Assert.Equal(expected, KerasModel.SnakeCase(kind));

    [Fact]
    public void All_unsupported_layers_are_named_at_once_those_inside_others_too()
    {
        var model = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 4]}""")
            .Layer("MultiHeadAttention", "a")
            .Layer("TimeDistributed", "b", """{"layer": {"class_name": "Lambda", "config": {}}}""");
        string message = Assert.Throws<InputException>(() => model.Import()).Message;
        Assert.Contains("Lambda, MultiHeadAttention", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_lists_the_layers_of_the_table_and_no_other()
    {
        string text = File.ReadAllText(Path.Combine(TestData.Root, "docs", "keras.md"));
        string[] listed = [.. text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1)).Order(StringComparer.Ordinal)];
        Assert.Equal(KerasLayers.All.Keys.Order(StringComparer.Ordinal), listed);
    }

    private static KerasArchiveBuilder Image(string format, int[] shape) => new KerasArchiveBuilder()
        .Layer("InputLayer", "x", $$"""{"batch_shape": [null, {{string.Join(", ", shape)}}]}""")
        .Layer("Conv2D", "c", $$"""{"filters": 3, "kernel_size": [2, 2], "strides": [1, 2], "padding": "same", "data_format": "{{format}}", "activation": "relu", "use_bias": false}""")
        .Layer("ZeroPadding2D", "p", $$"""{"padding": [[1, 0], [0, 2]], "data_format": "{{format}}"}""")
        .Layer("MaxPooling2D", "m", $$"""{"pool_size": [2, 2], "strides": [2, 1], "padding": "valid", "data_format": "{{format}}"}""")
        .Weights("conv2d", Kernel(2, 2, 2, 3));

    private static float[] Run(Graph graph, float[] input)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        var output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2f) - 1f)];
    }

    private static float[,] Matrix(int rows, int columns, int seed)
    {
        var result = new float[rows, columns];
        Buffer.BlockCopy(Values(rows * columns, seed), 0, result, 0, rows * columns * sizeof(float));
        return result;
    }

    private static float[,,,] Kernel(int height, int width, int depth, int filters)
    {
        var result = new float[height, width, depth, filters];
        Buffer.BlockCopy(Values(result.Length, 2), 0, result, 0, result.Length * sizeof(float));
        return result;
    }

    private static float[] Transposed(float[] x, int rows, int columns) =>
        [.. Enumerable.Range(0, x.Length).Select(i => x[((i % rows) * columns) + (i / rows)])];
}
