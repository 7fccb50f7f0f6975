using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>
/// What stands between DequantizeLinear and QuantizeLinear becomes one int8 operator: its results are those of ONNX Runtime, at the most
/// one step of the output's scale apart, and mostly the same.
/// </summary>
public class QdqTests
{
    private const OnnxElementType S8 = OnnxElementType.Int8;
    private const OnnxElementType U8 = OnnxElementType.UInt8;

    // Nodes between the real tensors a (and b) and the real tensor r; constants are inputs of the graph from position 2 on.
    private sealed record Pattern(int[] Shape, (string Operator, string[] Inputs, string[] Outputs, CaseAttribute[] Attributes)[] Nodes, CaseTensor[] Constants)
    {
        // Scale and zero point of the output.
        internal double Scale { get; init; } = 0.0471;

        internal double Zero { get; init; } = 3;

        internal double InputScale { get; init; } = 0.0237;

        internal bool IsUnsigned { get; init; }

        internal int Steps { get; init; } = 1;
    }

    private static readonly Dictionary<string, Pattern> patterns = new()
    {
        ["conv"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3), Op("Conv", ["a", "w", "bias"], A("pads", new[] { 1, 1, 1, 1 }))),
        ["conv without bias"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3), Op("Conv", ["a", "w"], A("strides", new[] { 2, 2 }))),
        ["conv and relu"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3), ("Conv", ["a", "w", "bias"], ["t"], []), ("Relu", ["t"], ["r"], [])),
        ["conv and clip"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3), ("Conv", ["a", "w", "bias"], ["t"], []), ("Clip", ["t", "low", "high"], ["r"], [])),
        ["conv and relu6"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3), ("Conv", ["a", "w", "bias"], ["t"], []), ("Clip", ["t", "zero", "six"], ["r"], [])) with { Scale = 0.031, Zero = -128 },
        ["conv over one axis"] = Of([1, 2, 9], Weights(3, 2, 3), Op("Conv", ["a", "w", "bias"], A("dilations", new[] { 2 }))),
        ["depthwise conv"] = Of([1, 3, 5, 5], Weights(3, 1, 3, 3), Op("Conv", ["a", "w", "bias"], A("group", 3))),
        ["conv with scales of its own"] = Of([1, 2, 5, 5], PerUnit(0, 3, 2, 3, 3), Op("Conv", ["a", "w", "bias"])),
        ["conv of weights beside zero"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3) with { ZeroPoints = [5] }, Op("Conv", ["a", "w", "bias"])),
        ["conv of uint8 weights"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3) with { Type = U8, ZeroPoints = [128] }, Op("Conv", ["a", "w", "bias"])),
        ["transposed conv"] = Of([1, 2, 4, 4], Weights(2, 3, 3, 3), Op("ConvTranspose", ["a", "w", "bias"], A("strides", new[] { 2, 2 }))),
        ["transposed conv in groups"] = Of([1, 4, 4, 4], PerUnit(1, 4, 2, 3, 3), Op("ConvTranspose", ["a", "w"], A("strides", new[] { 2, 2 }), A("group", 2))),
        ["gemm"] = Of([2, 4], Weights(4, 3), Op("Gemm", ["a", "w", "bias"])),
        ["gemm turned"] = Of([2, 4], Weights(3, 4), Op("Gemm", ["a", "w", "bias"], A("transB", 1))),
        ["gemm with scales of its own"] = Of([2, 4], PerUnit(1, 4, 3), Op("Gemm", ["a", "w", "bias"])),
        ["gemm with scales of its own, of axis 1 as where none is named"] = Of([2, 4], PerUnit(1, 4, 3) with { Axis = null }, Op("Gemm", ["a", "w", "bias"])),
        ["gemm turned with scales of its own"] = Of([2, 4], PerUnit(0, 3, 4), Op("Gemm", ["a", "w", "bias"], A("transB", 1))),
        ["gemm with one number"] = Of([2, 4], Weights(4, 3), Op("Gemm", ["a", "w", "half"])),
        ["gemm with a column"] = Of([3, 4], Weights(4, 3), Op("Gemm", ["a", "w", "column"])),
        ["gemm times alpha"] = Of([2, 4], Weights(4, 3), Op("Gemm", ["a", "w", "bias"], A("alpha", 0.5))),
        ["gemm and beta"] = Of([2, 4], Weights(4, 3), Op("Gemm", ["a", "w", "bias"], A("beta", 2.0))),
        ["gemm of a turned"] = Of([4, 4], Weights(4, 3), Op("Gemm", ["a", "w", "bias"], A("transA", 1))),
        ["matmul"] = Of([2, 4], Weights(4, 3), Op("MatMul", ["a", "w"])),
        ["matmul and add"] = Of([2, 4], Weights(4, 3), ("MatMul", ["a", "w"], ["t"], []), ("Add", ["t", "bias"], ["r"], [])),
        ["add and matmul"] = Of([2, 4], Weights(4, 3), ("MatMul", ["a", "w"], ["t"], []), ("Add", ["bias", "t"], ["r"], [])),
        ["matmul, add and relu"] = Of([2, 4], Weights(4, 3), ("MatMul", ["a", "w"], ["t"], []), ("Add", ["t", "bias"], ["u"], []), ("Relu", ["u"], ["r"], [])),
        ["matmul of three axes"] = Of([2, 3, 4], Weights(4, 3), Op("MatMul", ["a", "w"])),
        ["matmul of turned weights"] = Of([2, 4], Weights(3, 4), ("Transpose", ["w"], ["t"], [A("perm", new[] { 1, 0 })]), ("MatMul", ["a", "t"], ["r"], [])),
        ["matmul of turned weights with scales of their own"] = Of([2, 4], PerUnit(0, 3, 4), ("Transpose", ["w"], ["t"], []), ("MatMul", ["a", "t"], ["r"], [])),
        ["add"] = Of([2, 3, 4], Op("Add", ["a", "b"])),
        ["sub"] = Of([2, 3, 4], Op("Sub", ["a", "b"])),
        ["sub turned"] = Of([2, 3, 4], Op("Sub", ["b", "a"])),
        ["mul"] = Of([2, 3, 4], Op("Mul", ["a", "b"])),
        ["add and relu, one after the other"] = Of([2, 3, 4], ("Add", ["a", "b"], ["t"], []), ("Relu", ["t"], ["r"], [])),
        ["add of weights"] = Of([2, 4], Weights(4), Op("Add", ["a", "w"])),
        ["add a number"] = Of([2, 6], Op("Add", ["half", "a"])),
        ["less a number"] = Of([2, 6], Op("Sub", ["a", "half"])),
        ["a number less"] = Of([2, 6], Op("Sub", ["half", "a"])),
        ["times a number"] = Of([2, 6], Op("Mul", ["a", "half"])),
        ["by a number"] = Of([2, 6], Op("Div", ["a", "three"])),
        ["a number by"] = Of([2, 6], ("Max", ["a", "half"], ["t"], []), ("Div", ["half", "t"], ["r"], [])),
        ["at the most"] = Of([2, 6], Op("Min", ["a", "half"])),
        ["at the least"] = Of([2, 6], Op("Max", ["half", "a"])),
        ["sigmoid"] = Of([2, 6], Op("Sigmoid", ["a"])) with { Scale = 1 / 256.0, Zero = -128 },
        ["tanh"] = Of([2, 6], Op("Tanh", ["a"])) with { Scale = 1 / 128.0, Zero = 0 },
        ["leaky relu"] = Of([2, 6], Op("LeakyRelu", ["a"], A("alpha", 0.2))),
        ["clip"] = Of([2, 6], Op("Clip", ["a", "low", "high"])),
        ["softmax"] = Of([3, 5], Op("Softmax", ["a"], A("axis", -1))) with { Scale = 1 / 256.0, Zero = -128 },
        ["softmax of columns"] = Of([5, 3], Op("Softmax", ["a"], A("axis", 0))) with { Scale = 1 / 256.0, Zero = -128 },
        ["prelu"] = Of([1, 3, 4, 4], Op("PRelu", ["a", "slopes"])),
        ["global mean"] = Of([1, 3, 4, 5], Op("GlobalAveragePool", ["a"])),
        ["mean of an axis"] = Of([2, 3, 5], Op("ReduceMean", ["a"], A("axes", new[] { 1 }), A("keepdims", 0))),
        ["mean of axes"] = Of([2, 3, 5], Op("ReduceMean", ["a"], A("axes", new[] { 0, -1 }))),
        ["sum"] = Of([2, 3, 5], Op("ReduceSum", ["a", "second"], A("keepdims", 0))) with { Scale = 0.1471 },
        ["average at its scale"] = Of([1, 2, 6, 6], Op("AveragePool", ["a"], A("kernel_shape", new[] { 2, 3 }), A("strides", new[] { 2, 1 }))) with { Scale = 0.0237, Zero = 3 },
        ["average at another"] = Of([1, 2, 6, 6], Op("AveragePool", ["a"], A("kernel_shape", new[] { 2, 3 }), A("strides", new[] { 2, 1 }))),
        ["average with pads"] = Of([1, 2, 6, 6], Op("AveragePool", ["a"], A("kernel_shape", new[] { 3, 3 }), A("pads", new[] { 1, 1, 1, 1 }))),
        ["average that counts pads"] = Of([1, 2, 6, 6], Op("AveragePool", ["a"], A("kernel_shape", new[] { 3, 3 }), A("pads", new[] { 1, 1, 1, 1 }), A("count_include_pad", 1))),
        ["average of all but some"] = Of([1, 2, 7, 6], Op("AveragePool", ["a"], A("kernel_shape", new[] { 3, 3 }), A("strides", new[] { 3, 3 }), A("ceil_mode", 1))),
        ["joined"] = Of([2, 3, 4], Op("Concat", ["a", "b"], A("axis", 1))),
        ["joined with a constant"] = Of([2, 3, 4], Op("Concat", ["a", "row"], A("axis", -2))),
        ["turned"] = Of([2, 3, 4], Op("Transpose", ["a"], A("perm", new[] { 2, 0, 1 }))),
        ["turned at its scale about another zero"] = Of([2, 3, 4], Op("Transpose", ["a"], A("perm", new[] { 2, 0, 1 }))) with { Scale = 0.0237, Zero = 20 },
        ["add of uint8 weights"] = Of([2, 4], Weights(4) with { Type = U8, ZeroPoints = [128] }, Op("Add", ["a", "w"])),
        ["mean and relu"] = Of([1, 3, 4, 5], ("GlobalAveragePool", ["a"], ["t"], []), ("Relu", ["t"], ["r"], [])) with { Scale = 0.0113 },
        ["mean and clip"] = Of([2, 3, 5], ("ReduceMean", ["a"], ["t"], [A("axes", new[] { 1 })]), ("Clip", ["t", "", "ten"], ["r"], [])) with { Scale = 0.0213 },
        ["average and relu"] = Of([1, 2, 6, 6], ("AveragePool", ["a"], ["t"], [A("kernel_shape", new[] { 2, 3 })]), ("Relu", ["t"], ["r"], [])),
        ["prelu and relu"] = Of([1, 3, 4, 4], ("PRelu", ["a", "slopes"], ["t"], []), ("Relu", ["t"], ["r"], [])),
        ["matmul of scales along its rows"] = Of([2, 4], PerUnit(0, 4, 4), Op("MatMul", ["a", "w"])),
        ["gemm of zero points of its own"] = Of([2, 4], PerUnit(1, 4, 3) with { ZeroPoints = [1, -4, 7] }, Op("Gemm", ["a", "w", "bias"])),
        ["conv of zero points of its own"] = Of([1, 2, 5, 5], PerUnit(0, 3, 2, 3, 3) with { ZeroPoints = [1, -4, 7] }, Op("Conv", ["a", "w", "bias"])),
        ["conv with a bias beyond int32"] = Of([1, 2, 5, 5], Weights(3, 2, 3, 3), Op("Conv", ["a", "w", "huge"])),
        ["as many products as int32 holds"] = Of([1, 32768], Weights(32768, 2), Op("MatMul", ["a", "w"])) with { Scale = 2.171 },
        ["one product more"] = Of([1, 32769], Weights(32769, 2), Op("MatMul", ["a", "w"])) with { Scale = 2.171 },
        ["average that begins in the pad"] = Of([1, 2, 6, 6], Op("AveragePool", ["a"], A("kernel_shape", new[] { 3, 3 }), A("pads", new[] { 1, 1, 0, 0 }), A("strides", new[] { 3, 3 }))),
        ["largest"] = Of([1, 2, 6, 6], Op("MaxPool", ["a"], A("kernel_shape", new[] { 2, 2 }), A("pads", new[] { 1, 1, 0, 0 }))),
        ["padded"] = Of([2, 4], Op("Pad", ["a", "pads"])),
        ["padded by a number"] = Of([2, 4], Op("Pad", ["a", "pads", "half"])),
        ["padded by an integer"] = Of([2, 4], Op("Pad", ["a", "pads", "ten"])),
        ["sliced"] = Of([2, 6], Op("Slice", ["a", "from", "to", "second", "step"])),
        ["chosen"] = Of([4, 3], Op("Gather", ["a", "rows"])),
        ["split and added"] = Of([2, 6], ("Split", ["a", "halves"], ["p", "q"], [A("axis", 1)]), ("Add", ["p", "q"], ["r"], [])),
        ["matmul of weights that a transpose leaves"] = Of([2, 4], Weights(4, 3), ("Transpose", ["w"], ["t"], [A("perm", new[] { 0, 1 })]), ("MatMul", ["a", "t"], ["r"], [])),
        ["matmul and a bias of more axes"] = Of([2, 4], Weights(4, 3), ("MatMul", ["a", "w"], ["t"], []), ("Add", ["t", "wide"], ["r"], [])),
        ["add a number of more axes"] = Of([2, 6], Op("Add", ["a", "cube"])),
        ["gemm with scales of the last axis"] = Of([2, 4], PerUnit(1, 4, 3) with { Axis = -1 }, Op("Gemm", ["a", "w", "bias"])),
        ["conv with scales of an axis from the end"] = Of([1, 2, 5, 5], PerUnit(0, 3, 2, 3, 3) with { Axis = -4 }, Op("Conv", ["a", "w", "bias"])),
        ["average over three axes"] = Of([1, 2, 4, 4, 4], Op("AveragePool", ["a"], A("kernel_shape", new[] { 2, 2, 2 }))),
        ["global mean of three axes"] = Of([1, 2, 3, 2, 4], Op("GlobalAveragePool", ["a"])),
        ["global mean of one axis"] = Of([1, 2, 7], Op("GlobalAveragePool", ["a"])),
        ["average over one axis"] = Of([1, 2, 7], Op("AveragePool", ["a"], A("kernel_shape", new[] { 3 }))),
        ["average at its scale and relu"] = Of([1, 2, 6, 6], ("AveragePool", ["a"], ["t"], [A("kernel_shape", new[] { 2, 3 })]), ("Relu", ["t"], ["r"], [])) with { Scale = 0.0237, Zero = 3 },
        ["softmax and clip"] = Of([3, 5], ("Softmax", ["a"], ["t"], []), ("Clip", ["t", "", "ten"], ["r"], [])) with { Scale = 1 / 256.0, Zero = -128 },
        ["sum and relu"] = Of([2, 3, 5], ("ReduceSum", ["a", "second"], ["t"], []), ("Relu", ["t"], ["r"], [])) with { Scale = 0.1471 },
        ["matmul at the least scale"] = Of([2, 4], Weights(4, 3), Op("MatMul", ["a", "w"])) with { Scale = 2.6e-13 },
        ["matmul below the least scale"] = Of([2, 4], Weights(4, 3), Op("MatMul", ["a", "w"])) with { Scale = 2.4e-13 },
        ["largest of two"] = Of([2, 3, 4], Op("Max", ["a", "b"])),
        ["add to itself"] = Of([2, 3, 4], Op("Add", ["a", "a"])),
        ["add of a row"] = Of([2, 3, 4], ("Slice", ["b", "from1", "to1", "from1"], ["q"], []), ("Add", ["a", "q"], ["r"], [])),
        ["moved, then relu"] = Of([2, 3, 4], ("Reshape", ["a", "flat"], ["t"], []), ("Relu", ["t"], ["r"], [])),
    };

    public static TheoryData<string> Names => [.. patterns.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_results_are_those_of_OnnxRuntime(string name)
    {
        var faults = new List<string>();
        foreach (bool isUnsigned in new[] { false, true })
        {
            OperatorCase test = Model(patterns[name] with { IsUnsigned = isUnsigned });
            if (OperatorRun.Check(test) is { Length: > 0 } problem)
            {
                faults.Add($"{(isUnsigned ? "uint8" : "int8")}: {problem}");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    // What the int8 kernels have no form of: it is computed in float32, and rounded.
    private static readonly string[] real =
    [
        "gemm with a column", "gemm times alpha", "gemm and beta", "gemm of a turned", "a number by", "average with pads", "average and relu", "prelu and relu", "mean and relu", "mean and clip", "matmul of scales along its rows", "conv with a bias beyond int32", "one product more", "average that begins in the pad", "average of all but some", "padded by a number",
        "matmul and a bias of more axes", "add a number of more axes", "average over three axes", "average at its scale and relu", "softmax and clip", "sum and relu", "matmul below the least scale", "largest of two",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_runs_on_the_int8_kernels_where_they_have_its_form(string name)
    {
        foreach (bool isUnsigned in new[] { false, true })
        {
            Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(Model(patterns[name] with { IsUnsigned = isUnsigned }).Write(), "m.onnx"));
            Opcode[] moves = [Opcode.Quantize, Opcode.Dequantize, Opcode.Reshape, Opcode.Transpose];
            Node[] computing = [.. graph.Nodes.Where(node => !moves.Contains(node.Opcode))];
            bool isReal = computing.Any(node => node.Output.Type == TensorType.Float32);
            Assert.True(isReal == real.Contains(name), $"{string.Join(' ', computing.Select(node => $"{node.Opcode}:{node.Output.Type}"))}");
        }
    }

    // Each operator was converted by value and as int8: one of them is read.
    [Fact]
    public void What_nobody_reads_is_removed_and_the_precision_is_said()
    {
        Graph graph = OnnxImporter.Import(Model(patterns["conv"]).Write(), "m.onnx");
        Assert.DoesNotContain(graph.Nodes, node => node.Outputs.All(output => !graph.Outputs.Contains(output) && graph.Consumers(output).Count == 0));
        Assert.Single(graph.Nodes, node => node.Opcode == Opcode.Conv);
        Assert.Equal(Precision.Int8, graph.Metadata.Precision);
        Assert.Equal(Precision.Float32, OnnxImporter.Import(Case("Relu", X(2, 3)).Write(), "m.onnx").Metadata.Precision);
    }

    // The table is a constant, its rows are none.
    [Fact]
    public void Rows_of_a_table_of_integers_stay_integers()
    {
        double[] table = [.. Enumerable.Range(0, 20).Select(i => (double)(((i * 53) % 240) - 120))];
        OperatorCase test = Case("DequantizeLinear", [new CaseTensor(S8, [5, 4], table, true), Scalar(0.0113), Scalar(2, S8), In(OnnxElementType.Int64, [4, 0, 2]), Scalar(0.0471), Scalar(3, S8)]) with
        {
            OwnInputs = 3, Opset = 13, GraphOutputs = ["z"], Steps = 1, Step = 0.0471,
            More = [("Gather", ["y", "x3"], ["g"], []), ("QuantizeLinear", ["g", "x4", "x5"], ["q"], []), ("DequantizeLinear", ["q", "x4", "x5"], ["z"], [])],
        };
        Assert.Equal("", OperatorRun.Check(test));
        Assert.Contains(GraphOptimizer.Optimize(OnnxImporter.Import(test.Write(), "m.onnx")).Nodes, node => node.Opcode == Opcode.Gather && node.Output.Type == TensorType.Int8);
    }

    private static (string, string[], string[], CaseAttribute[]) Op(string type, string[] inputs, params CaseAttribute[] attributes) => (type, inputs, ["r"], attributes);

    private sealed record QuantizedWeights(int[] Shape, double[] Scales, double[] ZeroPoints, OnnxElementType Type, int? Axis);

    private static QuantizedWeights Weights(params int[] shape) => new(shape, [0.0113], [0], S8, 0);

    private static QuantizedWeights PerUnit(int axis, params int[] shape) => new(shape, [.. Enumerable.Range(1, shape[axis]).Select(i => 0.0041 * i)], new double[shape[axis]], S8, axis);

    private static Pattern Of(int[] shape, params (string, string[], string[], CaseAttribute[])[] nodes) => new(shape, nodes, []);

    private static Pattern Of(int[] shape, QuantizedWeights weights, params (string, string[], string[], CaseAttribute[])[] nodes)
    {
        double[] values = [.. Enumerable.Range(0, Count(weights.Shape)).Select(i => (double)(((i * 53) + 17) % 240)).Select(value => weights.Type == S8 ? value - 120 : value + 8)];
        int[] along = weights.Scales.Length == 1 ? [] : [weights.Scales.Length];
        CaseTensor scale = new(OnnxElementType.Float32, along, weights.Scales, true);
        CaseTensor zero = new(weights.Type, weights.ZeroPoints.Length == 1 ? [] : along, weights.ZeroPoints, true);
        return new Pattern(shape, [("DequantizeLinear", ["c0", "c1", "c2"], ["w"], weights.Axis is { } axis ? [A("axis", axis)] : []), .. nodes], [new CaseTensor(weights.Type, weights.Shape, values, true), scale, zero]);
    }

    // x and b → QuantizeLinear → DequantizeLinear → the pattern → QuantizeLinear → DequantizeLinear.
    internal static IEnumerable<OperatorCase> All() => patterns.SelectMany(pattern => new[] { false, true }.Select(isUnsigned => Model(pattern.Value with { IsUnsigned = isUnsigned }) with { Note = pattern.Key }));

    private static OperatorCase Model(Pattern pattern)
    {
        OnnxElementType type = pattern.IsUnsigned ? U8 : S8;
        double shift = pattern.IsUnsigned ? 128 : 0;
        (string Name, CaseTensor Tensor)[] constants =
        [
            ("bias", Const([0.7, -1.1, 0.3])), ("half", Scalar(0.5)), ("three", Scalar(3)), ("ten", Scalar(0.237)), ("huge", Const([1e6, -1e6, 2e6])), ("low", Scalar(-0.9)), ("high", Scalar(1.3)), ("zero", Scalar(0)), ("six", Scalar(6)),
            ("column", Const([0.7, -1.1, 0.3], 3, 1)), ("slopes", Const([0.2, -0.3, 0.6], 3, 1, 1)), ("second", Ints(1)), ("row", Const([.. Enumerable.Range(0, 8).Select(i => (i - 4) * 0.3)], 2, 1, 4)),
            ("pads", Ints(0, 1, 1, 2)), ("from", Ints(4)), ("to", Ints(-100)), ("step", Ints(-2)), ("rows", Ints(3, 0, -2)), ("halves", Ints(3, 3)), ("flat", Ints(4, -1)),
            ("wide", Const([0.7, -1.1, 0.3], 1, 1, 3)), ("cube", Const([0.5], 1, 1, 1)), ("from1", Ints(1)), ("to1", Ints(2)),
        ];
        HashSet<string> read = [.. pattern.Nodes.SelectMany(node => node.Inputs)];
        (string Name, CaseTensor Tensor)[] used = [.. constants.Where(constant => read.Contains(constant.Name)),
            .. pattern.Constants.Select((tensor, i) => ($"c{i}", tensor))];
        var inputs = new List<CaseTensor>
        {
            X(pattern.Shape), Scalar(pattern.InputScale), Scalar(3 + shift, type), X2(pattern.Shape), Scalar(0.0191), Scalar(-7 + shift, type), Scalar(pattern.Scale), Scalar(pattern.Zero + shift, type),
        };
        var names = new Dictionary<string, string>();
        foreach ((string name, CaseTensor tensor) in used)
        {
            names[name] = OperatorCase.InputName(inputs.Count);
            inputs.Add(tensor);
        }

        bool isTwo = read.Contains("b");
        if (!isTwo)
        {
            inputs[3] = inputs[4] = inputs[5] = None;
        }

        (string, string[], string[], CaseAttribute[])[] second = isTwo ? [("QuantizeLinear", ["x3", "x4", "x5"], ["bq"], []), ("DequantizeLinear", ["bq", "x4", "x5"], ["b"], [])] : [];
        return new OperatorCase("QuantizeLinear", [.. inputs])
        {
            OwnInputs = 3,
            Outputs = ["aq"],
            Opset = 13,
            GraphOutputs = ["y"],
            Steps = pattern.Steps,
            Step = pattern.Scale,
            More =
            [
                ("DequantizeLinear", ["aq", "x1", "x2"], ["a"], []),
                .. second,
                .. pattern.Nodes.Select(node => (node.Operator, Array.ConvertAll(node.Inputs, name => names.GetValueOrDefault(name, name)), node.Outputs, node.Attributes)),
                ("QuantizeLinear", ["r", "x6", "x7"], ["rq"], []),
                ("DequantizeLinear", ["rq", "x6", "x7"], ["y"], []),
            ],
        };
    }
}
