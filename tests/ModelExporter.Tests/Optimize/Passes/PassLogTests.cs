using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <summary>What a report says of the passes, and that the optimizer runs them until none finds anything.</summary>
public class PassLogTests
{
    [Fact]
    public void Nodes_that_came_and_went_are_counted_by_pass_in_the_order_of_the_first_change()
    {
        // Dense, Mul, Mul, sigmoid gate: the gate becomes one node, the products go into the layer, and so does the activation.
        var g = new PassGraph();
        Value x = g.Mul(g.Mul(g.Dense(g.Input(2, 3), 4), g.C(4)), g.C(4));
        g.Graph.Outputs.Add(g.Mul(x, g.Act(ActivationKind.Sigmoid, x)));
        var log = new PassLog();
        GraphOptimizer.Optimize(g.Graph, log);
        Assert.Equal("Dense+SiLU", PassCase.Describe(g.Graph));
        PassEffect recognised = log.Effects.Single(effect => effect.Pass == "activation recognition");
        Assert.Equal((1, 1, 1), (recognised.Runs, recognised.Removed["Mul"], recognised.Added["Activation"]));
        PassEffect folded = log.Effects.Single(effect => effect.Pass == "scale folding");
        Assert.Equal(1, folded.Runs);
        Assert.Equal(2, folded.Removed["Mul"]);
        Assert.Empty(folded.Added);
        Assert.Equal(1, log.Effects.Single(effect => effect.Pass == "activation fusion").Removed["Activation"]);
        string[] order = [.. log.Effects.Select(effect => effect.Pass)];
        Assert.True(Array.IndexOf(order, "activation recognition") < Array.IndexOf(order, "scale folding"));
        Assert.DoesNotContain("pad fusion", order);
    }

    [Fact]
    public void A_value_that_one_node_reads_twice_or_a_caller_reads_has_more_than_one_reader()
    {
        var g = new PassGraph();
        Value once = g.Act(ActivationKind.Tanh, g.Input(2, 3));
        Value twice = g.Act(ActivationKind.ReLU, once);
        Value last = g.Mul(twice, twice);
        g.Graph.Outputs.Add(last);
        Assert.True(g.Graph.HasOneConsumer(once, out Node reader));
        Assert.Same(g.Graph.Nodes[1], reader);
        Assert.False(g.Graph.HasOneConsumer(twice, out _));
        Assert.False(g.Graph.HasOneConsumer(last, out _));
        g.Graph.Outputs.Add(once);
        Assert.False(g.Graph.HasOneConsumer(once, out _));
        var other = new Value("other", TensorType.Float32, 2, 3);
        g.Graph.Replace(once, other);
        g.Graph.Replace(twice, other);
        Assert.Equal([last, other], g.Graph.Outputs);
        Assert.Equal([other, other], g.Graph.Nodes[2].Inputs);
    }

    [Fact]
    public void Operators_are_counted_by_name()
    {
        var g = new PassGraph();
        g.Graph.Outputs.Add(g.Mul(g.Mul(g.Dense(g.Input(2, 3), 4), g.C(4)), g.C(4)));
        Assert.Equal([("Dense", 1), ("Mul", 2)], PassLog.Count(g.Graph).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void A_network_with_channels_first_is_transposed_once()
    {
        // Five layers, each with its own way to channels last and back, as exporters write it.
        var g = new PassGraph();
        Value x = g.Input(1, 2, 9, 9);
        for (int layer = 0; layer < 5; layer++)
        {
            Value y = g.Conv(g.Pad(g.Transpose(x, 0, 2, 3, 1), [0, 1, 0, 0], [0, 0, 1, 0]), 2);
            x = g.Act(ActivationKind.ReLU, g.Add(g.Transpose(y, 0, 3, 1, 2), g.C(2, 1, 1)));
        }

        g.Graph.Outputs.Add(x);
        GraphOptimizer.Optimize(g.Graph);
        Assert.Equal("Transpose Conv+ReLU Conv+ReLU Conv+ReLU Conv+ReLU Conv+ReLU Transpose", PassCase.Describe(g.Graph));
    }
}
