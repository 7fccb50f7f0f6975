using System.Security.Cryptography;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Weights;
using EdgeInference.Tool.Tests.Import.Keras;

namespace EdgeInference.Tool.Tests.Import.Weights;

/// <summary>The layer file: its forms, the values of its settings at their bounds, the names of tensors, and what is said of the rest.</summary>
public sealed class WeightFormTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-weight-forms-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("net.json", """{"input": [2], "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("net.json", "{\"input\": 2, // features\n \"layers\": [{\"type\": \"linear\", \"name\": \"fc\",}, ], /* none */ }")]
    [InlineData("net.txt", """{"input": [2], "name": null, "labels": null, "layers": [{"type": "LINEAR", "name": "fc", "bias": null, "activation": null}]}""")]
    [InlineData("net.yaml", "input: [2]\nlayers:\n- {type: Linear, name: fc}\n")]
    [InlineData("net.yml", "input: 2\nlayers:\n  - type: Linear\n    name: 'fc'\n    bias: ~\n")]
    [InlineData("NET.YML", "input: +2\nlayers: [{type: \"Linear\", name: fc, activation: null, id: }]\n")]
    [InlineData("net.YAML", "---\ninput: [2]\nlayers:\n- {type: Linear, name: fc, transposed: False}\n...\n")]
    public void A_layer_file_is_JSON_or_YAML(string name, string text)
    {
        Graph graph = Import(Fc(), text, name);
        Assert.Equal([1, 2], graph.Inputs.Single().Shape);
        Assert.Equal([1f - 4f + 0.5f], KerasArrays.Run(graph, [1f, 2f]));
    }

    [Theory]
    [InlineData("is not an object with 'input' and 'layers'", "net.json", "[1, 2]")]
    [InlineData("is not an object with 'input' and 'layers'", "net.json", "3")]
    [InlineData("is not an object with 'input' and 'layers'", "net.yml", "- 1\n- 2\n")]
    [InlineData("cannot be read", "net.json", "{")]
    [InlineData("cannot be read", "net.json", """{"input": [2], "layers": [{"type": "Linear", "type": "Linear"}]}""")]
    [InlineData("line 2: the key 'input' appears twice", "net.yml", "input: 2\ninput: 2\n")]
    [InlineData("line 1: anchors, aliases, tags and deep nesting are not supported here", "net.yml", "input: !!int 2\n")]
    [InlineData("line 1: anchors, aliases, tags and deep nesting are not supported here", "net.yml", "input: &a 2\n")]
    [InlineData("cannot be read", "net.yml", "input: 2\n---\ninput: 3\n")]
    [InlineData("has no list of 'layers'", "net.json", """{"input": [2], "layers": []}""")]
    [InlineData("has no list of 'layers'", "net.json", """{"input": [2], "layers": {"a": 1}}""")]
    [InlineData("is missing 'input', the input shape without the batch", "net.json", """{"layers": [{"type": "ReLU"}]}""")]
    [InlineData("has 'input', which is not an integer", "net.json", """{"input": [2.5], "layers": [{"type": "ReLU"}]}""")]
    [InlineData("has 'input', which is not an integer", "net.json", """{"input": [2147483648], "layers": [{"type": "ReLU"}]}""")]
    [InlineData("has 'input', which is not an integer", "net.yml", "input: '2'\nlayers: []\n")]
    [InlineData("has 'input', which is not an integer", "net.yml", "input: .inf\nlayers: []\n")]
    [InlineData("has 'input', which is not an integer", "net.yml", "input: 1e400\nlayers: []\n")]
    [InlineData("needs either 'input', a shape, or 'inputs'", "net.json", """{"input": [2], "inputs": {"a": [2]}, "layers": [{"type": "ReLU"}]}""")]
    [InlineData("needs either 'input', a shape, or 'inputs'", "net.json", """{"inputs": [2], "layers": [{"type": "ReLU"}]}""")]
    [InlineData("has no shape for 'a'", "net.json", """{"inputs": {"a": null}, "layers": [{"type": "ReLU"}]}""")]
    [InlineData("needs 'from': the model has several inputs", "net.json", """{"inputs": {"a": [2], "b": [2]}, "layers": [{"type": "ReLU"}]}""")]
    [InlineData("layer 0 is not an object with a 'type'", "net.json", """{"input": [2], "layers": ["ReLU"]}""")]
    [InlineData("layer 1 has no 'type'", "net.json", """{"input": [2], "layers": [{"type": "ReLU"}, {"name": "x"}]}""")]
    [InlineData("layer 0 has 'type', which is not a text", "net.json", """{"input": [2], "layers": [{"type": 3}]}""")]
    [InlineData("layer 'ReLU_0' (ReLU) has no setting 'slope'; it has ", "net.json", """{"input": [2], "layers": [{"type": "ReLU", "slope": 1}]}""")]
    [InlineData("has no setting 'layer'; did you mean 'layers'?", "net.json", """{"input": [2], "layer": 1, "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("has 'labels', which is not a text or a list of them", "net.json", """{"input": [2], "labels": [1], "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("has 'labels', which is not a text or a list of them", "net.json", """{"input": [2], "labels": 1, "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("has 'name', which is not a text", "net.json", """{"input": [2], "name": 1, "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("has 'transposed', which is not true or false", "net.json", """{"input": [2], "layers": [{"type": "Linear", "name": "fc", "transposed": 1}]}""")]
    [InlineData("reads 'gc', but no layer before it has that id", "net.json", """{"input": [2], "outputs": ["gc"], "layers": [{"type": "Linear", "name": "fc"}]}""")]
    [InlineData("layer 'a' (ReLU) has the same id as another", "net.json", """{"inputs": {"a": [2], "b": [2]}, "layers": [{"type": "ReLU", "id": "a", "from": "b"}]}""")]
    public void What_a_layer_file_cannot_be_is_said_in_one_sentence(string expected, string name, string text) => Assert.Contains(expected, Refusal(Fc(), text, name), StringComparison.Ordinal);

    [Fact]
    public void A_layer_file_is_there_and_of_16_MiB_at_the_most()
    {
        string path = Path.Combine(folder, "net.json");
        Assert.Contains($"File '{path}' not found", Assert.Throws<InputException>(() => LayerFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "{}".PadRight(16 << 20));
        LayerFile.Read(path).Dispose();
        File.WriteAllText(path, "{}".PadRight((16 << 20) + 1));
        Assert.Contains("is larger than 16 MiB", Assert.Throws<InputException>(() => LayerFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void YAML_nests_32_deep()
    {
        string path = Path.Combine(folder, "net.yaml");
        File.WriteAllText(path, "a: " + new string('[', 31) + "1" + new string(']', 31));
        LayerFile.Read(path).Dispose();
        File.WriteAllText(path, "a: " + new string('[', 32) + "1" + new string(']', 32));
        Assert.Contains("deep nesting", Assert.Throws<InputException>(() => LayerFile.Read(path)).Message, StringComparison.Ordinal);
    }

    // YAML 1.2's core schema, and texts in quotes.
    [Theory]
    [InlineData("a: 12", "12")]
    [InlineData("a: -3", "-3")]
    [InlineData("a: 0.5", "0.5")]
    [InlineData("a: 1e3", "1000")]
    [InlineData("a: true", "true")]
    [InlineData("a: False", "false")]
    [InlineData("a: null", "null")]
    [InlineData("a: ~", "null")]
    [InlineData("a:", "null")]
    [InlineData("a: 'true'", "\"true\"")]
    [InlineData("a: \"12\"", "\"12\"")]
    [InlineData("a: yes", "\"yes\"")]
    [InlineData("a: 1e400", "\"1e400\"")]
    [InlineData("a: NaN", "\"NaN\"")]
    [InlineData("a: [1, b]", "[1,\"b\"]")]
    public void YAML_means_what_JSON_means(string text, string json)
    {
        string path = Path.Combine(folder, "net.yaml");
        File.WriteAllText(path, text);
        using System.Text.Json.JsonDocument document = LayerFile.Read(path);
        Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(document.RootElement.GetProperty("a")));
    }

    [Fact]
    public void A_model_has_the_name_the_labels_and_the_hash_that_it_is_given()
    {
        Graph graph = Import(Fc(), """{"input": [2], "name": "pump", "labels": ["off", "on"], "layers": [{"type": "Linear", "name": "fc"}]}""");
        Assert.Equal("pump", graph.Metadata.Name);
        Assert.Equal(["off", "on"], graph.Metadata.Labels);
        Assert.Equal(SHA256.HashData(Fc().Build()), graph.Metadata.SourceHash);
        Assert.Equal(new Dictionary<string, int> { ["Linear"] = 1 }, graph.SourceOperators!.ToDictionary());
        graph = Import(Fc(), """{"input": [2], "layers": [{"type": "Linear", "name": "fc"}]}""");
        Assert.Equal("w", graph.Metadata.Name);
        Assert.Empty(graph.Metadata.Labels);
    }

    // An id is that given, or the name, or the type and the place; outputs are those named or the last.
    [Fact]
    public void Layers_are_known_by_their_ids()
    {
        Graph graph = Import(Fc(), """{"input": [2], "outputs": ["out", "ReLU_1", "fc2"], "layers": [{"type": "Linear", "name": "fc", "id": "out"}, {"type": "ReLU", "from": "input"}, {"type": "ReLU", "id": "fc2"}, {"type": "ReLU"}]}""");
        Assert.Equal(3, graph.Outputs.Count);
        Assert.Equal([1, 1], graph.Outputs[0].Shape);
        Assert.Equal([1, 2], graph.Outputs[1].Shape);
        graph = Import(Fc(), """{"input": [2], "layers": [{"type": "Linear", "name": "fc"}, {"type": "ReLU"}, {"type": "Concat", "from": ["fc", "ReLU_1", "input"]}]}""");
        Assert.Equal([-2.5f, 0f, 1f, 2f], KerasArrays.Run(graph, [1f, 2f]));
    }

    [Fact]
    public void An_activation_of_a_layer_is_applied_to_its_result_with_its_settings()
    {
        Graph graph = Import(Fc(), """{"input": [2], "layers": [{"type": "Linear", "name": "fc", "activation": "leakyrelu", "negative_slope": 0.5}]}""");
        Assert.Equal([-1.25f], KerasArrays.Run(graph, [1f, 2f]));
        Assert.Contains("has no setting 'negative_slope'", Refusal(Fc(), """{"input": [2], "layers": [{"type": "Linear", "name": "fc", "negative_slope": 0.5}]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_have_other_names_where_the_layer_says_so()
    {
        SafetensorsBuilder file = new SafetensorsBuilder().Add("w", [1, 2], 1f, -2f).Add("b", [1], 0.5f).Add("fc.bias", [1], 100f);
        Assert.Equal([-2.5f], KerasArrays.Run(Import(file, """{"input": [2], "unused": "fc.bias", "layers": [{"type": "Linear", "name": "fc", "weight": "w", "bias": "b"}]}"""), [1f, 2f]));
        Assert.Equal([-3f], KerasArrays.Run(Import(file, """{"input": [2], "unused": ["fc.bias", "b"], "layers": [{"type": "Linear", "name": "fc", "weight": "w", "bias": false}]}"""), [1f, 2f]));
        Assert.Contains("has no tensor 'c' for layer 'fc' (Linear)", Refusal(file, """{"input": [2], "layers": [{"type": "Linear", "name": "fc", "weight": "w", "bias": "c"}]}"""), StringComparison.Ordinal);
        Assert.Contains("has no tensor 'fc.weight' for layer 'fc' (Linear)", Refusal(file, """{"input": [2], "layers": [{"type": "Linear", "name": "fc", "weight": false}]}"""), StringComparison.Ordinal);
        Assert.Contains("has 'bias', which is not a text", Refusal(file, """{"input": [2], "layers": [{"type": "Linear", "name": "fc", "weight": "w", "bias": true}]}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, "it has t0, t1, t2, t3, t4, t5, t6, t7.")]
    [InlineData(9, "it has t0, t1, t2, t3, t4, t5, t6, t7, ...")]
    public void A_missing_tensor_is_answered_with_the_first_eight_that_there_are(int count, string expected)
    {
        var file = new SafetensorsBuilder();
        for (int i = count - 1; i >= 0; i--)
        {
            file.Add($"t{i}", [1], 1f);
        }

        Assert.Contains(expected, Refusal(file, """{"input": [2], "layers": [{"type": "Linear", "name": "quite.another"}]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_answered_with_those_of_the_same_layer()
    {
        SafetensorsBuilder file = new SafetensorsBuilder().Add("enc.second_matrix_of_it", [1], 1f).Add("enc.first_matrix_of_it", [1], 1f).Add("encoder.x", [1], 1f);
        Assert.Contains("for 'enc' it has enc.first_matrix_of_it, enc.second_matrix_of_it.", Refusal(file, """{"input": [2], "layers": [{"type": "Linear", "name": "enc"}]}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "uses the tensor 't0' of")]
    [InlineData(2, "uses the tensors 't0', 't1' of")]
    [InlineData(8, "uses the tensors 't0', 't1', 't2', 't3', 't4', 't5', 't6', 't7' of")]
    [InlineData(10, "'t6', 't7' and 2 more of")]
    public void Tensors_that_no_layer_reads_are_counted(int count, string expected)
    {
        var file = new SafetensorsBuilder();
        for (int i = count - 1; i >= 0; i--)
        {
            file.Add($"t{i}", [1], 1f);
        }

        Assert.Contains(expected, Refusal(file, """{"input": [2], "layers": [{"type": "ReLU"}]}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("has the shape [2, 1, 1]", "Linear", "{}", "1", "weight:2,1,1")]
    [InlineData("has the shape [0, 1]", "Linear", "{}", "1", "weight:0,1")]
    [InlineData("has 3 groups for 4 channels", "Conv1d", """{"groups": 3}""", "4,5", "weight:3,1,2")]
    [InlineData("has 0 groups for 4 channels", "Conv1d", """{"groups": 0}""", "4,5", "weight:3,4,2")]
    [InlineData("takes [batch, channels, length] but gets", "Conv1d", "{}", "4,5,6", "weight:3,4,2")]
    [InlineData("takes [batch, channels, height, width] but gets", "ConvTranspose2d", "{}", "4,5", "weight:4,3,2,2")]
    [InlineData("takes [batch, channels, height, width] but gets", "MaxPool2d", """{"kernel_size": 2}""", "4,5", "")]
    [InlineData("takes [batch, channels, length] but gets", "AvgPool1d", """{"kernel_size": 2}""", "4,5,6", "")]
    [InlineData("has the padding 'full'; supported are 'same' and 'valid'", "Conv1d", """{"padding": "full"}""", "4,5", "weight:3,4,2")]
    [InlineData("has 'stride', which is not one number or 2", "Conv2d", """{"stride": [1, 1, 1]}""", "4,5,5", "weight:3,4,2,2")]
    [InlineData("has 'stride', which is not one number or 2", "Conv2d", """{"stride": [1]}""", "4,5,5", "weight:3,4,2,2")]
    [InlineData("has 'stride', which is not an integer", "Conv2d", """{"stride": "2"}""", "4,5,5", "weight:3,4,2,2")]
    [InlineData("needs 'kernel_size'", "MaxPool1d", "{}", "4,5", "")]
    [InlineData("needs 'dims'", "Permute", "{}", "4,5", "")]
    [InlineData("needs 'shape'", "Reshape", "{}", "4,5", "")]
    [InlineData("needs 'mean'", "Standardize", """{"std": 1}""", "4", "")]
    [InlineData("needs 'std'", "Standardize", """{"mean": 1}""", "4", "")]
    [InlineData("needs one 'std' above 0 for each 'mean'", "Standardize", """{"mean": [1, 2], "std": [1, 0]}""", "2", "")]
    [InlineData("needs one 'std' above 0 for each 'mean'", "Standardize", """{"mean": [1, 2], "std": [1, -1]}""", "2", "")]
    [InlineData("needs one 'std' above 0 for each 'mean'", "Standardize", """{"mean": [1, 2], "std": [1]}""", "2", "")]
    [InlineData("has 'mean', which is not a number or a list of them", "Standardize", """{"mean": ["1"], "std": [1]}""", "2", "")]
    [InlineData("has 'mean', which is not a number or a list of them", "Standardize", """{"mean": true, "std": [1]}""", "2", "")]
    [InlineData("spans the last 0 axes", "LayerNorm", """{"axes": 0}""", "3,4", "weight:4;bias:4")]
    [InlineData("spans the last 3 axes", "LayerNorm", """{"axes": 3}""", "3,4", "weight:4;bias:4")]
    [InlineData("has the dim 0 on", "Softmax", """{"dim": 0}""", "3,4", "")]
    [InlineData("has the dim 3 on", "Softmax", """{"dim": 3}""", "3,4", "")]
    [InlineData("has the dim -3 on", "LogSoftmax", """{"dim": -3}""", "3,4", "")]
    [InlineData("joins several tensors; name them in 'from'", "Add", "{}", "3", "")]
    [InlineData("joins several tensors; name them in 'from'", "Mul", """{"from": "input"}""", "3", "")]
    [InlineData("takes [batch, steps, features] but gets", "LSTM", "{}", "3", "")]
    [InlineData("takes [batch, steps, features] but gets", "GRU", "{}", "3,4,5", "")]
    [InlineData("needs 1 to 64 'num_layers'", "LSTM", """{"num_layers": 0}""", "3,2", "")]
    [InlineData("needs 1 to 64 'num_layers'", "LSTM", """{"num_layers": 65}""", "3,2", "")]
    [InlineData("has no tensor 'l.weight_hh_l0'", "LSTM", """{"num_layers": 64}""", "3,2", "")]
    [InlineData("'output' all or last", "GRU", """{"output": "first"}""", "3,2", "")]
    [InlineData("'nonlinearity' tanh or relu", "RNN", """{"nonlinearity": "sigmoid"}""", "3,2", "")]
    [InlineData("has no setting 'nonlinearity'", "LSTM", """{"nonlinearity": "relu"}""", "3,2", "weight_ih_l0:12,2;weight_hh_l0:12,3")]
    [InlineData("has recurrent weights of shape [9, 3], expected [12, 3]", "LSTM", "{}", "3,2", "weight_ih_l0:12,2;weight_hh_l0:9,3")]
    [InlineData("needs [12, 2]", "LSTM", "{}", "3,2", "weight_ih_l0:9,2;weight_hh_l0:12,3")]
    [InlineData("layer 'l' (Reshape) ", "Reshape", """{"shape": [2147483647, 2147483647, 2147483647, -1]}""", "4", "")]
    [InlineData("layer 'l' (Permute) ", "Permute", """{"dims": [1, 3]}""", "4,5", "")]
    [InlineData("layer 'l' (Embedding) ", "Embedding", "{}", "4", "weight:3")]
    public void What_a_layer_cannot_be_is_said_in_one_sentence(string expected, string type, string settings, string input, string tensors)
    {
        var file = new SafetensorsBuilder();
        foreach (string[] tensor in tensors.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(':')))
        {
            int[] shape = [.. tensor[1].Split(',').Select(int.Parse)];
            file.Add("l." + tensor[0], shape, new float[shape.Aggregate(1, (a, b) => a * b)]);
        }

        string own = settings.Trim('{', '}');
        string message = Refusal(file.Header.Count > 0 ? file : new SafetensorsBuilder().Add("none", [1], 1f), $$"""{"input": [{{input}}], "unused": "none", "layers": [{"type": "{{type}}", "name": "l"{{(own.Length > 0 ? ", " + own : "")}}}]}""");
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("'l'", message, StringComparison.Ordinal);
    }

    // x + h over one input and one state of weights 1 and 2: each layer reads the whole sequence of the one before.
    [Theory]
    [InlineData("all", new[] { 1f, 2f + 4f })]
    [InlineData("last", new[] { 6f })]
    public void Recurrent_layers_upon_each_other_pass_whole_sequences_on(string output, float[] expected)
    {
        SafetensorsBuilder file = new SafetensorsBuilder();
        for (int i = 0; i < 2; i++)
        {
            file.Add($"l.weight_ih_l{i}", [1, 1], 1f).Add($"l.weight_hh_l{i}", [1, 1], i + 1f);
        }

        // First layer: 1, 1 + 3 = 4 with a state of 1; second: 1, 4 + 2.
        Graph graph = Import(file, $$"""{"input": [2, 1], "layers": [{"type": "RNN", "name": "l", "num_layers": 2, "nonlinearity": "relu", "output": "{{output}}"}]}""");
        float[] actual = KerasArrays.Run(graph, [1f, 3f]);
        Assert.Equal(expected.Length == 1 ? [6f] : [1f, 6f], actual);
    }

    [Fact]
    public void A_recurrent_layer_reads_both_ways_without_biases_by_its_own_function()
    {
        SafetensorsBuilder file = new SafetensorsBuilder()
            .Add("l.weight_ih_l0", [1, 1], 1f).Add("l.weight_hh_l0", [1, 1], 10f).Add("l.weight_ih_l0_reverse", [1, 1], 2f).Add("l.weight_hh_l0_reverse", [1, 1], 100f).Add("l.bias_hh_l0_reverse", [1], 0.5f);
        Graph graph = Import(file, """{"input": [2, 1], "layers": [{"type": "RNN", "name": "l", "bidirectional": true, "nonlinearity": "relu"}]}""");

        // Forward 3, 4 + 30; backward from the end 8.5, then 6.5 + 850.
        Assert.Equal([3f, 856.5f, 34f, 8.5f], KerasArrays.Run(graph, [3f, 4f]));
    }

    [Theory]
    [InlineData("LSTM", 4)]
    [InlineData("GRU", 3)]
    [InlineData("RNN", 1)]
    public void Biases_that_are_not_there_are_zeros(string type, int gates)
    {
        float[] Numbers(int count, float first) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(first + i))];
        SafetensorsBuilder Cell() => new SafetensorsBuilder().Add("l.weight_ih_l0", [gates * 2, 3], Numbers(gates * 6, 1)).Add("l.weight_hh_l0", [gates * 2, 2], Numbers(gates * 4, 2));
        string net = $$"""{"input": [4, 3], "layers": [{"type": "{{type}}", "name": "l"}]}""";
        float[] x = Numbers(12, 3);
        float[] expected = KerasArrays.Run(Import(Cell().Add("l.bias_ih_l0", [gates * 2], new float[gates * 2]).Add("l.bias_hh_l0", [gates * 2], new float[gates * 2]), net), x);
        Assert.Equal(expected, KerasArrays.Run(Import(Cell(), net), x));
        float[] own = Numbers(gates * 2, 4);
        expected = KerasArrays.Run(Import(Cell().Add("l.bias_ih_l0", [gates * 2], own).Add("l.bias_hh_l0", [gates * 2], new float[gates * 2]), net), x);
        Assert.Equal(expected, KerasArrays.Run(Import(Cell().Add("l.bias_ih_l0", [gates * 2], own), net), x));
    }

    [Fact]
    public void The_same_padding_puts_the_odd_element_at_the_end()
    {
        // A kernel of two looks one ahead; with a dilation of 3 it reaches over four, one before and two behind.
        SafetensorsBuilder file = new SafetensorsBuilder().Add("c.weight", [1, 1, 2], 1f, 10f);
        Assert.Equal([21f, 32f, 3f], KerasArrays.Run(Import(file, """{"input": [1, 3], "layers": [{"type": "Conv1d", "name": "c", "padding": "same"}]}"""), [1f, 2f, 3f]));
        Assert.Equal([30f, 41f, 52f, 3f, 4f], KerasArrays.Run(Import(file, """{"input": [1, 5], "layers": [{"type": "Conv1d", "name": "c", "padding": "same", "dilation": 3}]}"""), [1f, 2f, 3f, 4f, 5f]));
    }

    [Fact]
    public void A_transposed_convolution_in_groups_has_a_bias_for_each_output()
    {
        // Two channels, each with two outputs of its own: kernels 1 and 10, 100 and 1000.
        SafetensorsBuilder file = new SafetensorsBuilder().Add("c.weight", [2, 2, 1], 1f, 10f, 100f, 1000f).Add("c.bias", [4], 0.5f, 1.5f, 2.5f, 3.5f);
        Assert.Equal([3.5f, 31.5f, 402.5f, 4003.5f], KerasArrays.Run(Import(file, """{"input": [2, 1], "layers": [{"type": "ConvTranspose1d", "name": "c", "groups": 2}]}"""), [3f, 4f]));
    }

    [Theory]
    [InlineData("""{"type": "Standardize", "mean": 2, "std": 4}""", new[] { -0.25f, 0f, 1f })]
    [InlineData("""{"type": "Standardize", "mean": [2], "std": [4]}""", new[] { -0.25f, 0f, 1f })]
    [InlineData("""{"type": "GELU", "approximate": "none"}""", new[] { 0.8413447f, 1.9544997f, 6f })]
    [InlineData("""{"type": "Reshape", "shape": [-1, 1]}""", new[] { 1f, 2f, 6f })]
    [InlineData("""{"type": "Reshape", "shape": 3}""", new[] { 1f, 2f, 6f })]
    public void One_number_stands_for_all_and_a_setting_has_its_other_value(string layer, float[] expected)
    {
        float[] actual = KerasArrays.Run(Import(new SafetensorsBuilder().Add("none", [1], 1f), $$"""{"input": [3], "unused": "none", "layers": [{{layer}}]}"""), [1f, 2f, 6f]);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static SafetensorsBuilder Fc() => new SafetensorsBuilder().Add("fc.weight", [1, 2], 1f, -2f).Add("fc.bias", [1], 0.5f);

    private string Refusal(SafetensorsBuilder weights, string layers, string name = "net.json")
    {
        string message = Assert.Throws<InputException>(() => Import(weights, layers, name)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private Graph Import(SafetensorsBuilder weights, string layers, string name = "net.json")
    {
        string path = Path.Combine(folder, "w.safetensors");
        string net = Path.Combine(folder, name);
        File.WriteAllBytes(path, weights.Build());
        File.WriteAllText(net, layers);
        return WeightImporter.Import(path, net);
    }
}
