using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Equalization of two layers against its formula, and the graphs that it leaves alone.</summary>
public class EqualizationFormulaTests
{
    [Fact]
    public void Each_channel_is_divided_by_the_root_of_the_ratio_of_both_largest_weights()
    {
        // Channels: 16 against 4, factor 2; 1 against 9, factor 1/3; 5 against 0 and 0 against 5 are left; 1e9 and 1e-9 are bounded.
        float[] made = [16, -8, 0.5f, -1, 5, 1, 0, 0, 1e6f, 1, 1e-6f, 1e-7f];
        float[] read = [-4, 9, 0, 5, 1e-3f, 1e3f, 2, 3, 0, -1, 1e-4f, 1];
        float[] bias = [4, 3, 2, 1, 1000, 0.001f];
        Graph graph = Two(made, bias, read, ActivationKind.ReLU);
        Assert.Equal(1, CrossLayerEqualization.Apply(graph));
        Assert.Equal([8, -4, 1.5f, -3, 5, 1, 0, 0, 1e3f, 1e-3f, 1e-3f, 1e-4f], graph.Nodes[0].Input(1).Floats, (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Abs(a));
        Assert.Equal([-8, 3, 0, 5, 1, 1, 4, 1, 0, -1, 0.1f, 1e-3f], graph.Nodes[^1].Input(1).Floats, (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Abs(a));
        Assert.Equal([2, 9, 2, 1, 1, 1], graph.Nodes[0].Input(2).Floats, (a, b) => Math.Abs(a - b) <= 1e-5 * Math.Abs(a));
        Assert.Equal([6, 2], graph.Nodes[0].Input(1).Shape);
        Assert.Equal([2, 6], graph.Nodes[^1].Input(1).Shape);
    }

    [Theory]
    [InlineData(ActivationKind.Linear, 1)]
    [InlineData(ActivationKind.ReLU, 1)]
    [InlineData(ActivationKind.LeakyReLU, 1)]
    [InlineData(ActivationKind.PReLU, 1)]
    [InlineData(ActivationKind.ReLU6, 0)]
    [InlineData(ActivationKind.Sigmoid, 0)]
    [InlineData(ActivationKind.ELU, 0)]
    [InlineData(ActivationKind.ThresholdedReLU, 0)]
    public void Only_functions_that_scale_may_stand_between(ActivationKind kind, int pairs) =>
        Assert.Equal(pairs, CrossLayerEqualization.Apply(Two([1, 2, 3, 4], [1, 1], [1, 2, 3, 4], kind)));

    [Fact]
    public void What_others_read_is_left_alone()
    {
        // Two readers of the hidden values; an output of the model; weights that two layers share; no constants.
        Assert.Equal(1, Pairs((b, x) => b.Dense(b.Dense(x, W("a"), null), W("b"), null)));
        Assert.Equal(0, Pairs((b, x) =>
        {
            Value h = b.Dense(x, W("a"), null);
            return b.Arithmetic(Opcode.Add, b.Dense(h, W("b"), null), h);
        }));
        Assert.Equal(0, Pairs((b, x) =>
        {
            Value h = b.Dense(x, W("a"), null);
            b.Graph.Outputs.Add(h);
            return b.Dense(h, W("b"), null);
        }));
        Assert.Equal(0, Pairs((b, x) =>
        {
            Value w = W("a");
            return b.Dense(b.Dense(x, w, null), w, null);
        }));
        Assert.Equal(0, Pairs((b, x) => b.Dense(b.Softmax(b.Dense(x, W("a"), null)), W("b"), null)));
        Assert.Equal(2, Pairs((b, x) => b.Dense(b.Dense(b.Dense(x, W("a"), null), W("b"), null), W("c"), null)));
    }

    private static Value W(string name) => Value.Constant(name, [1f, 2f, 3f, 4f], 2, 2);

    private static int Pairs(Func<GraphBuilder, Value, Value> model)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
        return CrossLayerEqualization.Apply(graph);
    }

    private static Graph Two(float[] made, float[] bias, float[] read, ActivationKind kind)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        int hidden = made.Length / 2;
        Value h = builder.Dense(x, Value.Constant("w1", made, hidden, 2), Value.Constant("b1", bias, hidden));
        h = kind == ActivationKind.PReLU ? builder.PReLU(h, Value.Constant("slopes", [.. Enumerable.Repeat(0.5f, hidden)], hidden)) : builder.Activation(kind, h);
        graph.Outputs.Add(builder.Dense(h, Value.Constant("w2", read, read.Length / hidden, hidden), null));
        return graph;
    }
}
