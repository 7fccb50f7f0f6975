using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

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

    public static TheoryData<string> Moves => [nameof(Opcode.Reshape), nameof(Opcode.Transpose), nameof(Opcode.Slice), nameof(Opcode.Expand), nameof(Opcode.Pad), nameof(Opcode.MaxPool), nameof(Opcode.AveragePool), nameof(Opcode.Gather), nameof(Opcode.Concat)];

    /// <summary>What a Concat joins has one scale, and what only moves values hands it on to what made them.</summary>
    [Theory]
    [MemberData(nameof(Moves))]
    public void What_is_moved_before_it_is_joined_has_one_scale(string moveName)
    {
        Opcode move = Enum.Parse<Opcode>(moveName);
        Value Moved(GraphBuilder b, Value x)
        {
            var two = new Window(2, 1, 1, 0, 0, 3);
            var one = new Window(1, 1, 1, 0, 0, 1);
            return move switch
            {
                Opcode.Reshape => b.Reshape(b.Reshape(x, 1, 2, 2), 1, 4),
                Opcode.Transpose => b.Reshape(b.Transpose(b.Reshape(x, 1, 2, 2), 0, 2, 1), 1, 4),
                Opcode.Slice => b.Slice(x, 1, 1, 2),
                Opcode.Expand => b.Reshape(b.Expand(b.Reshape(x, 1, 1, 4), 1, 3, 4), 1, 12),
                Opcode.Pad => b.Pad(x, [0, 1], [0, 0], PadMode.Constant),
                Opcode.MaxPool or Opcode.AveragePool => b.Reshape(b.Pool(move, b.Reshape(x, 1, 4, 1, 1), two, one), 1, 3),
                Opcode.Gather => b.Gather(x, Value.Constant("i", new[] { 2, 0 }, 2), 1),
                _ => b.Concat(1, x, x),
            };
        }

        Value Layer(GraphBuilder b, Value x, float weight) =>
            b.Dense(x, Value.Constant("w", [.. Enumerable.Range(0, 16).Select(i => i % 5 == 0 ? weight : 0f)], 4, 4), null);

        // The second layer's values are ten times the first's, so that scales of their own would differ.
        Graph quantized = Quantize((b, x) => b.Concat(1, Layer(b, x, 1f), Moved(b, Layer(b, x, 10f))), [[0f, 1f, 2f, -1f], [1f, 0f, -9f, 3f]], _ => Precision.Int8);
        Assert.Equal(1, quantized.Nodes.Count(node => node.Opcode == Opcode.Quantize));
        Assert.Equal(2, quantized.Nodes.Count(node => node.Opcode == Opcode.Dense));
        Quantization[] scales = [.. quantized.Nodes.Where(node => node.Opcode is not (Opcode.Quantize or Opcode.Dequantize)).Select(node => node.Output.Quantization!).Distinct()];
        Assert.Equal(10 * (9f + 3f) / 255, Assert.Single(scales).Scale, 5);
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
