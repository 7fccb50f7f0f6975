using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>What calibration rows are asked for, what is kept of them, and what preparation makes of a graph.</summary>
public class CalibrationTests
{
    [Fact]
    public void Every_tensor_keeps_what_plain_loops_say()
    {
        Graph graph = Line(out Value x, out Value h, out Value y);
        float[][] rows = [[1, -2], [3, 0.5f], [-4, 2], [0.25f, 0]];
        var calibration = Calibration.Collect(graph, rows);
        Assert.Same(rows, calibration.Rows);
        double[][] hidden = [.. rows.Select(row => (double[])[(2 * row[0]) - row[1] + 0.5, row[1] - 1])];
        Check(calibration[x], [.. rows.Select(row => Array.ConvertAll(row, value => (double)value))]);
        Check(calibration[h], hidden);
        Check(calibration[y], [.. hidden.Select(row => Array.ConvertAll(row, value => Math.Max(0, value)))]);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_by_number_and_by_tensor()
    {
        Graph graph = Line(out _, out _, out _);
        Assert.Equal(
            "Calibration row 2 has 3 values but the model takes 2; give rows with the model's features.",
            Assert.Throws<InputException>(() => Calibration.Collect(graph, [[1, 2], [1, 2, 3], [1]])).Message);
        Assert.Contains("needs calibration rows", Assert.Throws<InputException>(() => Calibration.Collect(graph, [])).Message, StringComparison.Ordinal);
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            string message = Assert.Throws<InputException>(() => Calibration.Collect(graph, [[1, 2], [0, 0], [1, value]])).Message;
            Assert.StartsWith("Calibration row 3 makes tensor 'x' ", message, StringComparison.Ordinal);
        }

        // Finite inputs that overflow behind the layer.
        Assert.StartsWith("Calibration row 1 makes tensor 'h' ", Assert.Throws<InputException>(() => Calibration.Collect(graph, [[3e38f, -3e38f]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_values_set_no_range_and_are_filled_in_before_they_are_quantized()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        Value filled = builder.Where(builder.Unary(UnaryKind.IsNaN, x), Value.Constant("fill", [5f, -3f], 1, 2), x);
        graph.Outputs.Add(builder.Dense(filled, Value.Constant("w", [1f, -2f], 1, 2), null));
        float[][] rows = [[1f, float.NaN], [float.NaN, -2f], [4f, 3f], [float.NaN, float.NaN], [2f, 0.5f]];
        Assert.Contains("'x' NaN", Assert.Throws<InputException>(() => PreparedGraph.From(graph, rows)).Message, StringComparison.Ordinal);

        graph.Metadata = graph.Metadata with { AcceptsMissing = true };
        ValueStatistics seen = Calibration.Collect(graph, rows)[x];
        Assert.Equal((1f, 4f, -2f, 3f), (seen.ChannelLow[0], seen.ChannelHigh[0], seen.ChannelLow[1], seen.ChannelHigh[1]));
        Assert.Equal([7.0 / 3, 0.5], seen.Means);
        Assert.Equal(6, seen.Histogram.Sum());
        foreach (Precision precision in (Precision[])[Precision.Int8, Precision.Int16])
        {
            Graph quantized = Quantizer.Quantize(graph, rows, precision);
            Assert.NotEqual(TensorType.Float32, quantized.Nodes.Single(node => node.Opcode == Opcode.Dense).Input(0).Type);
            float[][] outputs = GraphRunner.RunAll(quantized, rows);
            Assert.All(GraphRunner.RunAll(graph, rows).Zip(outputs), pair => Assert.Equal(pair.First[0], pair.Second[0], 0.15f));
        }

        // An infinity is nobody's missing value.
        Assert.Contains("'x' ", Assert.Throws<InputException>(() => PreparedGraph.From(graph, [[1f, float.PositiveInfinity]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preparation_puts_activations_on_their_own_and_leaves_the_source_as_it_is()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        Value first = builder.Dense(x, Value.Constant("w", [1f, 0f, 0f, 1f], 2, 2), null, node => node.WithActivation(DenseRule.Activation, ActivationKind.LeakyReLU, 0.25f));
        graph.Outputs.Add(builder.Dense(first, Value.Constant("v", [1f, 0f, 0f, 1f], 2, 2), null));
        Graph prepared = PreparedGraph.From(graph, [[-4, 2]]).Graph;
        Assert.Equal([Opcode.Dense, Opcode.Activation, Opcode.Dense], prepared.Nodes.Select(node => node.Opcode));
        Assert.All(prepared.Nodes.Where(node => node.Opcode == Opcode.Dense), node => Assert.Equal((int)ActivationKind.Linear, node.Parameters[DenseRule.Activation]));
        Node activation = prepared.Nodes[1];
        Assert.Equal(((int)ActivationKind.LeakyReLU, 0.25f), (activation.Parameters[ActivationRule.Kind], activation.Float(ActivationRule.Alpha)));
        Assert.Same(prepared.Nodes[0].Output, activation.Input(0));
        Assert.Same(prepared.Nodes[2].Input(0), activation.Output);
        Assert.Equal(2, graph.Nodes.Count);
        Assert.Equal((int)ActivationKind.LeakyReLU, graph.Nodes[0].Parameters[DenseRule.Activation]);
        Assert.Equal([[-1f, 2f]], GraphRunner.RunAll(prepared, [[-4, 2]]));
    }

    [Fact]
    public void Channels_are_evened_out_only_where_that_is_asked_for()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 1);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        graph.Outputs.Add(builder.Dense(builder.Dense(x, Value.Constant("w", [16f], 1, 1), null), Value.Constant("v", [1f], 1, 1), null));
        Assert.Equal([16f], PreparedGraph.From(graph, [[1]]).Graph.Nodes[0].Input(1).Floats);
        Assert.Equal([4f], PreparedGraph.From(graph, [[1]], equalize: true).Graph.Nodes[0].Input(1).Floats);
    }

    [Fact]
    public void Layers_count_their_weights_and_products()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 5, 6, 2);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        Value start = builder.Activation(ActivationKind.Tanh, x);
        Value conv = builder.Conv(start, Value.Constant("w", new float[4 * 3 * 3 * 2], 4, 3, 3, 2), Value.Constant("b", new float[4], 4), new Window(3, 1, 1, 0, 0, 3), new Window(3, 1, 1, 0, 0, 4), 1);
        Value flat = builder.Reshape(builder.Activation(ActivationKind.ReLU, conv), 1, 48);
        graph.Outputs.Add(builder.Activation(ActivationKind.Sigmoid, builder.Dense(flat, Value.Constant("v", new float[7 * 48], 7, 48), null)));
        var groups = new LayerGroups(graph);
        Assert.Equal([(1, 0, 0L), (3, 72, 3 * 4 * 72L), (2, 336, 336L)], groups.Layers.Select(layer => (layer.Nodes.Count, layer.Weights, layer.MultiplyAccumulates)));
        Assert.Equal([0, 1, 1, 1, 2, 2], graph.Nodes.Select(groups.IndexOf));
        Assert.Equal(graph.Nodes[1].Name, groups.Layers[1].Name);
    }

    [Fact]
    public void Tensors_that_an_operator_only_moves_share_a_range()
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        var builder = new GraphBuilder(graph) { Name = "node" };
        Value a = builder.Activation(ActivationKind.Tanh, x);
        Value b = builder.Activation(ActivationKind.Sigmoid, x);
        Value c = builder.Activation(ActivationKind.ELU, x);
        Value moved = builder.Reshape(b, 2, 1);
        Value joined = builder.Concat(1, a, builder.Transpose(moved, 1, 0));
        graph.Outputs.Add(builder.Concat(1, joined, builder.Arithmetic(Opcode.Add, joined, builder.Concat(1, c, c))));
        var groups = new ScaleGroups(graph);
        Assert.Equal([a, b], groups.Of(a).Take(2));
        Assert.Equal(groups.Of(a), groups.Of(moved));
        Assert.Equal(groups.Of(a), groups.Of(joined));
        Assert.Equal([a, b, graph.Nodes.Single(node => node.Opcode == Opcode.Add).Output], groups.Of(graph.Outputs[0]));
        Assert.Equal([c], groups.Of(c));
        Assert.Equal([x], groups.Of(x));
    }

    private static void Check(ValueStatistics statistics, double[][] rows)
    {
        for (int channel = 0; channel < 2; channel++)
        {
            double[] column = [.. rows.Select(row => row[channel])];
            Assert.Equal(column.Min(), statistics.ChannelLow[channel]);
            Assert.Equal(column.Max(), statistics.ChannelHigh[channel]);
            Assert.Equal(column.Average(), statistics.Means[channel], 1e-12);
        }

        Assert.Equal(2 * rows.Length, statistics.Histogram.Sum());
    }

    // relu(Wx + b), one after the other.
    private static Graph Line(out Value x, out Value h, out Value y)
    {
        var graph = new Graph();
        x = new Value("x", TensorType.Float32, 1, 2);
        h = new Value("h", TensorType.Float32, 1, 2);
        y = new Value("y", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        graph.Nodes.Add(new Node(Opcode.Dense, "d", [x, Value.Constant("w", [2f, -1f, 0f, 1f], 2, 2), Value.Constant("b", [0.5f, -1f], 2)], h).WithActivation(DenseRule.Activation, ActivationKind.Linear));
        graph.Nodes.Add(new Node(Opcode.Activation, "a", [h], y).WithActivation(ActivationRule.Kind, ActivationKind.ReLU));
        graph.Outputs.Add(y);
        return graph;
    }
}
