using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelFormat;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>The forms in which versions of Keras write a model, and what a model cannot be.</summary>
public sealed class KerasModelFormTests : IDisposable
{
    private const string Three = """{"batch_shape": [null, 3]}""";

    private readonly string folder = Directory.CreateTempSubdirectory("edge-keras-forms-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Before 2.2 the settings of a Sequential model were the list of its layers.
    [Theory]
    [InlineData("""{"class_name": "Sequential", "config": [{"class_name": "ELU", "config": {"name": "e", "batch_input_shape": [null, 2], "alpha": 0.5}}]}""")]
    [InlineData("""{"class_name": "Sequential", "config": {"layers": [{"class_name": "ELU", "name": "e", "config": {"batch_input_shape": [null, 2], "alpha": 0.5}}]}}""")]
    [InlineData("""{"class_name": "Sequential", "config": {"build_input_shape": [null, 2], "layers": [{"class_name": "ELU", "config": {"name": "e", "alpha": 0.5}}]}}""")]
    [InlineData("""{"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}, {"class_name": "ELU", "config": {"name": "e", "alpha": 0.5}, "inbound_nodes": []}]}}""")]
    public void A_sequence_is_read_in_each_form(string config)
    {
        Graph graph = ModelFile(config);
        Assert.Equal([1, 2], graph.Inputs.Single().Shape);
        float[] actual = KerasArrays.Run(graph, [2f, -1f]);
        Assert.Equal(2f, actual[0]);
        Assert.Equal(0.5 * (Math.Exp(-1) - 1), actual[1], 1e-6);
    }

    [Fact]
    public void An_output_can_be_an_input_and_others_stay_unused()
    {
        Graph graph = new KerasArchiveBuilder()
            .Functional("""[["a", 0, 0], ["b", 0, 0]]""", """[["b", 0, 0]]""")
            .Layer("InputLayer", "a", """{"batch_shape": [null, 2]}""", "[]")
            .Layer("InputLayer", "b", """{"batch_shape": [null, 3]}""", "[]")
            .Import();
        Assert.Equal(["a", "b"], graph.Inputs.Select(input => input.Name));
        Assert.Equal("b", graph.Outputs.Single().Name);
    }

    [Fact]
    public void A_sequence_inside_a_sequence_has_no_input_of_its_own()
    {
        string inner = """{"layers": [{"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 3]}}, {"class_name": "ELU", "config": {"name": "e"}}, {"class_name": "ReLU", "config": {"name": "r"}}]}""";
        Graph graph = new KerasArchiveBuilder().Layer("InputLayer", "x", Three).Layer("Sequential", "s", inner).Layer("ELU", "last").Import();
        Assert.Single(graph.Inputs);
        Assert.Equal([1f, 0f, 2f], KerasArrays.Run(graph, [1f, -1f, 2f]));

        // What the file has of each kind, the models inside and what is inside those.
        Assert.Equal(new Dictionary<string, int> { ["ELU"] = 2, ["InputLayer"] = 2, ["ReLU"] = 1, ["Sequential"] = 1 }, graph.SourceOperators!.ToDictionary());
    }

    [Fact]
    public void The_graph_has_the_name_and_the_hash_of_its_file()
    {
        string path = Path.Combine(folder, "pump.v2.keras");
        File.WriteAllBytes(path, new KerasArchiveBuilder().Layer("InputLayer", "x", Three).Layer("ReLU", "r").Build());
        Graph graph = KerasImporter.Import(path);
        Assert.Equal("pump.v2", graph.Metadata.Name);
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(path)), graph.Metadata.SourceHash);
    }

    // Keras 2: 0.2 x + 0.5, Keras 3: x / 6 + 0.5.
    [Theory]
    [InlineData("2.15.0", 0.7)]
    [InlineData("3.0.0", 0.6666667)]
    [InlineData("10.1", 0.6666667)]
    [InlineData("nightly", 0.7)]
    public void A_whole_model_file_tells_its_version(string version, double expected) =>
        Assert.Equal(expected, KerasArrays.Run(ModelFile("""{"class_name": "Sequential", "config": {"layers": [{"class_name": "Activation", "config": {"name": "a", "batch_input_shape": [null, 1], "activation": "hard_sigmoid"}}]}}""", version), [1f])[0], 1e-6);

    [Theory]
    [InlineData("is a model of class 'Pump', whose code is not in the file", """{"class_name": "Pump", "config": {"layers": []}}""")]
    [InlineData("has no input or no output", """{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}], "input_layers": [["x", 0, 0]], "output_layers": []}}""")]
    [InlineData("reads output 1 of call 0 of layer 'x'", """{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}], "input_layers": [["x", 0, 0]], "output_layers": [["x", 0, 1]]}}""")]
    [InlineData("reads output -1 of call 0 of layer 'x'", """{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}], "input_layers": [["x", 0, 0]], "output_layers": [["x", 0, -1]]}}""")]
    [InlineData("reads output 0 of call 1 of layer 'x'", """{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}], "input_layers": [["x", 0, 0]], "output_layers": [["x", 1, 0]]}}""")]
    [InlineData("layer 'r' has no input", """{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}, {"class_name": "ReLU", "config": {"name": "r"}, "inbound_nodes": [[]]}], "input_layers": [["x", 0, 0]], "output_layers": [["r", 0, 0]]}}""")]
    [InlineData("Input 'r' of", """{"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {"name": "r"}}]}}""")]
    [InlineData("has no shape", """{"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {"name": "r", "batch_shape": null}}]}}""")]
    [InlineData("has a dimension that is not fixed", """{"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {"name": "r", "batch_shape": [null, null]}}]}}""")]
    [InlineData("takes 1 inputs but is called with 2", """{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2]}, "inbound_nodes": []}, {"class_name": "Functional", "config": {"name": "f", "layers": [{"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 2]}, "inbound_nodes": []}], "input_layers": [["i", 0, 0]], "output_layers": [["i", 0, 0]]}, "inbound_nodes": [[["x", 0, 0, {}], ["x", 0, 0, {}]]]}], "input_layers": [["x", 0, 0]], "output_layers": [["f", 0, 0]]}}""")]
    public void What_a_model_cannot_be_is_said_in_one_sentence(string expected, string config)
    {
        string message = Assert.Throws<InputException>(() => ModelFile(config)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("(LSTM) has an 'activation' that is custom", "LSTM", """{"activation": {"class_name": "ReLU", "config": {"max_value": 6}}}""", "4,2", "cell/2,12;cell/3,12;cell/12")]
    [InlineData("(Dense) applies the activation 'Cube', which is not supported", "Dense", """{"activation": {"class_name": "Cube", "config": {}}}""", "3", "3,4;4")]
    [InlineData("(Dense) has an 'activation' that is custom", "Dense", """{"activation": {"class_name": "function", "config": [1]}}""", "3", "3,4;4")]
    [InlineData("(Conv2DTranspose) ", "Conv2DTranspose", """{"strides": 2147483647}""", "4,4,2", "2,2,3,2;3")]
    [InlineData("has weights of [4, 0], expected [4, ?]", "Dense", "{}", "4", "4,0;1")]
    [InlineData("has weights of [4, 3, 1], expected [4, ?]", "Dense", "{}", "4", "4,3,1;3")]
    [InlineData("has 2 numbers for 'strides', expected 1", "Conv1D", """{"strides": [1, 1]}""", "4,2", "2,2,3;3")]
    [InlineData("has 1 numbers for 'strides', expected 2", "Conv2D", """{"strides": [1]}""", "4,4,2", "2,2,2,3;3")]
    [InlineData("cannot turn [1, 6] into [0, 6]", "Reshape", """{"target_shape": [0, 6]}""", "6", "")]
    [InlineData("cannot turn [1, 6] into [0, 0]", "Reshape", """{"target_shape": [-1, 0]}""", "6", "")]
    [InlineData("cannot turn [1, 6] into [-2, -3]", "Reshape", """{"target_shape": [-2, -3]}""", "6", "")]
    [InlineData("has the padding [16777218, 0]", "ZeroPadding1D", """{"padding": [16777218, 0]}""", "4,2", "")]
    [InlineData("takes 4 dimensions but gets [1, 4, 2]", "ZeroPadding2D", "{}", "4,2", "")]
    [InlineData("takes 3 dimensions but gets [1, 4, 2, 2]", "UpSampling1D", "{}", "4,2,2", "")]
    [InlineData("takes 3 dimensions but gets [1, 4, 2, 2]", "Cropping1D", "{}", "4,2,2", "")]
    [InlineData("takes 3 dimensions but gets [1, 4, 2, 2]", "MaxPooling1D", "{}", "4,2,2", "")]
    [InlineData("takes 4 dimensions but gets [1, 4, 2]", "GlobalMaxPooling2D", "{}", "4,2", "")]
    [InlineData("repeats elements 65537 times", "UpSampling1D", """{"size": 65537}""", "1,1", "")]
    [InlineData("repeats the elements of [1, 40000, 1] 65536 times", "UpSampling1D", """{"size": 65536}""", "40000,1", "")]
    [InlineData("crops [1, 4, 5, 2] to 4 x 4", "RandomCrop", """{"height": 4, "width": 4}""", "4,5,2", "")]
    [InlineData("crops [1, 4, 5, 2] to 3 x 5", "RandomCrop", """{"height": 3, "width": 5}""", "4,5,2", "")]
    [InlineData("crops [1, 4, 5, 2] to 4 x 5", "RandomCrop", """{"height": 4, "width": 5, "data_format": "channels_first"}""", "4,5,2", "")]
    [InlineData("crops [1, 5] to 1 x 5", "RandomCrop", """{"height": 1, "width": 5}""", "5", "")]
    [InlineData("crops [1, 5, 5] to 1 x 5", "RandomCrop", """{"height": 1, "width": 5}""", "5,5", "")]
    [InlineData("removes all of axis 2 of", "Cropping2D", """{"cropping": [[0, 0], [1, 3]]}""", "4,4,2", "")]
    [InlineData("has a kernel of 0, a stride of 1 and a dilation of 1", "MaxPooling1D", """{"pool_size": 0, "strides": 1}""", "4,2", "")]
    [InlineData("has a kernel of 2, a stride of 0 and a dilation of 1", "MaxPooling1D", """{"strides": 0}""", "4,2", "")]
    [InlineData("has a kernel that spans 6 elements on an axis of 4", "MaxPooling1D", """{"pool_size": 6, "strides": 3}""", "4,2", "")]
    public void What_a_layer_cannot_be_is_said_by_its_name(string expected, string kind, string settings, string input, string weights)
    {
        KerasArchiveBuilder builder = new KerasArchiveBuilder().Layer("InputLayer", "x", $$"""{"batch_shape": [null, {{input}}]}""").Layer(kind, "y", settings);
        foreach (IGrouping<string, string> owner in weights.Split(';', StringSplitOptions.RemoveEmptyEntries).GroupBy(text => text.Contains('/', StringComparison.Ordinal) ? "/" + text.Split('/')[0] : ""))
        {
            builder.Weights(KerasModel.SnakeCase(kind) + owner.Key, [.. owner.Select(text => Array.CreateInstance(typeof(float), [.. text.Split('/')[^1].Split(',').Select(int.Parse)]))]);
        }

        string message = Assert.Throws<InputException>(() => builder.Import()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("layer 'y'", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Both_ways_from_given_states_is_refused()
    {
        string message = Assert.Throws<InputException>(() => new KerasArchiveBuilder()
            .Functional("""[["x", 0, 0], ["s", 0, 0]]""", """[["b", 0, 0]]""")
            .Layer("InputLayer", "x", """{"batch_shape": [1, 2, 1]}""", "[]")
            .Layer("InputLayer", "s", """{"batch_shape": [1, 1]}""", "[]")
            .Layer("Bidirectional", "b", """{"layer": {"class_name": "SimpleRNN", "config": {"units": 1}}}""", """[[["x", 0, 0, {}], ["s", 0, 0, {}]]]""")
            .Import()).Message;
        Assert.Contains("runs a bidirectional SimpleRNN on 2 inputs", message, StringComparison.Ordinal);
    }

    // What is just within its bound is taken.
    [Theory]
    [InlineData("UpSampling1D", """{"size": 65536}""", "1,1", 65536)]
    [InlineData("RandomCrop", """{"height": 4, "width": 5}""", "4,5,2", 40)]
    [InlineData("RandomCrop", """{"height": 4, "width": 5, "data_format": "channels_first"}""", "2,4,5", 40)]
    [InlineData("Cropping2D", """{"cropping": [[0, 0], [1, 2]]}""", "4,4,2", 8)]
    [InlineData("MaxPooling1D", """{"pool_size": 4, "strides": 3}""", "4,2", 2)]
    public void What_is_just_within_its_bound_is_taken(string kind, string settings, string input, int elements) =>
        Assert.Equal(elements, new KerasArchiveBuilder().Layer("InputLayer", "x", $$"""{"batch_shape": [null, {{input}}]}""").Layer(kind, "y", settings).Import().Outputs[0].Elements);

    // Keras writes numbers that it got from numpy as objects.
    [Fact]
    public void A_number_can_be_an_array_without_dimensions()
    {
        string slope = """{"negative_slope": {"class_name": "__numpy__", "config": {"value": 0.25, "dtype": "float32"}}}""";
        Assert.Equal([3f, -2f, 0f], KerasArrays.Run(new KerasArchiveBuilder().Layer("InputLayer", "x", Three).Layer("LeakyReLU", "l", slope).Import(), [3f, -8f, 0f]));
    }

    // A layer as an activation has its own settings; a function is named by its config.
    [Theory]
    [InlineData("""{"class_name": "LeakyReLU", "config": {"negative_slope": 0.5}}""", -4f)]
    [InlineData("""{"class_name": "LeakyReLU", "config": {}}""", -2.4f)]
    [InlineData("""{"module": "builtins", "class_name": "function", "config": "relu6", "registered_name": "function"}""", 0f)]
    [InlineData("\"linear\"", -8f)]
    [InlineData("null", -8f)]
    public void An_activation_is_a_name_a_function_or_a_layer(string activation, float expected)
    {
        Graph graph = new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 1]}""")
            .Layer("Dense", "d", $$"""{"units": 1, "use_bias": false, "activation": {{activation}}}""").Weights("dense", new float[,] { { 2f } }).Import();
        Assert.Equal(expected, KerasArrays.Run(graph, [-4f])[0], 1e-6f);
    }

    // Random layers keep the state of their seed among the weights; what comes behind those of the layer is not read.
    [Fact]
    public void Weights_beyond_those_of_the_layer_are_left_alone()
    {
        Graph graph = new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 1]}""")
            .Layer("Dense", "d", """{"units": 1}""").Weights("dense", new float[,] { { 2f } }, new[] { 1f }, new[] { 99f }).Import();
        Assert.Equal([7f], KerasArrays.Run(graph, [3f]));
    }

    // By the documentation of keras.losses: each by its class and by the names of its function.
    public static TheoryData<string, OutputRole?> Losses
    {
        get
        {
            var losses = new TheoryData<string, OutputRole?>();
            foreach (string name in new[]
            {
                "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber", "LogCosh", "CosineSimilarity", "Poisson",
                "mean_squared_error", "mse", "MSE", "mean_absolute_error", "mae", "MAE", "mean_absolute_percentage_error", "mape", "MAPE", "mean_squared_logarithmic_error", "msle", "MSLE",
                "huber", "huber_loss", "log_cosh", "logcosh", "cosine_similarity", "poisson",
            })
            {
                losses.Add(name, OutputRole.Value);
            }

            foreach (string name in new[] { "Hinge", "SquaredHinge", "hinge", "squared_hinge" })
            {
                losses.Add(name, OutputRole.Score);
            }

            foreach (string name in new[] { "BinaryCrossentropy", "binary_crossentropy", "CategoricalHinge", "KLDivergence", "my_loss" })
            {
                losses.Add(name, null);
            }

            return losses;
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_says_what_one_output_means(string name, OutputRole? role)
    {
        foreach (string loss in new[] { $"\"{name}\"", $$"""{"class_name": "{{name}}", "config": {"reduction": "sum"} }""", $$"""{"class_name": "function", "config": "{{name}}"}""" })
        {
            Assert.Equal([role], Hints(loss, 1));
        }

        Assert.Equal([role == OutputRole.Score ? null : role], Hints($"\"{name}\"", 3));
    }

    [Theory]
    [InlineData("BinaryCrossentropy", 1, true)]
    [InlineData("BinaryFocalCrossentropy", 1, true)]
    [InlineData("BinaryCrossentropy", 2, false)]
    [InlineData("CategoricalCrossentropy", 3, true)]
    [InlineData("SparseCategoricalCrossentropy", 3, true)]
    [InlineData("CategoricalFocalCrossentropy", 3, true)]
    [InlineData("CategoricalCrossentropy", 1, false)]
    public void Logits_are_told_by_the_flag_of_the_loss(string name, int units, bool isLogit)
    {
        Assert.Equal([isLogit ? OutputRole.Logit : null], Hints($$"""{"class_name": "{{name}}", "config": {"from_logits": true} }""", units));
        Assert.Equal([null], Hints($$"""{"class_name": "{{name}}", "config": {"from_logits": false} }""", units));
        Assert.Equal([null], Hints($$"""{"class_name": "{{name}}", "config": {} }""", units));
    }

    [Theory]
    [InlineData("""["mse", "hinge"]""", OutputRole.Value, OutputRole.Score)]
    [InlineData("""["hinge", "mse"]""", OutputRole.Score, OutputRole.Value)]
    [InlineData("""["mse", null]""", OutputRole.Value, null)]
    [InlineData("""["mse"]""", null, null)]
    [InlineData("""["mse", "mse", "mse"]""", null, null)]
    [InlineData("\"mse\"", null, null)]
    [InlineData("""{"class_name": "MeanSquaredError", "config": {}}""", null, null)]
    [InlineData("""{"d1": "mse"}""", null, OutputRole.Value)]
    [InlineData("""{"d1": "hinge", "d0": "mse"}""", OutputRole.Value, OutputRole.Score)]
    public void Several_outputs_have_a_loss_each(string loss, OutputRole? first, OutputRole? second) => Assert.Equal([first, second], Hints(loss, 1, 1));

    [Fact]
    public void The_output_of_a_sequence_has_the_name_of_its_last_layer()
    {
        var builder = new KerasArchiveBuilder().Layer("InputLayer", "x", Three).Layer("ReLU", "first").Layer("ReLU", "last");
        builder.Root["compile_config"] = JsonNode.Parse("""{"loss": {"last": "mse"}}""");
        Assert.Equal(OutputRole.Value, Assert.Single(builder.Import().Hints).Value.Role);
        builder.Root["compile_config"] = JsonNode.Parse("""{"loss": {"x": "mse", "first": "mse"}}""");
        Assert.Empty(builder.Import().Hints);
    }

    [Fact]
    public void A_layer_without_a_group_has_no_weights() => Assert.Contains(
        "layer 'd' (Dense) needs 2 weights but the file has 0 for it",
        Assert.Throws<InputException>(() => ModelFile("""{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 1]}}]}}""")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("""{"loss": null}""")]
    [InlineData("""{"optimizer": "adam"}""")]
    [InlineData("\"mse\"")]
    public void A_model_that_was_not_compiled_says_nothing(string compiled)
    {
        var builder = new KerasArchiveBuilder().Layer("InputLayer", "x", Three).Layer("ReLU", "r");
        builder.Root["compile_config"] = JsonNode.Parse(compiled);
        Assert.Empty(builder.Import().Hints);
    }

    private static OutputRole?[] Hints(string loss, params int[] units)
    {
        KerasArchiveBuilder builder = new KerasArchiveBuilder()
            .Functional("""[["x", 0, 0]]""", $"[{string.Join(", ", units.Select((_, i) => $"""["d{i}", 0, 0]"""))}]")
            .Layer("InputLayer", "x", """{"batch_shape": [null, 2]}""", "[]");
        for (int i = 0; i < units.Length; i++)
        {
            builder.Layer("Dense", $"d{i}", $$"""{"units": {{units[i]}}, "use_bias": false}""", """[[["x", 0, 0, {}]]]""").Weights(i == 0 ? "dense" : $"dense_{i}", new float[2, units[i]]);
        }

        builder.Root["compile_config"] = new JsonObject { ["loss"] = JsonNode.Parse(loss) };
        Graph graph = builder.Import();
        return [.. graph.Outputs.Select(output => graph.Hints.TryGetValue(output, out OutputHint? hint) ? hint.Role : (OutputRole?)null)];
    }

    private Graph ModelFile(string config, string version = "2.15.0")
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Path.GetRandomFileName()}.h5"));
        new H5File { ["model_weights"] = new H5Group(), Attributes = new() { ["model_config"] = config, ["keras_version"] = version } }.Write(path);
        return KerasImporter.Import(path);
    }
}
