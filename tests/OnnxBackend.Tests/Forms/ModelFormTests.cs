using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Onnx;
using OnnxBackend.Tests.Operators;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Forms;

/// <summary>What a model says beside its nodes: operator sets, constants that are no numbers, sparse ones, overloads, what a label's rule finds.</summary>
public class ModelFormTests
{
    // Softmax takes all axes from the second on before opset 13, and the last one since.
    [Theory]
    [InlineData("", 12, 12)]
    [InlineData("", 13, 4)]
    [InlineData("ai.onnx", 12, 12)]
    [InlineData("ai.onnx", 13, 4)]
    public void The_operator_set_has_two_spellings(string domain, int version, int together)
    {
        byte[] model = new OnnxBytes().Integer(1, 8).Message(7, new OnnxBytes().Message(1, OperatorCase.Node("Softmax", ["x"], ["y"]))
            .Message(11, OperatorCase.Info("x", OnnxElementType.Float32, [1, 3, 4])).Message(12, new OnnxBytes().Text(1, "y")))
            .Message(8, new OnnxBytes().Text(1, domain).Integer(2, version)).Message(8, new OnnxBytes().Text(1, "other").Integer(2, 1)).ToArray();
        float[] results = ModelFolder.Run(OnnxImporter.Import(model, "m.onnx"), new float[12]);
        Assert.All(results, value => Assert.Equal(1f / together, value, 1e-6f));
    }

    [Fact]
    public void Two_functions_of_a_name_are_told_apart_by_their_overload()
    {
        OnnxBytes Function(string overload, string type) => new OnnxBytes().Text(1, "F").Text(4, "a").Text(5, "b").Message(7, OperatorCase.Node(type, ["a"], ["b"])).Message(9, new OnnxBytes().Text(1, "").Integer(2, 17)).Text(10, "own").Text(13, overload);
        byte[] model = new ModelBuilder().Input("x", 1, 3).Function(Function("", "Neg")).Function(Function("other", "Abs"))
            .Node(OperatorCase.Node("own.F", ["x"], ["p"])).Node(OperatorCase.Node("own.F", ["p"], ["y"]).Text(8, "other")).Output("y").Output("p").Build();
        Assert.Equal([1.5f, 2f, 0.25f, 1.5f, -2f, 0.25f], ModelFolder.Run(OnnxImporter.Import(model, "m.onnx"), -1.5f, 2f, -0.25f));
    }

