using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests;

public class CrossLayerEqualizationTests
{
    [Theory]
    [InlineData(ActivationKind.ReLU)]
    [InlineData(ActivationKind.LeakyReLU)]
    public void Uneven_channels_keep_their_function_and_lose_less(ActivationKind kind)
    {
        Graph graph = Uneven(kind);
        float[][] rows = Rows();
        Graph equalized = PreparedGraph.From(graph, rows, equalize: true).Graph;
        Assert.InRange(Worst(graph, equalized, rows), 0, 1e-4);

        // One scale for all weights and all activations of a layer: what uneven channels hurt most.
        var options = new QuantizationOptions { PerChannel = false };
        double before = Worst(graph, Quantizer.Quantize(PreparedGraph.From(graph, rows), _ => Precision.Int8, options), rows);
        double after = Worst(graph, Quantizer.Quantize(PreparedGraph.From(graph, rows, equalize: true), _ => Precision.Int8, options), rows);
        Assert.True(after < before / 4, $"{after} against {before}");
    }

    [Fact]
    public void A_bounded_activation_between_layers_is_left_alone()
    {
        Graph graph = GraphCopy.Copy(Uneven(ActivationKind.Tanh));
        Assert.Equal(0, CrossLayerEqualization.Apply(PreparedGraph.From(graph, Rows()).Graph));
    }

    private static double Worst(Graph a, Graph b, float[][] rows)
    {
        using var first = new GraphRunner(a, a.Outputs);
        using var second = new GraphRunner(b, b.Outputs);
        double worst = 0;
        foreach (float[] row in rows)
        {
            first.Run(row);
            second.Run(row);
            worst = Math.Max(worst, Math.Abs(first.Values(0)[0] - second.Values(0)[0]));
        }

        return worst;
    }

    private static float[][] Rows()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 4).Select(_ => (float)((random.NextDouble() * 2) - 1)).ToArray())];
    }

    // Eight channels from 1/100 to 100, which the second layer brings back to one size.
    private static Graph Uneven(ActivationKind kind)
    {
        var random = new Random(9);
        double[] sizes = [0.01, 0.05, 0.2, 1, 5, 20, 50, 100];
        float[] made = [.. sizes.SelectMany(size => Enumerable.Range(0, 4).Select(_ => (float)(size * ((random.NextDouble() * 2) - 1))))];
        float[] bias = [.. sizes.Select(size => (float)(size * random.NextDouble()))];
        float[] read = [.. sizes.Select(size => (float)(1 / size))];
        var input = new Value("x", TensorType.Float32, 1, 4);
        var hidden = new Value("h", TensorType.Float32, 1, 8);
        var output = new Value("y", TensorType.Float32, 1, 1);
        var graph = new Graph();
        graph.Inputs.Add(input);
        graph.Nodes.Add(new Node(Opcode.Dense, "first", [input, Value.Constant("w1", made, 8, 4), Value.Constant("b1", bias, 8)], hidden).WithActivation(DenseRule.Activation, kind));
        graph.Nodes.Add(new Node(Opcode.Dense, "second", [hidden, Value.Constant("w2", read, 1, 8)], output));
        graph.Outputs.Add(output);
        return graph;
    }
}
