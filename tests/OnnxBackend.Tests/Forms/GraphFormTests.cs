using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using OnnxBackend.Tests.Operators;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Forms;

/// <summary>Graphs as files have them: functions, names, order, constants that are inputs too, and tensors chosen by name.</summary>
public class GraphFormTests
{
    private static readonly float[] row = [-1.5f, 2f, -0.25f];

    [Fact]
    public void A_function_has_the_attributes_of_its_call_or_its_defaults()
    {
        // own.Slope(a; slope = 0.5) = LeakyRelu(a, slope) + a; own.Twice calls it two times, once with its default.
        byte[] model = new ModelBuilder().Input("x", 1, 3)
            .Function(Function("Slope", ["a"], ["b"], ["slope"], [A("rest", 0.5)],
                Node("LeakyRelu", ["a"], ["t"], Reference("alpha", "slope", 1)), OperatorCase.Node("Add", ["t", "a"], ["b"])))
            .Function(Function("Rest", ["a"], ["b"], [], [A("rest", 0.5)],
                Node("LeakyRelu", ["a"], ["t"], Reference("alpha", "rest", 1)), OperatorCase.Node("Add", ["t", "a"], ["b"])))
            .Function(Function("Twice", ["a"], ["b"], [], [],
                OperatorCase.Node("own.Slope", ["a"], ["t"], A("slope", 0.25)), OperatorCase.Node("own.Rest", ["t"], ["b"])))
            .Node("own.Twice", ["x"], ["p"]).Node("own.Twice", ["p"], ["q"]).Node("own.Slope", ["q"], ["r"], A("slope", -0.5)).Node("own.Rest", ["r"], ["y"], A("rest", 0.75))
            .Output("y").Build();
        SameAsPeer(model);
    }

