using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Second branches of the quantizer: scores of two classes, layers that others share, layers of two kinds, what is not quantized at all.</summary>
public class QuantizerRoleTests
{
    // The margin of two scores is half their difference; of two probabilities the second is compared with the threshold.
    [Theory]
    [InlineData(OutputRole.Score)]
    [InlineData(OutputRole.Probability)]
    public void The_loss_counts_rows_that_the_role_s_own_rule_decides_otherwise(OutputRole role)
    {
        const float Threshold = 0.3f;
        var random = new Random(4);
        Graph graph = Graph((b, x) => b.Dense(x, C([0.9f, -0.37f, 0.11f, 0.83f], 2, 2), C([-0.6f, -0.2f], 2)));
        graph.Metadata = graph.Metadata with { OutputRoles = [role] };
        float[][] rows = [.. Enumerable.Range(0, 1500).Select(_ => new[] { random.NextSingle(), random.NextSingle() })];
        PreparedGraph prepared = PreparedGraph.From(graph, rows);
        AutoPrecisionResult result = AutoPrecision.Choose(prepared, new DecisionRule(role, Threshold, 2), 1, new QuantizationOptions());
        float[][] real = GraphRunner.RunAll(prepared.Graph, rows);
        float[][] quantized = GraphRunner.RunAll(Quantizer.Quantize(prepared, _ => Precision.Int8), rows);
        int changed = real.Zip(quantized, (a, b) => Decide(a) == Decide(b) ? 0 : 1).Sum();
        Assert.InRange(changed, 1, rows.Length / 10);
        Assert.Equal((double)changed / rows.Length, result.Loss, 1e-12);

        int Decide(float[] y) => (role == OutputRole.Score ? (y[1] - y[0]) * 0.5f : y[1]) >= Threshold ? 1 : 0;
    }

    [Fact]
    public void Weights_that_an_unrelated_layer_shares_are_left_alone()
    {
        Assert.Equal(0, Pairs((b, x) =>
        {
            Value shared = W("a");
            return b.Arithmetic(Opcode.Add, b.Dense(b.Dense(x, shared, null), W("b"), null), b.Dense(x, shared, null));
        }));
        Assert.Equal(0, Pairs((b, x) =>
        {
            Value shared = W("b");
            return b.Arithmetic(Opcode.Add, b.Dense(b.Dense(x, W("a"), null), shared, null), b.Dense(x, shared, null));
        }));

        // A bias that is computed cannot be divided; values that another layer takes for its weights cannot either.
        Assert.Equal(0, Pairs((b, x) =>
        {
            var h = new Value("h", TensorType.Float32, 1, 2);
            b.Graph.Nodes.Add(new Node(Opcode.Dense, "d", [x, W("a"), b.Reshape(b.Unary(UnaryKind.Neg, x), 2)], h).WithActivation(DenseRule.Activation, ActivationKind.Linear));
            return b.Dense(h, W("b"), null);
        }));
        Assert.Equal(0, Pairs((b, x) =>
        {
            var y = new Value("y", TensorType.Float32, 1, 1);
            b.Graph.Nodes.Add(new Node(Opcode.Dense, "d", [x, b.Dense(x, W("a"), null)], y).WithActivation(DenseRule.Activation, ActivationKind.Linear));
            return y;
        }));
    }

