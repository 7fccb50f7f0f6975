using System.Globalization;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>How the two kinds of Keras file keep weights: types, order of axes, names and numbers of groups.</summary>
public sealed class KerasStorageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-keras-storage-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_type_of_real_number_is_read_to_its_last_bit()
    {
        // In float32 each of these is another number than in float16.
        double[] values = [0.1, -1.0 / 3, 1e-3, 2049];
        Assert.Equal([.. values.Select(value => (float)value)], Kernel(Column(values, value => (float)value)));
        Assert.Equal([.. values.Select(value => (float)value)], Kernel(Column(values, value => value)));
        Assert.Equal([.. values.Select(value => (float)(Half)value)], Kernel(Column(values, value => (Half)value)));
    }

    [Fact]
    public void Layers_of_one_class_are_numbered_in_their_order()
    {
        var builder = new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 1]}""");
        foreach (string name in new[] { "c", "a", "b" })
        {
            builder.Layer("Dense", name, """{"use_bias": false}""");
        }

        builder.Weights("dense", new float[,] { { 2f, 4f } }).Weights("dense_1", new float[,] { { 3f }, { 9f } }).Weights("dense_2", new float[,] { { 5f } });
        // (2 · 3 + 4 · 9) · 5.
        Assert.Equal([210f], KerasArrays.Run(builder.Import(), [1f]));
    }

    [Fact]
    public void Weights_under_the_older_name_of_the_layers_are_found()
    {
        var weights = new MemoryStream();
        new H5File { ["_layer_checkpoint_dependencies"] = new H5Group { ["dense"] = new H5Group { ["vars"] = new H5Group { ["0"] = new float[,] { { 7f } } } } } }.Write(weights);
        byte[] config = """{"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 1]}}, {"class_name": "Dense", "config": {"name": "d", "use_bias": false}}]}}"""u8.ToArray();
        string path = Path.Combine(folder, "old.keras");
        File.WriteAllBytes(path, KerasArchiveBuilder.Zip(("config.json", config), ("model.weights.h5", weights.ToArray())));
        Assert.Equal([14f], KerasArrays.Run(KerasImporter.Import(path), [2f]));
    }

    [Fact]
    public void A_file_without_a_version_is_of_Keras_2()
    {
        string settings = """{"layers": [{"class_name": "Activation", "config": {"name": "a", "batch_input_shape": [null, 1], "activation": "hard_sigmoid"}}]}""";
        Assert.Equal(0.7f, KerasArrays.Run(ModelFile(settings, []), [1f])[0], 1e-6f);
    }

    [Fact]
    public void Names_of_weights_in_several_attributes_are_one_list()
    {
        // A group for the layer, the names of its weights in three parts.
        var group = new H5Group
        {
            ["gamma"] = new[] { 2f },
            ["beta"] = new[] { 1f },
            ["mean"] = new[] { 5f },
            ["variance"] = new[] { 3.75f },
            Attributes = new() { ["weight_names0"] = new[] { "gamma", "beta" }, ["weight_names1"] = new[] { "mean" }, ["weight_names2"] = new[] { "variance" } },
        };
        string settings = """{"layers": [{"class_name": "BatchNormalization", "config": {"name": "bn", "batch_input_shape": [null, 1], "epsilon": 0.25}}]}""";

        // 2 · (9 − 5) / √4 + 1.
        Assert.Equal(5f, KerasArrays.Run(ModelFile(settings, new() { ["bn"] = group }), [9f])[0], 1e-5f);
    }

    [Fact]
    public void The_first_half_of_a_bidirectional_layers_weights_is_forward()
    {
        string Settings(string name) => $$"""{"name": "{{name}}", "units": 1, "activation": "linear", "use_bias": false}""";
        string settings = $$"""{"layers": [{"class_name": "Bidirectional", "config": {"name": "b", "batch_input_shape": [null, 2, 1], "merge_mode": "concat", "layer": {"class_name": "SimpleRNN", "config": {{Settings("r")}} } } }]}""";
        var group = new H5Group
        {
            ["a"] = new float[,] { { 1f } },
            ["b"] = new float[,] { { 10f } },
            ["c"] = new float[,] { { 2f } },
            ["d"] = new float[,] { { 100f } },
            Attributes = new() { ["weight_names"] = new[] { "a", "b", "c", "d" } },
        };

        // Forward: h = x + 10 h over 3, 4; backward: h = 2 x + 100 h over 4, 3.
        Assert.Equal([34f, 806f], KerasArrays.Run(ModelFile(settings, new() { ["b"] = group }), [3f, 4f]));
    }

    [Fact]
    public void Stateful_layers_go_on_and_one_that_is_given_states_does_not()
    {
        var alone = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [1, 2, 1]}""")
            .Layer("SimpleRNN", "r", """{"units": 1, "activation": "linear", "use_bias": false, "stateful": true}""")
            .Weights("simple_rnn/cell", new float[,] { { 1f } }, new float[,] { { 10f } });

        // h = x + 10 h: 3, 4 gives 34; then 34 · 100 + 34.
        Assert.Equal([34f, 3434f], Twice(alone.Import(), [3f, 4f]));
        var given = new KerasArchiveBuilder()
            .Functional("""[["x", 0, 0], ["s", 0, 0]]""", """[["r", 0, 0]]""")
            .Layer("InputLayer", "x", """{"batch_shape": [1, 2, 1]}""", "[]")
            .Layer("InputLayer", "s", """{"batch_shape": [1, 1]}""", "[]")
            .Layer("SimpleRNN", "r", """{"units": 1, "activation": "linear", "use_bias": false, "stateful": true}""", """[[["x", 0, 0, {}], ["s", 0, 0, {}]]]""")
            .Weights("simple_rnn/cell", new float[,] { { 1f } }, new float[,] { { 10f } });
        Assert.Equal([134f, 134f], Twice(given.Import(), [3f, 4f, 1f]));
        var without = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [1, 2, 1]}""")
            .Layer("SimpleRNN", "r", """{"units": 1, "activation": "linear", "use_bias": false}""")
            .Weights("simple_rnn/cell", new float[,] { { 1f } }, new float[,] { { 10f } });
        Assert.Equal([34f, 34f], Twice(without.Import(), [3f, 4f]));
    }

    private static float[] Twice(Graph graph, float[] input)
    {
        using EdgeInference.Runtime.EdgeModel model = EdgeInference.Runtime.EdgeModel.Load(EdgeInference.ModelConverter.Plan.ModelWriter.Write(graph));
        using EdgeInference.Runtime.Session session = model.CreateSession();
        var first = new float[1];
        var second = new float[1];
        session.Run(input, first);
        session.Run(input, second);
        return [first[0], second[0]];
    }

    private Graph ModelFile(string config, Dictionary<string, H5Group> layers)
    {
        var weights = new H5Group();
        foreach ((string name, H5Group group) in layers)
        {
            weights[name] = group;
        }

        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Path.GetRandomFileName()}.h5"));
        new H5File { ["model_weights"] = weights, Attributes = new() { ["model_config"] = $$"""{"class_name": "Sequential", "config": {{config}}}""" } }.Write(path);
        return KerasImporter.Import(path);
    }

    // The weights of a layer of one input, as outputs for the input 1.
    private static float[] Kernel<T>(T[,] row)
    {
        var builder = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", """{"batch_shape": [null, 1]}""")
            .Layer("Dense", "d", """{"use_bias": false}""")
            .Weights("dense", row);
        return KerasArrays.Run(builder.Import(), [1f]);
    }

    private static T[,] Column<T>(double[] values, Func<double, T> convert)
    {
        var result = new T[1, values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            result[0, i] = convert(values[i]);
        }

        return result;
    }
}
