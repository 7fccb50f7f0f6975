using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelFormat;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxBackend.Tests.Operators;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Forms;

/// <summary>Models that take text: their inputs become codes, whose texts the model names. ONNX Runtime gets the texts, the graph the codes.</summary>
public class TextInputTests
{
    private static readonly string[] colours = ["red", "green", "blue"];
    private static readonly string[] sizes = ["small", "large"];

    /// <summary>As skl2onnx writes a ColumnTransformer: an encoder for each column, a scaler for the numbers, all joined.</summary>
    [Fact]
    public void Columns_of_a_pipeline_become_codes_under_their_names()
    {
        byte[] model = new ModelBuilder()
            .Input("colour", OnnxElementType.Text, null, 1).Input("age", null, 1).Input("size", OnnxElementType.Text, null, 1)
            .Node("Concat", ["colour", "size"], ["texts"], A("axis", 1))
            .Constant("first", Const(OnnxElementType.Int64, [0])).Constant("second", Const(OnnxElementType.Int64, [1]))
            .Node("ai.onnx.ml.ArrayFeatureExtractor", ["texts", "first"], ["c"])
            .Node("ai.onnx.ml.ArrayFeatureExtractor", ["texts", "second"], ["s"])
            .Node("ai.onnx.ml.OneHotEncoder", ["c"], ["hot"], A("cats_strings", colours), A("zeros", 1))
            .Constant("shape", Const(OnnxElementType.Int64, [-1, 3]))
            .Node("Reshape", ["hot", "shape"], ["flat"])
            .Node("ai.onnx.ml.LabelEncoder", ["s"], ["ordinal"], A("keys_strings", sizes), A("values_int64s", new[] { 0, 1 }), A("default_int64", -1))
            .Node("Cast", ["ordinal"], ["number"], A("to", 1))
            .Node("ai.onnx.ml.Scaler", ["age"], ["scaled"], A("offset", new[] { 40f }), A("scale", new[] { 0.1f }))
            .Node("Concat", ["flat", "number", "scaled"], ["y"], A("axis", 1))
            .Output("y").Build();
        Graph graph = OnnxImporter.Import(model, "m.onnx");
        Assert.Equal(["colour", "age", "size"], graph.Metadata.InputNames);
        Assert.Equal([colours, [], sizes], graph.Metadata.InputCategories);
        Assert.Contains(graph.Nodes, node => node.Opcode == Opcode.FeatureTransform);
        foreach (string colour in (string[])[.. colours, "pink", ""])
        {
            foreach (string size in (string[])[.. sizes, "Small"])
            {
                float[] expected = Peer(model, ("colour", new[] { colour }), ("age", new[] { 35f }), ("size", new[] { size }));
                Assert.Equal(expected, ModelFolder.Run(graph, Code(graph, 0, colour), 35f, Code(graph, 2, size)));
            }
        }
    }

    [Fact]
    public void One_input_of_several_texts_has_a_list_for_each()
    {
        byte[] model = new ModelBuilder().Input("x", OnnxElementType.Text, null, 2).Constant("places", Const(OnnxElementType.Int64, [1]))
            .Node("ai.onnx.ml.OneHotEncoder", ["x"], ["a"], A("cats_strings", colours), A("zeros", 1))
            .Node("ai.onnx.ml.ArrayFeatureExtractor", ["x", "places"], ["last"])
            .Node("ai.onnx.ml.LabelEncoder", ["last"], ["b"], A("keys_strings", new[] { "blue", "black", "blue" }), A("values_floats", new[] { 2.5f, -3f, 9f }), A("default_float", 0.25f))
            .Output("a").Output("b").Build();
        Graph graph = OnnxImporter.Import(model, "m.onnx");
        Assert.Equal([colours, ["red", "green", "blue", "black"]], graph.Metadata.InputCategories);
        foreach (string first in (string[])["red", "blue", "black"])
        {
            foreach (string second in (string[])["green", "blue", "black", "white"])
            {
                float[] codes = [Code(graph, 0, first), Code(graph, 1, second)];
                float[] hot = [.. colours.Select(colour => colour == first ? 1f : 0f), .. colours.Select(colour => colour == second ? 1f : 0f)];
                Assert.Equal([.. hot, second == "blue" ? 2.5f : second == "black" ? -3f : 0.25f], ModelFolder.Run(graph, codes));
            }
        }
    }

