using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests;

/// <summary>Residual and branching networks: no operator between their layers stays in float32, and the outputs stay close.</summary>
public class BranchingQuantizerTests
{
    private const int Width = 16;

    public static TheoryData<string, Precision> Cases =>
    [
        .. from name in models.Keys
           from precision in new[] { Precision.Int8, Precision.Int16 }
           where precision == Precision.Int8 || name is not ("prelu" or "image")
           select (name, precision),
    ];

    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> models = new()
    {
        ["residual"] = (b, x) => b.Activation(ActivationKind.ReLU, b.Arithmetic(Opcode.Add, Layer(b, x, 1), Layer(b, b.Activation(ActivationKind.Tanh, Layer(b, x, 2)), 3))),
        ["difference and product"] = (b, x) => b.Arithmetic(Opcode.Mul, b.Arithmetic(Opcode.Sub, Layer(b, x, 1), Layer(b, x, 2)), b.Activation(ActivationKind.Sigmoid, Layer(b, x, 3))),
        ["concat"] = (b, x) => Layer(b, b.Concat(1, Layer(b, x, 1), b.Activation(ActivationKind.Sigmoid, Layer(b, x, 2))), 3),
        ["constants"] = (b, x) => b.Arithmetic(Opcode.Div, b.Arithmetic(Opcode.Add, b.Activation(ActivationKind.Tanh, Layer(b, x, 1)), Constant(4, Width)), b.Scalar(0.7)),
        ["split, pad and transpose"] = (b, x) =>
        {
            Value y = b.Reshape(Layer(b, x, 1), 1, 4, 4);
            Value padded = b.Pad(b.Slice(y, 1, 0, 2), [0, 1, 0], [0, 1, 0], PadMode.Constant);
            return b.Arithmetic(Opcode.Add, b.Transpose(padded, 0, 2, 1), y);
        },
        ["reductions"] = (b, x) =>
        {
            Value y = b.Reshape(Layer(b, x, 1), 1, 4, 4);
            return b.Concat(1, b.Reduce(ReduceKind.Mean, y, [1], false), b.Reduce(ReduceKind.Max, y, [2], false), b.Reduce(ReduceKind.Sum, y, [2], false));
        },
        ["prelu"] = (b, x) => Layer(b, b.PReLU(Layer(b, x, 1), Constant(2, Width)), 3),
        ["chain"] = (b, x) => Layer(b, b.Unary(UnaryKind.Log, b.Activation(ActivationKind.Sigmoid, Layer(b, x, 1))), 2),
        ["image"] = (b, x) =>
        {
            var same = new Window(3, 1, 1, 1, 1, 4);
            Value y = b.Conv(b.Reshape(x, 1, 4, 4, 1), Constant(5, 8, 3, 3, 1), null, same, same, 1);
            Value z = b.Conv(b.Activation(ActivationKind.ReLU, y), Constant(6, 8, 3, 3, 8), Constant(7, 8), same, same, 1);
            var half = new Window(2, 2, 1, 0, 0, 2);
            Value pooled = b.Pool(Opcode.MaxPool, b.Activation(ActivationKind.ReLU, b.Arithmetic(Opcode.Add, y, z)), half, half);
            var twice = new Window(2, 2, 1, 0, 0, 4);
            return b.Reduce(ReduceKind.Mean, b.ConvTranspose(pooled, Constant(8, 6, 2, 2, 8), Constant(9, 6), twice, twice, 1), [1, 2], false);
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_branching_model_has_no_float32_between_its_ends_and_stays_close(string name, Precision precision)
    {
        var graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, Width);
        graph.Inputs.Add(input);
        graph.Outputs.Add(models[name](new GraphBuilder(graph) { Name = "node" }, input));
        GraphOptimizer.Optimize(graph);
        float[][] rows = [.. Enumerable.Range(0, 200).Select(row => Draw(row + 100, Width))];
        Graph quantized = Quantizer.Quantize(graph, rows, precision);
        Assert.All(quantized.Nodes, node => Assert.True(node.Opcode == Opcode.Quantize || node.Input(0).Type != TensorType.Float32, $"{node} is float32"));

        float[][] expected = GraphRunner.RunAll(graph, rows);
        float[][] actual = GraphRunner.RunAll(quantized, rows);
        double range = expected.Max(row => row.Max()) - expected.Min(row => row.Min());
        double worst = expected.Zip(actual, (a, b) => a.Zip(b, (p, q) => Math.Abs(p - q)).Max()).Max();
        Assert.InRange(worst / range, 0, precision == Precision.Int8 ? 0.06 : 0.015);

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(quantized));
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        var one = new float[model.OutputLength];
        var other = new float[model.OutputLength];
        foreach (float[] row in rows)
        {
            fast.Run(row, one);
            reference.Run(row, other);
            Assert.Equal(other, one);
        }
    }

