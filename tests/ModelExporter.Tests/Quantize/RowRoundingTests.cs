using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Products that round each row by its own largest value become what they stand for, and only they.</summary>
public class RowRoundingTests
{
    private static readonly float[] kernel = [1, 2, 3, 4, 5, 6];
    private static readonly float[] constants = [2, 4];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_product_becomes_its_kernel_over_its_constants(bool swapScaled, bool swapScales)
    {
        Graph result = RowRounding.Remove(Make(swapScaled, swapScales));
        Node node = Assert.Single(result.Nodes);
        Assert.Equal(Opcode.Dense, node.Opcode);
        Assert.Equal([0.5f, 1f, 1.5f, 1f, 1.25f, 1.5f], node.Input(1).Floats);
        Assert.Same(result.Inputs[0], node.Input(0));
        Assert.Equal((int)ActivationKind.Linear, node.Parameters[DenseRule.Activation]);
    }

    [Fact]
    public void What_is_not_quite_one_is_left_alone()
    {
        Unchanged(Make(round: UnaryKind.Floor));
        Unchanged(Make(clip: UnaryKind.Abs));
        Unchanged(Make(divide: Opcode.Mul));
        Unchanged(Make(wideScale: true));
        Unchanged(Make(few: true));
        Unchanged(Make(bias: true));
        Unchanged(Make(otherScale: true));

        static void Unchanged(Graph graph)
        {
            int nodes = graph.Nodes.Count;
            Assert.Same(graph, RowRounding.Remove(graph));
            Assert.Equal(nodes, graph.Nodes.Count);
        }
    }

    [Fact]
    public void A_scale_for_each_element_is_left_alone()
    {
        // As many constants as units, and as many scales as features: nothing but their number is wrong.
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 3);
        graph.Inputs.Add(x);
        var b = new GraphBuilder(graph) { Name = "node" };
        Value s = b.Unary(UnaryKind.Square, x);
        Value rounded = b.Unary(UnaryKind.Clip, b.Unary(UnaryKind.Round, b.Arithmetic(Opcode.Mul, x, s)), -127f, 127f);
        Value product = b.Dense(rounded, Value.Constant("k", [1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3), null);
        graph.Outputs.Add(b.Arithmetic(Opcode.Div, product, b.Arithmetic(Opcode.Mul, s, Value.Constant("c", [2f, 4f, 8f], 3))));
        Assert.Same(graph, RowRounding.Remove(graph));
    }

    private static Graph Make(bool swapScaled = false, bool swapScales = false, UnaryKind round = UnaryKind.Round, UnaryKind clip = UnaryKind.Clip, Opcode divide = Opcode.Div, bool wideScale = false, bool few = false, bool bias = false, bool otherScale = false)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, wideScale ? 2 : 1, 3);
        graph.Inputs.Add(x);
        var b = new GraphBuilder(graph) { Name = "node" };
        Value s = b.Arithmetic(Opcode.Div, b.Scalar(127), b.Reduce(ReduceKind.Max, b.Unary(UnaryKind.Abs, x), [wideScale ? 0 : 1], true));
        Value scaled = swapScaled ? b.Arithmetic(Opcode.Mul, s, x) : b.Arithmetic(Opcode.Mul, x, s);
        Value rounded = b.Unary(clip, b.Unary(round, scaled), -127f, 127f);
        Value product = b.Dense(rounded, Value.Constant("k", kernel, 2, 3), bias ? Value.Constant("b", [1f, 1f], 2) : null);
        Value other = otherScale ? b.Unary(UnaryKind.Square, s) : wideScale ? b.Slice(s, 1, 0, 2) : s;
        Value c = few ? Value.Constant("c", [2f], 1) : Value.Constant("c", constants, 2);
        Value scales = swapScales ? b.Arithmetic(Opcode.Mul, c, other) : b.Arithmetic(Opcode.Mul, other, c);
        graph.Outputs.Add(b.Arithmetic(divide, product, scales));
        return graph;
    }
}
