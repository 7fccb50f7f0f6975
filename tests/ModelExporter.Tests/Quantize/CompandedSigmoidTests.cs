using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Models of two classes in fixed point whose rows would share outputs, and those whose rows would not.</summary>
public class CompandedSigmoidTests
{
    private static readonly float[][] rows = [.. Enumerable.Range(0, 1000).Select(i => new[] { (i - 500) / 500f })];

    [Theory]
    [InlineData(Precision.Int8, -8f)]
    [InlineData(Precision.Int8, 8f)]
    [InlineData(Precision.Int16, -14f)]
    [InlineData(Precision.Int16, 12f)]
    public void Rare_probabilities_keep_their_digits_and_their_order(Precision precision, float bias)
    {
        Graph graph = Model([6f], [bias], softmax: false);
        float[] real = Outputs(graph);
        (Graph quantized, string[] said) = Quantize(graph, precision);
        float[] companded = Outputs(quantized);
        Assert.Contains(quantized.Nodes, node => node.Opcode == Opcode.Mul);
        Assert.Contains(said, line => line.StartsWith("Many rows would share one output", StringComparison.Ordinal));
        AssertFine(real, companded, precision, bias > 0);
        Assert.Equal(graph.Outputs[0].Name, quantized.Outputs[0].Name);

        // What it replaces gives many of these rows one output.
        float[] plain = Outputs(Quantizer.Quantize(graph, rows, precision));
        Assert.True(2 * plain.Distinct().Count() < real.Distinct().Count(), $"{plain.Distinct().Count()} {real.Distinct().Count()}");
    }

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int16)]
    public void A_softmax_of_two_keeps_both_ends(Precision precision)
    {
        Graph graph = Model([-9f, 6f], [2f, -8f], softmax: true);
        Graph quantized = Quantize(graph, precision).Graph;
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.Softmax);
        Assert.Equal(graph.Outputs[0].Name, quantized.Outputs[0].Name);
        float[][] real = GraphRunner.RunAll(graph, rows);
        float[][] companded = GraphRunner.RunAll(quantized, rows);
        foreach (int output in (int[])[0, 1])
        {
            AssertFine([.. real.Select(row => row[output])], [.. companded.Select(row => row[output])], precision, mirrored: false);
        }

        // The graph that was given is as it was.
        Assert.Contains(graph.Nodes, node => node.Opcode == Opcode.Softmax);
        Assert.All(companded, row => Assert.Equal(1, row[0] + row[1], 1e-3));
    }

    [Theory]
    [InlineData(Precision.Int8, false)]
    [InlineData(Precision.Int8, true)]
    [InlineData(Precision.Int16, false)]
    [InlineData(Precision.Int16, true)]
    public void Outputs_that_are_apart_stay_as_they_are(Precision precision, bool softmax)
    {
        Graph graph = softmax ? Model([-1f, 1f], [0.1f, 0f], softmax) : Model([2f], [0.1f], softmax);
        (Graph quantized, string[] said) = Quantize(graph, precision);
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.Mul);
        Assert.DoesNotContain(said, line => line.StartsWith("Many rows", StringComparison.Ordinal));
        Assert.Equal(Outputs(Quantizer.Quantize(graph, rows, precision)), Outputs(quantized));
    }

    [Fact]
    public void More_classes_than_two_stay_as_they_are()
    {
        Graph quantized = Quantize(Model([-9f, 6f, 1f], [2f, -8f, -9f], softmax: true), Precision.Int8).Graph;
        Assert.Contains(quantized.Nodes, node => node.Opcode == Opcode.Softmax);
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.Mul);
    }

    // A caller that reads the logits gets them in the precision that was asked for.
    [Fact]
    public void A_layer_that_others_read_too_stays_as_it_is()
    {
        Graph graph = Model([6f], [-14f], softmax: false);
        graph.Outputs.Add(graph.Nodes.Single(node => node.Opcode == Opcode.Dense).Output);
        Graph quantized = Quantize(graph, Precision.Int16).Graph;
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.Mul);
        Assert.Equal(GraphRunner.RunAll(Quantizer.Quantize(graph, rows, Precision.Int16), rows), GraphRunner.RunAll(quantized, rows));
    }

    // Close beside the end that counts, near enough elsewhere, and never in another order.
    private static void AssertFine(float[] real, float[] companded, Precision precision, bool mirrored)
    {
        float[] ends = mirrored ? [.. real.Select(p => 1 - p)] : real;
        float[] found = mirrored ? [.. companded.Select(p => 1 - p)] : companded;
        double relative = precision == Precision.Int8 ? 0.2 : 0.01;
        for (int i = 0; i < ends.Length; i++)
        {
            Assert.True(Math.Abs(ends[i] - found[i]) <= Math.Min(relative * Math.Abs(ends[i]), 0.03) + (mirrored ? 1e-6 : 1e-9), $"row {i}: {ends[i]:R} {found[i]:R}");
        }

        int[] order = [.. Enumerable.Range(0, real.Length).OrderBy(i => real[i])];
        Assert.All(order.Skip(1).Zip(order), pair => Assert.True(companded[pair.First] >= companded[pair.Second] || real[pair.First] == real[pair.Second], $"{pair}"));
    }

    private static (Graph Graph, string[] Said) Quantize(Graph graph, Precision precision)
    {
        var said = new List<string>();
        var draft = new ModelDraft(graph, graph) { Rows = rows };
        Graph quantized = Notices.Collect(said, () => QuantizeStep.Run(draft, new QuantizeOptions { Precision = precision }, new ReportedWork(null, CancellationToken.None)).Graph);
        return (quantized, [.. said]);
    }

    private static float[] Outputs(Graph graph) => [.. GraphRunner.RunAll(graph, rows).Select(row => row[0])];

    private static Graph Model(float[] weights, float[] biases, bool softmax)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 1);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "n" };
        Value y = builder.Dense(x, Value.Constant("w", weights, weights.Length, 1), Value.Constant("b", biases, biases.Length));
        graph.Outputs.Add(softmax ? builder.Softmax(y) : builder.Activation(ActivationKind.Sigmoid, y));
        return graph;
    }
}
