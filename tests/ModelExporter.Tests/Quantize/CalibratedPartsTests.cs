using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>What a search computes once is what would be computed each time.</summary>
public class CalibratedPartsTests
{
    private static readonly float[][] rows = [.. Enumerable.Range(0, 200).Select(i => new[] { MathF.Sin(i) * i, i % 7 })];

    [Fact]
    public void Ranges_are_those_of_the_estimator_for_each_method_and_tail()
    {
        PreparedGraph prepared = PreparedGraph.From(Model(), rows);
        Value y = prepared.Graph.Outputs[0];
        for (int round = 0; round < 2; round++)
        {
            foreach (RangeMethod method in Enum.GetValues<RangeMethod>())
            {
                Assert.Equal(RangeEstimator.Estimate(prepared.Calibration[y], method), prepared.Parts.Range(y, method));
            }

            foreach (double tail in (double[])[0, 0.02, 0.1])
            {
                Assert.Equal(FeatureScales.WithoutTails(rows, tail), prepared.Parts.FeatureRanges(tail));
            }
        }
    }

    [Fact]
    public void A_table_is_built_once_for_its_nodes_and_scales_and_nobody_shares_its_array()
    {
        PreparedGraph prepared = PreparedGraph.From(Model(), rows);
        Node node = prepared.Graph.Nodes[0];
        Node other = prepared.Graph.Nodes[^1];
        int built = 0;
        int[] first = Segments(node, node, 1, 2);
        first[0] = -7;
        Assert.Equal([1, 2], Segments(node, node, 1, 2));
        Assert.Equal(1, built);
        foreach ((Node from, Node to, float input, float output) in new[] { (node, other, 1f, 2f), (other, other, 1f, 2f), (node, node, 3f, 2f), (node, node, 1f, 3f) })
        {
            int before = built;
            Segments(from, to, input, output);
            Assert.Equal(before + 1, built);
        }

        int[] Segments(Node from, Node to, float input, float output) => prepared.Parts.Segments(from, to, input, output, () =>
        {
            built++;
            return new Int16Table([1, 2], 0, 0);
        });
    }

    [Fact]
    public void The_worst_value_is_the_first_of_the_farthest()
    {
        var random = new Random(5);
        for (int round = 0; round < 3000; round++)
        {
            int n = random.Next(2, 40);
            double[] c = [.. Enumerable.Range(0, 4).Select(_ => round % 3 == 0 ? 0 : random.NextDouble() - 0.5)];
            double[] values = [.. Enumerable.Range(0, n).Select(_ => round % 3 == 0 ? random.Next(-3, 4) : random.NextDouble() - 0.5)];
            double step = 2.0 / (n - 1);
            double[] errors = [.. values.Select((value, i) => value - CubicFit.Value(c, (i * step) - 1))];
            double most = errors.Max(Math.Abs);
            int expected = most == 0 ? 0 : Array.FindIndex(errors, error => Math.Abs(error) == most);
            Assert.Equal((expected, most == 0 ? 0 : errors[expected]), CubicFit.Worst(values, c));
        }
    }

    private static Graph Model()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        var builder = new EdgeInference.ModelConverter.Build.GraphBuilder(graph) { Name = "n" };
        graph.Outputs.Add(builder.Activation(ActivationKind.Tanh, builder.Dense(x, Value.Constant("w", new[] { 0.5f, -1f }, 1, 2), Value.Constant("b", new[] { 0.1f }, 1))));
        return graph;
    }
}