    [Fact]
    public void Layers_without_a_bias_keep_what_they_compute()
    {
        Graph graph = Graph((b, x) => b.Dense(b.Activation(ActivationKind.ReLU, b.Dense(x, C([8f, 4f, 0.01f, 0.02f], 2, 2), null)), C([0.1f, 9f, -0.2f, 5f], 2, 2), null));
        float[][] rows = [[1f, 2f], [-1f, 3f], [0.5f, 0.25f]];
        float[][] before = GraphRunner.RunAll(graph, rows);
        Assert.Equal(1, CrossLayerEqualization.Apply(graph));
        float[][] after = GraphRunner.RunAll(graph, rows);
        Assert.All(before.SelectMany(row => row).Zip(after.SelectMany(row => row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(Precision.Int8, Precision.Int8, "int8")]
    [InlineData(Precision.Int16, Precision.Int16, "int16")]
    [InlineData(Precision.Int8, Precision.Float32, "mixed")]
    [InlineData(Precision.Float32, Precision.Int8, "mixed")]
    public void Convolutions_count_in_the_precision_of_a_model(Precision conv, Precision dense, string expected)
    {
        var one = new Window(1, 1, 1, 0, 0, 1);
        var two = new Window(1, 1, 1, 0, 0, 2);
        Graph graph = Graph((b, x) => b.Dense(b.Reshape(b.Conv(b.Reshape(x, 1, 1, 2, 1), C([0.5f, -2f], 2, 1, 1, 1), null, one, two, 1), 1, 4), C([1f, 2f, 3f, 4f], 1, 4), null));
        PreparedGraph prepared = PreparedGraph.From(graph, [[1f, 2f], [-1f, 0.5f]]);
        Assert.Equal(expected, PrecisionText.Of(Quantizer.Quantize(prepared, node => node.Opcode == Opcode.Conv ? conv : dense).Metadata.Precision));
    }

    [Fact]
    public void What_is_computed_where_a_constant_is_needed_stays_in_float32()
    {
        Graph gather = Quantizer.Quantize(Graph((b, x) => b.Gather(b.Activation(ActivationKind.Tanh, b.Reshape(x, 2)), b.Reshape(x, 2), 0)), [[0f, 1f], [1f, 0f]], Precision.Int8);
        Assert.Equal(TensorType.Float32, gather.Nodes.Single(node => node.Opcode == Opcode.Gather).Input(0).Type);
        Graph concat = Quantizer.Quantize(Graph((b, x) => b.Concat(1, b.Activation(ActivationKind.Tanh, x), C([5f], 1, 1))), [[0f, 1f], [1f, 0f]], Precision.Int8);
        Assert.Equal(TensorType.Float32, concat.Nodes.Single(node => node.Opcode == Opcode.Concat).Input(0).Type);
    }

    // int16 has kernels for Dense and Conv among layers, and a PReLU table for each channel in int8 alone.
    [Fact]
    public void Operators_without_an_int16_kernel_stay_in_float32()
    {
        var one = new Window(1, 1, 1, 0, 0, 1);
        var two = new Window(1, 1, 1, 0, 0, 2);
        foreach (Precision precision in (Precision[])[Precision.Int8, Precision.Int16])
        {
            foreach (Opcode opcode in (Opcode[])[Opcode.Conv, Opcode.ConvTranspose, Opcode.Activation])
            {
                TensorType expected = precision == Precision.Int8 ? TensorType.Int8 : opcode == Opcode.Conv ? TensorType.Int16 : TensorType.Float32;
                Graph quantized = Quantizer.Quantize(Graph((b, x) =>
                {
                    Value h = b.Activation(ActivationKind.Tanh, x);
                    Value image = b.Reshape(h, 1, 1, 2, 1);
                    return opcode switch
                    {
                        Opcode.Conv => b.Conv(image, C([0.5f, -2f], 2, 1, 1, 1), null, one, two, 1),
                        Opcode.ConvTranspose => b.ConvTranspose(image, C([0.5f, -2f], 2, 1, 1, 1), null, one, two, 1),
                        _ => b.PReLU(h, C([0.5f, 2f], 2)),
                    };
                }), [[1f, 2f], [-1f, 0.5f]], precision);
                Node node = opcode == Opcode.Activation
                    ? quantized.Nodes.Last(node => node.Opcode is Opcode.Table or Opcode.Activation)
                    : quantized.Nodes.Single(node => node.Opcode == opcode);
                Assert.Equal(expected, node.Input(0).Type);
            }
        }
    }

    private static int Pairs(Func<GraphBuilder, Value, Value> model) => CrossLayerEqualization.Apply(Graph(model));

    private static Graph Graph(Func<GraphBuilder, Value, Value> model)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(x);
        graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
        return graph;
    }

    private static Value W(string name) => Value.Constant(name, [1f, 2f, 3f, 4f], 2, 2);

    private static Value C(float[] values, params int[] shape) => Value.Constant("c", values, shape);
}