    [Fact]
    public void A_mapper_gives_each_text_its_number()
    {
        byte[] model = new ModelBuilder().Input("x", OnnxElementType.Text, 1, 2).Node("ai.onnx.ml.CategoryMapper", ["x"], ["y"], A("cats_strings", colours), A("cats_int64s", new[] { 5, -2, 9 }), A("default_int64", 77)).Output("y", OnnxElementType.Int64).Build();
        Graph graph = OnnxImporter.Import(model, "m.onnx");
        foreach (string text in (string[])[.. colours, "pink"])
        {
            Assert.Equal(Peer(model, ("x", new[] { text, "blue" })), ModelFolder.Run(graph, Code(graph, 0, text), Code(graph, 1, "blue")));
        }
    }

    [Fact]
    public void A_text_that_an_encoder_must_know_gives_no_number()
    {
        byte[] model = new ModelBuilder().Input("x", OnnxElementType.Text, 1, 1).Node("ai.onnx.ml.OneHotEncoder", ["x"], ["y"], A("cats_strings", sizes), A("zeros", 0)).Output("y").Build();
        Graph graph = OnnxImporter.Import(model, "m.onnx");
        Assert.Equal(Peer(model, ("x", new[] { "large" })), ModelFolder.Run(graph, 1f));
        Assert.All(ModelFolder.Run(graph, 2f), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData("Add", "takes text, which is not supported")]
    [InlineData("Equal", "takes text, which is not supported")]
    [InlineData("Identity", "is not a tensor of numbers, and no OneHotEncoder")]
    public void Text_that_is_not_encoded_is_refused(string type, string problem)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxElementType.Text, 1, 1).Node(type, type == "Identity" ? ["x"] : ["x", "x"], ["y"]).Output("y").Build();
        Assert.Contains(problem, Assert.Throws<InputException>(() => OnnxImporter.Import(model, "m.onnx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoders_of_the_other_kind_are_refused()
    {
        Refused("has numbers as categories but its input is text", "OneHotEncoder", A("cats_int64s", new[] { 1 }));
        Refused("is missing its categories", "OneHotEncoder");
        Refused("maps numbers, but its input is text", "LabelEncoder", A("keys_int64s", new[] { 1 }), A("values_int64s", new[] { 1 }));
        Refused("maps text to text, which is not supported; expected numbers as values", "LabelEncoder", A("keys_strings", sizes), A("values_strings", sizes));
        Refused("has 2 keys but 1 values", "LabelEncoder", A("keys_strings", sizes), A("values_int64s", new[] { 1 }));
        Refused("has 2 keys but 1 values", "CategoryMapper", A("cats_strings", sizes), A("cats_int64s", new[] { 1 }));
        byte[] numbers = new ModelBuilder().Input("x", 1, 1).Node("ai.onnx.ml.CategoryMapper", ["x"], ["y"], A("cats_strings", sizes), A("cats_int64s", new[] { 1, 2 })).Output("y").Build();
        Assert.Contains("maps numbers to text, which is not supported", Assert.Throws<InputException>(() => OnnxImporter.Import(numbers, "m.onnx")).Message, StringComparison.Ordinal);
    }

    private static void Refused(string problem, string type, params CaseAttribute[] attributes)
    {
        byte[] model = new ModelBuilder().Input("x", OnnxElementType.Text, 1, 1).Node("ai.onnx.ml." + type, ["x"], ["y"], attributes).Output("y").Build();
        Assert.Contains(problem, Assert.Throws<InputException>(() => OnnxImporter.Import(model, "m.onnx")).Message, StringComparison.Ordinal);
    }

    // Its place in the list, or the place after the last.
    private static float Code(Graph graph, int input, string text)
    {
        List<string> texts = [.. graph.Metadata.InputCategories[input]];
        return texts.IndexOf(text) is >= 0 and var place ? place : texts.Count;
    }

    private static float[] Peer(byte[] model, params (string Name, Array Values)[] inputs)
    {
        using var session = new InferenceSession(model);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([.. inputs.Select(input => input.Values is string[] texts
            ? NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<string>(texts, [1, texts.Length]))
            : NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>((float[])input.Values, [1, input.Values.Length])))]);
        return [.. results.SelectMany(result => result.Value is Tensor<long> integers ? integers.Select(value => (float)value) : result.AsEnumerable<float>())];
    }
}