    [Fact]
    public void An_attribute_that_neither_call_nor_function_gives_is_the_operators_default()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3)
            .Function(Function("Slope", ["a"], ["b"], ["slope"], [], Node("LeakyRelu", ["a"], ["b"], Reference("alpha", "slope", 1))))
            .Node("own.Slope", ["x"], ["y"]).Output("y").Build();
        Assert.Equal([-0.015f, 2f, -0.0025f], Run(model), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void Functions_may_call_functions(int depth)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 3);
        for (int i = 0; i < depth; i++)
        {
            builder.Function(Function($"F{i}", ["a"], ["b"], [], [],
                i + 1 < depth ? OperatorCase.Node($"own.F{i + 1}", ["a"], ["t"]) : OperatorCase.Node("Neg", ["a"], ["t"]), OperatorCase.Node("Add", ["t", "a"], ["u"]), OperatorCase.Node("Sub", ["u", "t"], ["v"]), OperatorCase.Node("Add", ["v", "t"], ["b"])));
        }

        SameAsPeer(builder.Node("own.F0", ["x"], ["y"]).Output("y").Build());
    }

    [Fact]
    public void A_branch_of_a_function_has_the_names_around_it()
    {
        OnnxBytes Branch(string type) => new OnnxBytes().Message(1, OperatorCase.Node(type, ["a"], ["t"])).Text(2, "branch").Message(12, new OnnxBytes().Text(1, "t"));
        byte[] model = new ModelBuilder().Input("x", 1, 3).Constant("yes", Const(OnnxElementType.Bool, [1]))
            .Function(Function("F", ["a", "c"], ["b"], [], [], OperatorCase.Node("If", ["c"], ["b"], A("then_branch", Branch("Neg")), A("else_branch", Branch("Exp")))))
            .Node("own.F", ["x", "yes"], ["p"]).Node("own.F", ["p", "yes"], ["y"]).Output("y").Build();
        SameAsPeer(model);
    }

    [Fact]
    public void Too_many_tensors_for_a_function_are_refused() =>
        Refused("passes more tensors than its function takes", new ModelBuilder().Input("x", 1, 3)
            .Function(Function("F", ["a"], ["b"], [], [], OperatorCase.Node("Neg", ["a"], ["b"]))).Node("own.F", ["x", "x"], ["y"]).Output("y").Build());

    [Fact]
    public void The_order_of_nodes_is_that_of_their_tensors()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3).Node("Neg", ["b"], ["y"]).Node("Exp", ["a"], ["b"]).Node("Abs", ["x"], ["a"]).Output("y").Build();
        Assert.Equal(row.Select(value => -MathF.Exp(MathF.Abs(value))), Run(model), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Graphs_that_are_none_are_refused()
    {
        Refused("the nodes form a cycle through", new ModelBuilder().Input("x", 1, 3).Node("Add", ["x", "b"], ["a"]).Node("Neg", ["a"], ["b"]).Node("Neg", ["b"], ["y"]).Output("y").Build());
        Refused("the tensor 'a' is produced twice", new ModelBuilder().Input("x", 1, 3).Node("Neg", ["x"], ["a"]).Node("Exp", ["x"], ["a"]).Node("Neg", ["a"], ["y"]).Output("y").Build());
        Refused("has no output", new ModelBuilder().Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Build());
        Refused("has no input", new ModelBuilder().Constant("w", C(3)).Node("Neg", ["w"], ["y"]).Output("y").Build());
        Refused("has two inputs named 'x'", new ModelBuilder().Input("x", 1, 3).Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Output("y").Build());
        Refused("which does not exist", new ModelBuilder().Input("x", 1, 3).Node("Add", ["x", "none"], ["y"]).Output("y").Build());
        Refused("is missing input 1", new ModelBuilder().Input("x", 1, 3).Node("Add", ["x", ""], ["y"]).Output("y").Build());
        Refused("is not a tensor of numbers", new ModelBuilder().Input("x", OnnxElementType.Text, 1, 3).Node("Identity", ["x"], ["y"]).Output("y").Build());
        Refused("Cos3 (nodes 'the node of a', 'the node of y'); Other (node 'the node of b')", new ModelBuilder().Input("x", 1, 3).Node("Cos3", ["x"], ["a"]).Node("Other", ["a"], ["b"]).Node("Cos3", ["b"], ["y"]).Output("y").Build());
        Refused("has the attribute 'alpha' of kind Int, expected Float", new ModelBuilder().Input("x", 1, 3).Node("Elu", ["x"], ["y"], A("alpha", 1)).Output("y").Build());
        Refused("has the attribute 'axis' of kind Ints, expected Int", new ModelBuilder().Input("x", 1, 3).Node("Softmax", ["x"], ["y"], A("axis", new[] { 1 })).Output("y").Build());
        Refused("has the attribute 'axes' of kind Int, expected Ints", new ModelBuilder(11).Input("x", 1, 3).Node("Unsqueeze", ["x"], ["y"], A("axes", 1)).Output("y").Build());
        Refused("is missing the attribute 'to'", new ModelBuilder().Input("x", 1, 3).Node("Cast", ["x"], ["y"]).Output("y").Build());
        Refused("broadcasts as in opsets before 7", new ModelBuilder(6).Input("x", 1, 3).Constant("w", C(3)).Node("Add", ["x", "w"], ["y"], A("broadcast", 1)).Output("y").Build());
        Refused("needs one number as input 1", new ModelBuilder().Input("x", 1, 3).Constant("w", C(3)).Node("Clip", ["x", "w"], ["y"]).Output("y").Build());
    }

    [Fact]
    public void An_axis_counts_from_either_end()
    {
        for (int axis = -2; axis < 2; axis++)
        {
            SameAsPeer(new ModelBuilder().Input("x", 1, 3).Node("Softmax", ["x"], ["y"], A("axis", axis)).Output("y").Build());
        }

        Refused("has axis 2 on a tensor of 2 dimensions", new ModelBuilder().Input("x", 1, 3).Node("Softmax", ["x"], ["y"], A("axis", 2)).Output("y").Build());
        Refused("has axis -3 on a tensor of 2 dimensions", new ModelBuilder().Input("x", 1, 3).Node("Softmax", ["x"], ["y"], A("axis", -3)).Output("y").Build());
    }

    [Fact]
    public void A_constant_that_is_declared_as_an_input_is_none()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3).Input("w", 3).Constant("w", C(3)).Node("Mul", ["x", "w"], ["y"]).Output("y").Build();
        Assert.Equal("x", Assert.Single(OnnxImporter.Import(model, "m.onnx").Inputs).Name);
        SameAsPeer(model);
    }

    [Fact]
    public void An_input_that_nobody_reads_is_left_out()
    {
        byte[] model = new ModelBuilder().Input("unused", 1, 2).Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Output("y").Build();
        Assert.Equal("x", Assert.Single(OnnxImporter.Import(model, "m.onnx").Inputs).Name);
        Assert.Equal([1.5f, -2f, 0.25f], Run(model));
    }

    [Fact]
    public void Inputs_keep_the_order_of_the_file()
    {
        byte[] model = new ModelBuilder().Input("a", 1, 1).Input("b", 1, 2).Node("Concat", ["b", "a"], ["y"], A("axis", 1)).Output("y").Build();
        Assert.Equal([2f, -0.25f, -1.5f], Run(model));
        using var folder = new ModelFolder();
        Assert.Equal([-1.5f, 2f, -0.25f], ModelFolder.Run(folder.Import(model, new ImportOptions { Inputs = ["b", "a"] }), row));
    }

    [Fact]
    public void Tensors_within_the_graph_can_be_its_inputs_and_outputs()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3).Constant("w", C(3))
            .Node("Mul", ["x", "w"], ["a"]).Node("Neg", ["a"], ["b"]).Node("Exp", ["b"], ["y"]).Node("Abs", ["x"], ["z"]).Output("y").Output("z").Build();
        using var folder = new ModelFolder();
        Graph cut = folder.Import(model, new ImportOptions { Inputs = ["a"], Outputs = ["y"] });
        Assert.Equal("a", Assert.Single(cut.Inputs).Name);
        Assert.Equal(row.Select(value => MathF.Exp(-value)), ModelFolder.Run(cut, row), (p, q) => Math.Abs(p - q) < 1e-4);
        Assert.Equal(row.Select(MathF.Abs), ModelFolder.Run(folder.Import(model, new ImportOptions { Outputs = ["z"] }), row));
        Assert.Equal(2 * row.Length, ModelFolder.Run(folder.Import(model, new ImportOptions { Outputs = ["z", "b"] }), row).Length);
        foreach ((ImportOptions options, string sentence) in new (ImportOptions, string)[]
        {
            (new() { Inputs = ["a", "x"], Outputs = ["y"] }, "--inputs names 'x', which 'y' does not need"),
            (new() { Inputs = ["a"] }, "--inputs omits 'x', which the node 'the node of z' (Abs) needs"),
            (new() { Inputs = ["a", "a"], Outputs = ["y"] }, "--inputs names 'a' twice"),
            (new() { Outputs = ["y", "y"] }, "--outputs names 'y' twice"),
            (new() { Outputs = ["none"] }, "The model has no tensor 'none' to use as an output"),
            (new() { Inputs = ["none"], Outputs = ["y"] }, "The model has no tensor 'none' to use as an input"),
        })
        {
            Assert.Contains(sentence, Assert.Throws<InputException>(() => folder.Import(model, options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_output_that_no_input_reaches_is_left_out_and_said()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3).Constant("w", C(3)).Node("Neg", ["w"], ["fixed"]).Node("Abs", ["x"], ["y"]).Output("fixed").Output("y").Build();
        Graph graph = OnnxImporter.Import(model, "m.onnx");
        Assert.Equal("y", Assert.Single(graph.Outputs).Name);
        Assert.Contains(graph.Metadata.Notes, note => note.StartsWith("Left out the outputs 'fixed'", StringComparison.Ordinal));
        Assert.Equal(row.Select(MathF.Abs), ModelFolder.Run(graph, row));
    }

    [Theory]
    [InlineData(8, "'c7': they")]
    [InlineData(9, "'c7' and 1 more: they")]
    [InlineData(11, "'c7' and 3 more: they")]
    public void Of_many_outputs_that_are_left_out_eight_are_named(int count, string said)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 3).Constant("w", C(3)).Node("Abs", ["x"], ["y"]).Output("y");
        for (int i = 0; i < count; i++)
        {
            builder.Node("Neg", ["w"], [$"c{i}"]).Output($"c{i}");
        }

        Assert.Contains(OnnxImporter.Import(builder.Build(), "m.onnx").Metadata.Notes, note => note.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_branch_reaches_an_input_by_its_name()
    {
        OnnxBytes Branch(string type) => new OnnxBytes().Message(1, OperatorCase.Node(type, ["x"], ["t"])).Text(2, "branch").Message(12, new OnnxBytes().Text(1, "t"));
        byte[] model = new ModelBuilder().Input("x", 1, 3).Constant("yes", Const(OnnxElementType.Bool, [1])).Node("If", ["yes"], ["y"], A("then_branch", Branch("Neg")), A("else_branch", Branch("Exp"))).Node("Abs", ["x"], ["z"]).Output("y").Output("z").Build();
        Assert.Equal(["y", "z"], OnnxImporter.Import(model, "m.onnx").Outputs.Select(output => output.Name.Split('/')[^1] == "t" ? "y" : output.Name));
        Assert.Equal([1.5f, -2f, 0.25f, 1.5f, 2f, 0.25f], Run(model));
    }

    [Theory]
    [InlineData(1, 1, "a,b")]
    [InlineData(1, 2, "")]
    public void Inputs_of_one_number_each_name_the_features(int first, int second, string names)
    {
        byte[] model = new ModelBuilder().Input("a", 1, first).Input("b", 1, second).Node("Concat", ["a", "b"], ["y"], A("axis", 1)).Output("y").Build();
        Assert.Equal(names, string.Join(',', OnnxImporter.Import(model, "m.onnx").Metadata.InputNames));
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    [InlineData(7, 7)]
    public void The_name_of_the_producer_is_at_most_100_characters(int given, int kept)
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Output("y").Build(new string('p', given));
        Assert.Equal(kept, OnnxImporter.Import(model, "m.onnx").Metadata.SourceProducer.Length);
    }

    // As ML.NET writes them: a column is repeated as NAME.output.
    [Theory]
    [InlineData("x.output,Score.output", "Score.output")]
    [InlineData("x.output,Score.output,Probability.output", "Probability.output")]
    [InlineData("Score.output,other", "Score.output")]
    [InlineData("PredictedLabel.output,x.output,y.output", "PredictedLabel.output,y.output")]
    [InlineData("x.output,y.output", "x.output,y.output")]
    public void Outputs_of_MlNet_are_its_results(string outputs, string kept)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 3);
        foreach (string output in outputs.Split(','))
        {
            builder.Node("Sigmoid", ["x"], [output]).Output(output);
        }

        Assert.Equal(kept, string.Join(',', OnnxImporter.Import(builder.Build(), "m.onnx").Outputs.Select(output => output.Name)));
    }

    [Fact]
    public void The_standards_operators_have_two_spellings_of_their_domain() =>
        Assert.Equal([1.5f, -2f, 0.25f], Run(new ModelBuilder().Input("x", 1, 3).Node("ai.onnx.Neg", ["x"], ["y"]).Output("y").Build()));

    [Fact]
    public void An_attribute_that_does_not_say_its_kind_has_that_of_its_value()
    {
        // As before IR version 3.
        byte[] model = new ModelBuilder().Input("x", 1, 3)
            .Node(OperatorCase.Node("LeakyRelu", ["x"], ["a"]).Message(5, new OnnxBytes().Text(1, "alpha").Float(2, 0.5f)))
            .Node(OperatorCase.Node("Concat", ["a", "x"], ["b"]).Message(5, new OnnxBytes().Text(1, "axis").Integer(3, 1)))
            .Node(OperatorCase.Node("Transpose", ["b"], ["y"]).Message(5, new OnnxBytes().Text(1, "perm").Integer(8, 1).Integer(8, 0))).Output("y").Build();
        Assert.Equal([-0.75f, 2f, -0.125f, -1.5f, 2f, -0.25f], Run(model));
    }

    [Fact]
    public void A_constant_can_be_an_input_by_name()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 3).Input("w", 1, 3).Constant("w", C(1, 3)).Node("Sub", ["x", "w"], ["y"]).Output("y").Build();
        using var folder = new ModelFolder();
        Assert.Equal([1f, 2f, 3f], ModelFolder.Run(folder.Import(model, new ImportOptions { Inputs = ["x", "w"] }), 2, 4, 6, 1, 2, 3));
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused()
    {
        Assert.Contains("is empty", Assert.Throws<InputException>(() => OnnxImporter.Import([], "m.onnx")).Message, StringComparison.Ordinal);
        Assert.Contains("it has no graph", Assert.Throws<InputException>(() => OnnxImporter.Import(new OnnxBytes().Integer(1, 8).ToArray(), "m.onnx")).Message, StringComparison.Ordinal);
        byte[] whole = new ModelBuilder().Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Output("y").Build();
        Assert.Contains("damaged ONNX model", Assert.Throws<InputException>(() => OnnxImporter.Import(whole[..^1], "m.onnx")).Message, StringComparison.Ordinal);
        Assert.Contains("is not an ONNX model", Assert.Throws<InputException>(() => OnnxImporter.Import([0x47, 1, 2], "m.onnx")).Message, StringComparison.Ordinal);
    }

    private static OnnxBytes Function(string name, string[] inputs, string[] outputs, string[] attributes, CaseAttribute[] defaults, params OnnxBytes[] nodes)
    {
        OnnxBytes function = new OnnxBytes().Text(1, name);
        function = inputs.Aggregate(function, (message, input) => message.Text(4, input));
        function = outputs.Aggregate(function, (message, output) => message.Text(5, output));
        function = attributes.Aggregate(function, (message, attribute) => message.Text(6, attribute));
        function = nodes.Aggregate(function, (message, node) => message.Message(7, node));
        function.Message(9, new OnnxBytes().Text(1, "").Integer(2, 17)).Message(9, new OnnxBytes().Text(1, "own").Integer(2, 1)).Text(10, "own");
        return defaults.Aggregate(function, (message, attribute) => message.Message(11, attribute.Write()));
    }

    private static OnnxBytes Node(string type, string[] inputs, string[] outputs, OnnxBytes attribute) => OperatorCase.Node(type, inputs, outputs).Message(5, attribute);

    private static OnnxBytes Reference(string name, string of, int kind) => new OnnxBytes().Text(1, name).Integer(20, kind).Text(21, of);

    private static float[] Run(byte[] model) => ModelFolder.Run(OnnxImporter.Import(model, "m.onnx"), row);

    private static void SameAsPeer(byte[] model)
    {
        using var folder = new ModelFolder();
        Assert.Equal(ModelFolder.Peer(folder.Write(model), [1, 3], row), Run(model), (a, b) => Math.Abs(a - b) <= 1e-5f * Math.Max(1, Math.Abs(a)));
    }

    private static void Refused(string sentence, byte[] model) => Assert.Contains(sentence, Assert.Throws<InputException>(() => OnnxImporter.Import(model, "m.onnx")).Message, StringComparison.Ordinal);
}
