using ModelExporter.Graphs;
using ModelExporter.Quantize;
using ModelFormat;

namespace ModelExporter.Tests.Quantize;

/// <summary>Layers whose units read part of the channels, and chains whose nodes differ in precision.</summary>
public class GroupedLayerTests
{
    [Fact]
    public void A_unit_of_a_group_takes_back_the_error_on_its_own_channels()
    {
        // Means 0.25, 0.5, 0.125 and 1; each unit's second weight of 30.3 127ths is rounded to 30.
        float[][] rows = [[0f, 1f, 0.25f, 1f], [0.5f, 0f, 0f, 1f]];
        Graph quantized = Quantize((b, x) =>
        {
            var one = new Window(1, 1, 1, 0, 0, 1);
            return b.Conv(b.Reshape(b.Activation(ActivationKind.ReLU, x), 1, 1, 1, 4), Value.Constant("w", [1f, 30.3f / 127, 1f, 30.3f / 127, 1f, 30.3f / 127, 1f, 30.3f / 127], 4, 1, 1, 2), null, one, one, 2);
        }, rows, _ => Precision.Int8);
        Node conv = quantized.Nodes.Single(node => node.Opcode == Opcode.Conv);

        // 0.3 of a 127th times the mean, in steps of the input's scale, 1/255, by the weights' 1/127.
        int[] expected = [(int)Math.Round(0.3 * 0.5 * 255), (int)Math.Round(0.3 * 0.5 * 255), (int)Math.Round(0.3 * 255), (int)Math.Round(0.3 * 255)];
        Assert.Equal(expected, (int[])conv.Input(2).Data!, (a, b) => Math.Abs(a - b) <= 1);
    }

    [Fact]
    public void A_transposed_convolution_has_no_correction()
    {
        float[][] rows = [[0f, 1f, 0.25f, 1f], [0.5f, 0f, 0f, 1f]];
        Graph quantized = Quantize((b, x) =>
        {
            var one = new Window(1, 1, 1, 0, 0, 1);
            return b.ConvTranspose(b.Reshape(b.Activation(ActivationKind.ReLU, x), 1, 1, 1, 4), Value.Constant("w", [1f, 30.3f / 127, 0f, 0f], 1, 1, 1, 4), null, one, one, 1);
        }, rows, _ => Precision.Int8);
        Assert.Equal([0], (int[])quantized.Nodes.Single(node => node.Opcode == Opcode.ConvTranspose).Input(2).Data!);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Int16)]
    public void A_chain_ends_where_the_precision_changes(Precision next)
    {
        Graph quantized = Quantize(
            (b, x) => b.Unary(UnaryKind.Exp, b.Activation(ActivationKind.Tanh, b.Dense(x, Value.Constant("w", new float[16], 4, 4), null))),
            [[0f, 1f, 2f, -1f], [1f, 0f, 1f, 3f]],
            node => node.Opcode == Opcode.Unary ? next : Precision.Int8);
        Assert.Equal(
            next == Precision.Float32
                ? [Opcode.Quantize, Opcode.Dense, Opcode.Dequantize, Opcode.Unary]
                : [Opcode.Quantize, Opcode.Dense, Opcode.Dequantize, Opcode.Quantize, Opcode.Table, Opcode.Dequantize],
            quantized.Nodes.Select(node => node.Opcode));
    }

    [Fact]
    public void A_clamp_of_another_precision_is_not_taken_along()
    {
        Graph quantized = Quantize(
            (b, x) => b.Activation(ActivationKind.ReLU, b.Dense(x, Value.Constant("w", [1f, 2f, 3f, 4f], 1, 4), null)),
            [[0f, 1f, 2f, -1f], [1f, 0f, -9f, 3f]],
            node => node.Opcode == Opcode.Activation ? Precision.Float32 : Precision.Int8);
        Assert.Equal([Opcode.Quantize, Opcode.Dense, Opcode.Dequantize, Opcode.Activation], quantized.Nodes.Select(node => node.Opcode));
    }

    private static Graph Quantize(Func<GraphBuilder, Value, Value> model, float[][] rows, Func<Node, Precision> precision)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 4);
        graph.Inputs.Add(x);
        graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
        return Quantizer.Quantize(PreparedGraph.From(graph, rows), precision);
    }
}
