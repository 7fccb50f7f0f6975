using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests;

/// <summary>A convolution over one axis, which stands between two Reshapes, is fused with what is around it as one over two axes is.</summary>
public class OneAxisConvolutionTests
{
    private const int Channels = 3;
    private const int Steps = 10;
    private const int Units = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_normalisation_and_activation_become_part_of_it(bool channelsFirst)
    {
        Graph graph = Model(channelsFirst, PadMode.Constant, 0f);
        float[] input = Draw(1, Channels * Steps);
        float[] expected = GraphRunner.RunAll(graph, [input])[0];
        GraphOptimizer.Optimize(graph);
        Assert.Equal(2, graph.Nodes.Count(node => node.Opcode == Opcode.Conv));
        Assert.DoesNotContain(graph.Nodes, node => node.Opcode is not (Opcode.Conv or Opcode.Transpose or Opcode.Reshape));
        float[] actual = GraphRunner.RunAll(graph, [input])[0];
        float largest = expected.Max(MathF.Abs);
        Assert.True(largest > 0.1f);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * largest));
    }

    [Theory]
    [InlineData(nameof(PadMode.Constant), 1f)]
    [InlineData(nameof(PadMode.Edge), 0f)]
    public void Padding_with_anything_but_zeros_stays(string modeName, float value)
    {
        PadMode mode = Enum.Parse<PadMode>(modeName);
        Graph graph = Model(true, mode, value);
        float[] input = Draw(1, Channels * Steps);
        float[] expected = GraphRunner.RunAll(graph, [input])[0];
        GraphOptimizer.Optimize(graph);
        Assert.Equal(2, graph.Nodes.Count(node => node.Opcode == Opcode.Pad));
        Assert.All(expected.Zip(GraphRunner.RunAll(graph, [input])[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * expected.Max(MathF.Abs)));
    }

    // Pad, convolution, scale, offset and activation, twice.
    private static Graph Model(bool channelsFirst, PadMode mode, float value)
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "m" };
        var x = new Value("x", TensorType.Float32, channelsFirst ? [1, Channels, Steps] : [1, Steps, Channels]);
        graph.Inputs.Add(x);
        for (int layer = 0; layer < 2; layer++)
        {
            builder.Name = $"conv{layer}";
            int axis = channelsFirst ? 2 : 1;
            x = builder.Pad(x, [.. Enumerable.Range(0, 3).Select(i => i == axis ? 2 : 0)], [.. Enumerable.Range(0, 3).Select(i => i == axis ? 1 : 0)], mode, value);
            int inputs = channelsFirst ? x.Shape[1] : x.Shape[2];
            Value image = channelsFirst ? builder.ChannelsLast(x) : x;
            image = builder.Reshape(image, 1, 1, image.Shape[1], inputs);
            int outputs = image.Shape[2] - 3;
            Value weights = Value.Constant("w", Draw(2 + layer, Units * 4 * inputs), Units, 1, 4, inputs);
            Value y = builder.Conv(image, weights, null, new Window(1, 1, 1, 0, 0, 1), new Window(4, 1, 1, 0, 0, outputs), 1);
            y = builder.Reshape(y, 1, outputs, Units);
            y = channelsFirst ? builder.ChannelsFirst(y) : y;
            int[] shape = channelsFirst ? [Units, 1] : [Units];
            y = builder.Arithmetic(Opcode.Mul, y, Value.Constant("scale", Draw(4 + layer, Units), shape));
            y = builder.Arithmetic(Opcode.Add, y, Value.Constant("offset", Draw(6 + layer, Units), shape));
            x = builder.Activation(ActivationKind.LeakyReLU, y);
        }

        graph.Outputs.Add(x);
        return graph;
    }

    private static float[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2f * random.NextSingle()) - 1f)];
    }
}