    [Fact]
    public void Parts_of_a_concatenation_share_its_scale()
    {
        var graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, Width);
        graph.Inputs.Add(input);
        var builder = new GraphBuilder(graph) { Name = "node" };
        graph.Outputs.Add(Layer(builder, builder.Concat(1, Layer(builder, input, 1), Layer(builder, builder.Activation(ActivationKind.ReLU, Layer(builder, input, 2)), 3)), 4));
        Graph quantized = Quantizer.Quantize(graph, [.. Enumerable.Range(0, 50).Select(row => Draw(row, Width))], Precision.Int8);
        Node concat = quantized.Nodes.Single(node => node.Opcode == Opcode.Concat);
        Assert.All(concat.Inputs, part => Assert.Equal(concat.Output.Quantization, part!.Quantization));
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode == Opcode.Table);
    }

    [Fact]
    public void Standardisation_of_features_that_several_readers_share_is_done_by_Quantize()
    {
        // The second feature is a million times the first.
        var graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(input);
        var builder = new GraphBuilder(graph) { Name = "node" };
        Value x = builder.Arithmetic(Opcode.Div, builder.Arithmetic(Opcode.Sub, input, Value.Constant("mean", [1f, 1e6f], 2)), Value.Constant("scale", [2f, 2e6f], 2));
        graph.Outputs.Add(builder.Concat(1, x, builder.Activation(ActivationKind.Tanh, x)));
        float[][] rows = [.. Enumerable.Range(0, 100).Select(row => Draw(row, 2)).Select(row => new[] { 1 + row[0], 1e6f * (1 + row[1]) })];
        Graph quantized = Quantizer.Quantize(graph, rows, Precision.Int8);
        Assert.DoesNotContain(quantized.Nodes, node => node.Opcode is Opcode.Sub or Opcode.Div);
        float[][] expected = GraphRunner.RunAll(graph, rows);
        float[][] actual = GraphRunner.RunAll(quantized, rows);
        Assert.All(expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), values => Assert.Equal(values.First, values.Second, 0.01f)));
    }

    [Fact]
    public void A_logarithm_of_raw_features_keeps_the_levels_of_each()
    {
        var graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, 2);
        graph.Inputs.Add(input);
        var builder = new GraphBuilder(graph) { Name = "node" };
        Value x = builder.Unary(UnaryKind.Log, builder.Arithmetic(Opcode.Add, input, builder.Scalar(1)));
        graph.Outputs.Add(builder.Dense(x, Value.Constant("w", [1f, 1f], 1, 2), null));
        float[][] rows = [.. Enumerable.Range(0, 100).Select(row => new[] { row % 10 / 5f, row * 1000f })];
        Graph quantized = Quantizer.Quantize(graph, rows, Precision.Int8);
        float[][] expected = GraphRunner.RunAll(graph, rows);
        float[][] actual = GraphRunner.RunAll(quantized, rows);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First[0], pair.Second[0], 0.2f));
    }

    private static Value Layer(GraphBuilder builder, Value x, int seed) =>
        builder.Dense(x, Constant(seed, Width, x.LastDimension), Constant(seed + 50, Width));

    private static Value Constant(int seed, params int[] shape) => Value.Constant($"c{seed}", Draw(seed, shape.Aggregate((a, b) => a * b)), shape);

    private static float[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
