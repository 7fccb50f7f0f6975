using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Streaming;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Operators;

/// <summary>CumSum in the converter, worked out by hand.</summary>
public class CumSumTests
{
    [Theory]
    [InlineData(1, 0, 0, new double[] { 1, 4, 8, 5, 7, 14 })]
    [InlineData(0, 0, 0, new double[] { 1, 3, 4, 6, 5, 11 })]
    [InlineData(1, 1, 0, new double[] { 0, 1, 4, 0, 5, 7 })]
    [InlineData(1, 0, 1, new double[] { 8, 7, 4, 14, 9, 7 })]
    [InlineData(0, 1, 1, new double[] { 5, 2, 7, 0, 0, 0 })]
    public void The_reference_adds_up_one_axis(int axis, int exclusive, int reverse, double[] expected)
    {
        Graph graph = Model([2, 3], (builder, x) => Sum(builder, x, axis, exclusive, reverse));
        Assert.Equal(expected, new DoubleEvaluator(graph).Run([1, 3, 4, 5, 2, 7]));
    }

    [Fact]
    public void A_transposition_moves_behind_it()
    {
        // Axis 1 of the transposed tensor is axis 2 of the other.
        Graph graph = Model([2, 3, 4], (builder, x) => Sum(builder, builder.Transpose(x, [0, 2, 1]), 1, 0, 1));
        float[] row = [.. Enumerable.Range(0, 24).Select(i => (float)(i * i % 7))];
        double[] before = new DoubleEvaluator(graph).Run(row);
        Graph optimized = GraphOptimizer.Optimize(graph);
        Assert.Equal([Opcode.CumSum, Opcode.Transpose], optimized.Nodes.Select(node => node.Opcode));
        Assert.Equal(2, optimized.Nodes[0].Parameters[CumSumRule.Axis]);
        Assert.Equal(before, new DoubleEvaluator(optimized).Run(row));
    }

    [Fact]
    public void Sums_over_the_frames_of_a_sequence_are_not_streamed()
    {
        Assert.Contains("CumSum 'node' needs the whole sequence at once", Assert.Throws<InputException>(() => StreamingGraph.Rewrite(Causal(1))).Message, StringComparison.Ordinal);
        Assert.Contains(StreamingGraph.Rewrite(Causal(3)).Nodes, node => node.Opcode == Opcode.CumSum);
    }

    // A causal convolution over six frames, axis 1, and a sum over an axis of what it makes.
    private static Graph Causal(int axis) => Model([1, 6, 1, 2], (builder, x) =>
        Sum(builder, builder.Conv(x, Value.Constant("w", new float[8], 2, 2, 1, 2), null, new Window(2, 1, 1, 1, 0, 6), new Window(1, 1, 1, 0, 0, 1), 1), axis, 0, 0));

    private static Value Sum(GraphBuilder builder, Value x, int axis, int exclusive, int reverse) => builder.Add(
        Opcode.CumSum, [x], x.Shape, node => node.With(CumSumRule.Axis, axis).With(CumSumRule.Exclusive, exclusive).With(CumSumRule.Reverse, reverse));

    private static Graph Model(int[] shape, Func<GraphBuilder, Value, Value> make)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, shape);
        graph.Inputs.Add(x);
        graph.Outputs.Add(make(new GraphBuilder(graph) { Name = "node" }, x));
        return graph;
    }
}