    [Theory]
    [InlineData(1 << 23, 0, false)]
    [InlineData((1 << 23) + 1, 0, true)]
    [InlineData(1 << 22, 1 << 22, false)]
    [InlineData(1 << 22, (1 << 22) + 1, true)]
    public void Sparse_tensors_have_so_many_elements_together(int first, int second, bool refused)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1).Constant("zero", Ints(0)).Sparse(Sparse("a", first)).Node("Gather", ["a", "zero"], ["p"]).Node("Add", ["x", "p"], ["y"]).Output("y");
        if (second > 0)
        {
            builder.Sparse(Sparse("b", second)).Node("Gather", ["b", "zero"], ["q"]).Node("Add", ["x", "q"], ["z"]).Output("z");
        }

        Exception? exception = Record.Exception(() => OnnxImporter.Import(builder.Build(), "m.onnx"));
        Assert.Equal(refused, exception?.Message.Contains("have more than 8,388,608 elements, zeros included", StringComparison.Ordinal) == true);
        Assert.Equal(refused, exception is not null);
    }

    // Where a constant that is no finite number can be meant, and where it cannot.
    [Theory]
    [InlineData("Add", double.PositiveInfinity, true)]
    [InlineData("Add", double.NegativeInfinity, false)]
    [InlineData("Add", double.NaN, true)]
    [InlineData("Sub", double.PositiveInfinity, false)]
    [InlineData("Sub", double.NegativeInfinity, true)]
    [InlineData("Mul", double.PositiveInfinity, true)]
    [InlineData("Mul", double.NaN, true)]
    [InlineData("Div", double.PositiveInfinity, true)]
    [InlineData("Max", double.NegativeInfinity, false)]
    [InlineData("Min", double.NaN, true)]
    [InlineData("Less", double.PositiveInfinity, false)]
    [InlineData("Less", double.NaN, false)]
    [InlineData("LessOrEqual", double.NaN, false)]
    [InlineData("Equal", double.NaN, false)]
    [InlineData("Pow", double.NaN, true)]
    [InlineData("MatMul", double.PositiveInfinity, true)]
    [InlineData("MatMul", double.NegativeInfinity, true)]
    [InlineData("MatMul", double.NaN, true)]
    [InlineData("Where", double.NaN, false)]
    [InlineData("Where", double.NegativeInfinity, false)]
    [InlineData("Concat", double.NegativeInfinity, false)]
    [InlineData("Concat", double.NaN, true)]
    public void A_constant_that_is_no_number_is_refused_where_it_cannot_be_meant(string type, double value, bool refused)
    {
        using var folder = new ModelFolder();
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 2).Constant("w", type == "MatMul" ? Const([1, 2, value, 3], 2, 2) : Const([1, value], 1, 2));
        byte[] model = (type switch
        {
            "Where" => builder.Constant("c", Const([0.5])).Node("Less", ["x", "c"], ["b"]).Node("Where", ["b", "x", "w"], ["y"]),
            "Concat" => builder.Node("Concat", ["x", "w"], ["y"], A("axis", 1)),
            _ => builder.Node(type, ["x", "w"], ["y"]),
        }).Output("y").Build();
        Exception? exception = Record.Exception(() => folder.Import(model));
        Assert.Equal(refused, exception is not null);
        if (refused)
        {
            string what = double.IsNaN(value) ? "NaN" : "infinite";
            Assert.Contains($"is {what} at element", exception!.Message, StringComparison.Ordinal);
            Assert.Contains("train or export the model again", exception.Message, StringComparison.Ordinal);
        }
    }

    // A node of a tree may compare with what is no number; a leaf must give one.
    [Theory]
    [InlineData(double.PositiveInfinity, 1, false)]
    [InlineData(double.NaN, 1, false)]
    [InlineData(0.5, double.PositiveInfinity, true)]
    [InlineData(0.5, double.NaN, true)]
    public void Thresholds_may_be_no_numbers_and_leaves_may_not(double threshold, double weight, bool refused)
    {
        using var folder = new ModelFolder();
        byte[] model = new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.TreeEnsembleRegressor", ["x"], ["y"],
            A("nodes_treeids", new[] { 0, 0, 0 }), A("nodes_nodeids", new[] { 0, 1, 2 }), A("nodes_featureids", new[] { 0, 0, 0 }), A("nodes_values", new[] { (float)threshold, 0f, 0f }),
            A("nodes_modes", new[] { "BRANCH_LEQ", "LEAF", "LEAF" }), A("nodes_truenodeids", new[] { 1, 0, 0 }), A("nodes_falsenodeids", new[] { 2, 0, 0 }),
            A("target_treeids", new[] { 0, 0 }), A("target_nodeids", new[] { 1, 2 }), A("target_ids", new[] { 0, 0 }), A("target_weights", new[] { (float)weight, 2f }), A("n_targets", 1)).Output("y").Build();
        Assert.Equal(refused, Record.Exception(() => folder.Import(model)) is InputException);
    }

    [Theory]
    [InlineData("m.edge", "is already exported; give the trained model that it came from")]
    [InlineData("m.EDGE", "is already exported; give the trained model that it came from")]
    [InlineData("m.pt", "has the extension '.pt', which cannot be imported; export the model from PyTorch with ")]
    [InlineData("m", "has the extension '', which cannot be imported; supported are ")]
    public void A_file_of_another_kind_is_refused_by_its_ending(string name, string said)
    {
        using var folder = new ModelFolder();
        string path = folder.Write([1, 2, 3], name);
        Assert.Contains(said, Assert.Throws<InputException>(() => ModelImporter.Import(path, new ImportOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("not found; check the path", Assert.Throws<InputException>(() => ModelImporter.Import(path + "x", new ImportOptions())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m.onnx")]
    [InlineData("m.ONNX")]
    public void The_ending_of_a_file_is_read_in_either_case(string name)
    {
        using var folder = new ModelFolder();
        string path = folder.Write(new ModelBuilder().Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Output("y").Build(), name);
        Assert.Equal("m", ModelImporter.Import(path, new ImportOptions()).Metadata.Name);
    }

    [Theory]
    [InlineData("m.tflite")]
    [InlineData("m.keras")]
    [InlineData("m.h5")]
    [InlineData("m.npz")]
    [InlineData("m.safetensors")]
    public void Only_Onnx_models_have_open_dimensions(string name)
    {
        using var folder = new ModelFolder();
        string path = folder.Write([1, 2, 3], name);
        foreach (ImportOptions options in (ImportOptions[])[new ImportOptions { Batch = 2 }, new ImportOptions { Dimensions = new Dictionary<string, int> { ["N"] = 2 } }])
        {
            Assert.Contains("has no open dimensions: --dim and --batch are for ONNX models", Assert.Throws<InputException>(() => ModelImporter.Import(path, options)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("m.onnx")]
    [InlineData("m.tflite")]
    [InlineData("m.keras")]
    public void A_file_that_has_its_layers_takes_no_others(string name)
    {
        using var folder = new ModelFolder();
        string path = folder.Write([1, 2, 3], name);
        Assert.Contains("already describes its layers; omit --layers", Assert.Throws<InputException>(() => ModelImporter.Import(path, new ImportOptions { Layers = "layers.json" })).Message, StringComparison.Ordinal);
    }

    private static OnnxBytes Sparse(string name, int size) => new OnnxBytes()
        .Message(1, new OnnxBytes().Integer(1, 1).Integer(2, 1).Float(4, 7).Text(8, name))
        .Message(2, new OnnxBytes().Integer(1, 1).Integer(2, 7).Integer(7, 0)).Integer(3, size);
}
