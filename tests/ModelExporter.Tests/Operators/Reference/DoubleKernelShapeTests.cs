using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Operators.Reference;

/// <summary>
/// The operators in double precision on several rows, channels, groups and sequences, where a wrong index shows: against the engine,
/// which shares no code with them.
/// </summary>
public class DoubleKernelShapeTests
{
    private static readonly Window one = new(1, 1, 1, 0, 0, 1);

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, (int[] Shape, Func<GraphBuilder, Value, Value> Model)> Cases { get; } = new()
    {
        ["dense, three axes"] = ([2, 2, 3], (b, x) => b.Dense(x, R(1, 4, 3), R(2, 4), node => node.WithActivation(DenseRule.Activation, ActivationKind.HardSigmoid, 0.3f, 0.4f))),
        ["matmul of batches, right one broadcast"] = ([2, 3, 2, 4], (b, x) => b.MatMul(x, R(1, 3, 4, 5))),
        ["matmul, left one broadcast"] = ([2, 4], (b, x) => b.MatMul(x, R(1, 3, 4, 5))),
        ["conv, two images and groups"] = ([2, 4, 5, 4], (b, x) => b.Conv(x, R(1, 6, 2, 3, 2), R(2, 6), new Window(2, 2, 1, 1, 0, 2), new Window(3, 1, 2, 2, 1, 4), 2, node => node.WithActivation(DenseRule.Activation, ActivationKind.ELU, 0.7f))),
        ["conv of one channel a group"] = ([2, 3, 3, 4], (b, x) => b.Conv(x, R(1, 4, 2, 2, 1), null, new Window(2, 1, 1, 0, 0, 2), new Window(2, 1, 1, 0, 1, 3), 4)),
        ["transposed conv, two images and groups"] = ([2, 2, 3, 4], (b, x) => b.ConvTranspose(x, R(1, 6, 3, 2, 2), R(2, 6), new Window(3, 2, 1, 1, 0, 4), new Window(2, 1, 2, 0, 1, 4), 2, node => node.WithActivation(DenseRule.Activation, ActivationKind.LeakyReLU, 0.2f))),
        ["max pool, two images and channels"] = ([2, 4, 5, 3], (b, x) => b.Pool(Opcode.MaxPool, x, new Window(2, 2, 1, 0, 0, 2), new Window(3, 1, 2, 1, 0, 2))),
        ["average pool, two images and channels"] = ([2, 4, 5, 3], (b, x) => b.Pool(Opcode.AveragePool, x, new Window(3, 2, 1, 1, 1, 2), new Window(2, 3, 2, 1, 1, 2))),
        ["average pool with its pads"] = ([2, 4, 5, 3], (b, x) => b.Pool(Opcode.AveragePool, x, new Window(3, 2, 1, 1, 0, 2), new Window(2, 3, 1, 0, 1, 2), countIncludePad: true)),
        ["slopes of channels"] = ([2, 2, 3], (b, x) => b.PReLU(x, C([0.5f, -1f, 2f], 3))),
        ["activation with both parameters"] = ([2, 3], (b, x) => b.Activation(ActivationKind.SELU, x, 1.5f, 0.8f)),
        ["softmax of rows"] = ([3, 4], (b, x) => b.Softmax(x, 1.5f)),
        ["logarithmic softmax of rows"] = ([3, 4], (b, x) => b.LogSoftmax(x)),
        ["layer normalisation over two of three axes"] = ([2, 3, 4], (b, x) => b.LayerNormalization(x, 2, 0.1f, R(1, 3, 4), R(2, 3, 4))),
        ["local response over rows, even"] = ([2, 2, 5], (b, x) => b.LRN(x, 4, 0.5f, 0.75f, 2f)),
        ["broadcast both ways"] = ([2, 1, 3], (b, x) => b.Arithmetic(Opcode.Sub, x, R(1, 4, 1))),
        ["broadcast of the left"] = ([3, 1], (b, x) => b.Arithmetic(Opcode.Div, R(1, 2, 1, 4), b.Activation(ActivationKind.Softplus, x))),
        ["where of three shapes"] = ([2, 1, 3], (b, x) => b.Where(b.Binary(BinaryKind.Less, x, b.Scalar(0)), R(1, 4, 1), x)),
        ["transpose of three axes"] = ([2, 3, 4], (b, x) => b.Transpose(x, 2, 0, 1)),
        ["slice with steps"] = ([3, 4, 5], (b, x) => b.Slice(x, [2, 1, 4], [-2, 1, -3], [2, 2, 2])),
        ["expand"] = ([3, 1], (b, x) => b.Expand(x, 2, 3, 4)),
        ["concat in the middle"] = ([2, 3, 2], (b, x) => b.Concat(1, x, R(1, 2, 1, 2), x)),
        ["pad of three axes"] = ([2, 3, 2], (b, x) => b.Pad(x, [1, 0, 2], [0, 2, 1], PadMode.Constant, -7f)),
        ["reflecting pad of two axes"] = ([3, 4], (b, x) => b.Pad(x, [2, 1], [1, 3], PadMode.Reflect)),
        ["edge pad of two axes"] = ([3, 4], (b, x) => b.Pad(x, [2, 1], [1, 3], PadMode.Edge)),
        ["wrapping pad of two axes"] = ([3, 4], (b, x) => b.Pad(x, [2, 5], [1, 3], PadMode.Wrap)),
        ["gather in the middle"] = ([2, 3, 2], (b, x) => b.Gather(x, C([2f, 0f, -1f, 1f], 2, 2), 1)),
        ["mean over first and last"] = ([2, 3, 4], (b, x) => b.Reduce(ReduceKind.Mean, x, [0, 2], false)),
        ["least over the middle"] = ([2, 3, 4], (b, x) => b.Reduce(ReduceKind.Min, x, [1], true)),
        ["log of sum of exponentials over two"] = ([2, 3, 4], (b, x) => b.Reduce(ReduceKind.LogSumExp, x, [1, 2], false)),
        ["place of the largest in the middle"] = ([2, 3, 4], (b, x) => b.ArgReduce(x, 1)),
        ["place of the least in the first"] = ([3, 4], (b, x) => b.ArgReduce(x, 0, new ArgReduceSettings { Smallest = true, Last = true, KeepDimensions = true })),
        ["rnn of sequences, backwards"] = ([4, 3, 2], (b, x) => b.Recurrent(Opcode.RNN, [x, R(1, 5, 2), R(2, 5, 5), R(3, 10), R(4, 3, 5)], 5, new RecurrentSettings([new(ActivationKind.Tanh, 0, 0)], 0.4f, false, true))[0]),
        ["gru of sequences"] = ([4, 3, 2], (b, x) => b.Concat(0, Flat(b, b.Recurrent(Opcode.GRU, [x, R(1, 15, 2), R(2, 15, 5), R(3, 30), R(4, 3, 5)], 5, new RecurrentSettings([new(ActivationKind.Sigmoid, 0, 0), new(ActivationKind.Tanh, 0, 0)], 0, true, false))))),
        ["gru before its reset"] = ([4, 3, 2], (b, x) => b.Recurrent(Opcode.GRU, [x, R(1, 15, 2), R(2, 15, 5), R(3, 30)], 5, new RecurrentSettings([new(ActivationKind.HardSigmoid, 0.2f, 0.5f), new(ActivationKind.LeakyReLU, 0.1f, 0)], 0, false, true))[0]),
        ["lstm of sequences"] = ([4, 3, 2], (b, x) => b.Concat(0, Flat(b, b.Recurrent(Opcode.LSTM, [x, R(1, 20, 2), R(2, 20, 5), R(3, 40), R(4, 3, 5), R(5, 3, 5), R(6, 15)], 5, new RecurrentSettings([new(ActivationKind.Sigmoid, 0, 0), new(ActivationKind.Tanh, 0, 0), new(ActivationKind.Softsign, 0, 0)], 0, false, true))))),
        ["lstm with its gates coupled"] = ([3, 2, 2], (b, x) => b.Recurrent(Opcode.LSTM, [x, R(1, 20, 2), R(2, 20, 5)], 5, new RecurrentSettings([new(ActivationKind.Sigmoid, 0, 0), new(ActivationKind.Tanh, 0, 0), new(ActivationKind.Tanh, 0, 0)], 1f, true, false))[0]),
        ["trees of several features, leaves and targets"] = ([4, 3], Trees),
        ["pairs of four classes"] = ([3, 6], (b, x) => b.PairwiseCoupling(b.Activation(ActivationKind.Sigmoid, x), 4)),
        ["two classes"] = ([3, 1], (b, x) => b.PairwiseCoupling(b.Activation(ActivationKind.Sigmoid, x), 2)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Shapes_of_any_kind_give_what_the_engine_gives(string name)
    {
        (int[] shape, Func<GraphBuilder, Value, Value> model) = Cases[name];
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, shape);
        graph.Inputs.Add(x);
        Value y = model(new GraphBuilder(graph) { Name = "node" }, x);
        graph.Outputs.Add(y);
        Assert.Null(DoubleEvaluator.Missing(graph));
        var random = new Random(17);
        float[][] rows = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, x.Elements).Select(_ => (random.NextSingle() * 4) - 2).ToArray())];
        float[][] expected = GraphRunner.RunAll(graph, rows);
        var evaluator = new DoubleEvaluator(graph);
        for (int row = 0; row < rows.Length; row++)
        {
            double[] actual = evaluator.Run(rows[row]);
            Assert.Equal(y.Elements, actual.Length);
            Assert.Equal(expected[row].Select(value => (double)value), actual, (a, b) => Math.Abs(a - b) <= 2e-5 * Math.Max(1, Math.Abs(a)));
        }
    }

    [Fact]
    public void Inputs_and_outputs_stand_one_after_the_other()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 2);
        var z = new Value("z", TensorType.Float32, 3);
        graph.Inputs.Add(x);
        graph.Inputs.Add(z);
        var builder = new GraphBuilder(graph) { Name = "node" };
        graph.Outputs.Add(builder.Unary(UnaryKind.Neg, z));
        graph.Outputs.Add(builder.Unary(UnaryKind.Square, x));
        graph.Outputs.Add(x);
        Assert.Equal([-5.0, -6, -7, 4, 9, 2, 3], new DoubleEvaluator(graph).Run([2, 3, 5, 6, 7]));
    }

    // Integers are for the operators that look something up; any other operator on a tensor that is not float32 has no double-precision form.
    [Fact]
    public void The_first_operator_without_a_double_form_is_named()
    {
        var lookup = Value.Constant("i", new[] { 0, 2 }, 2);
        Assert.Null(Missing((b, x) => b.Gather(x, lookup, 0)));
        Assert.Equal("quantized Reshape", Missing((b, x) =>
        {
            var q = new Value("q", TensorType.Int8, 3) { Quantization = new Quantization(1f, 0) };
            b.Graph.Nodes.Add(new Node(Opcode.Reshape, "r", [q], new Value("r", TensorType.Int8, 3) { Quantization = new Quantization(1f, 0) }));
            return b.Unary(UnaryKind.Neg, x);
        }));
        Assert.Equal("Table", Missing((b, x) =>
        {
            b.Graph.Nodes.Add(new Node(Opcode.Table, "t", [x], new Value("t", TensorType.Float32, 3)));
            return b.Unary(UnaryKind.Neg, x);
        }));
        Assert.Equal("quantized Add", Missing((b, x) =>
        {
            b.Graph.Nodes.Add(new Node(Opcode.Add, "a", [x, Value.Constant("i", new[] { 0, 2, 1 }, 3)], new Value("y", TensorType.Float32, 3)));
            return x;
        }));

        static string? Missing(Func<GraphBuilder, Value, Value> model)
        {
            var graph = new Graph();
            var x = new Value("x", TensorType.Float32, 3);
            graph.Inputs.Add(x);
            graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
            return DoubleEvaluator.Missing(graph);
        }
    }

    // Two trees: a root with a node on its right, and a root with two leaves; leaves give to one or two of three targets.
    private static Value Trees(GraphBuilder b, Value x) => b.TreeEnsemble(
        x,
        new TreeLists(
            [0, 0, 1, 2, -1, 0, 0, 2, 2, 3, 3, 4, -1, 0, 2, 1, -1, 0, 3, 1, 1, 1, 6, 7, -1, 0, 4, 2, -1, 0, 6, 0],
            [0.3f, 0, -0.2f, 0, 0, 0.1f, 0, 0],
            [0, 5],
            [0, 2, 1, 2, 0, 1],
            [1, 2, 4, 8, 16, 32]),
        3,
        1);

    private static Value[] Flat(GraphBuilder b, Value[] values) => Array.ConvertAll(values, value => b.Reshape(value, value.Elements));

    private static Value C(float[] values, params int[] shape) => Value.Constant("c", values, shape);

    private static Value R(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return C([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (random.NextSingle() * 2) - 1)], shape);
    }
}
