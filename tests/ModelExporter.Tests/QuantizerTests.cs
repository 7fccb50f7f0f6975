using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests;

public class QuantizerTests
{
    // PReLU needs slopes; Step and ThresholdedReLU jump, and at a jump no rounding is close.
    public static TheoryData<ActivationKind> Activations =>
        [.. Enum.GetValues<ActivationKind>().Where(kind => kind is not (ActivationKind.PReLU or ActivationKind.Step or ActivationKind.ThresholdedReLU))];

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_int8_model_stays_close_to_its_float_original(ActivationKind kind)
    {
        Graph graph = RandomModel(kind, [6, 24, 12, 1]);
        float[][] rows = Rows(400, 6);
        Graph quantized = Quantizer.Quantize(graph, rows, Precision.Int8);
        Assert.Equal(Precision.Int8, quantized.Metadata.Precision);
        Assert.All(quantized.Nodes.Where(node => node.Opcode == Opcode.Dense), node => Assert.Equal(TensorType.Int8, node.Input(0).Type));

        double worst = 0;
        using var real = new GraphRunner(graph, graph.Outputs);
        using var integer = new GraphRunner(quantized, quantized.Outputs);
        foreach (float[] row in rows)
        {
            real.Run(row);
            integer.Run(row);
            worst = Math.Max(worst, Math.Abs(real.Values(0)[0] - integer.Values(0)[0]));
        }

        Assert.InRange(worst, 1e-6, 0.06);
    }

    [Fact]
    public void Features_of_any_size_keep_their_levels()
    {
        // The second feature is a million times the first and matters as much.
        var graph = new Graph();
        var input = new Value("x", TensorType.Float32, 1, 2);
        var output = new Value("y", TensorType.Float32, 1, 1);
        graph.Inputs.Add(input);
        graph.Nodes.Add(new Node(Opcode.Dense, "d", [input, Value.Constant("w", [1f, 1e-6f], 1, 2), Value.Constant("b", [-5f], 1)], output));
        graph.Outputs.Add(output);
        float[][] rows = [.. Enumerable.Range(0, 100).Select(i => new[] { 5 + (i % 10 / 10f), 3e6f + (i * 1e4f) })];
        Graph quantized = Quantizer.Quantize(graph, rows, Precision.Int8);
        using var real = new GraphRunner(graph, graph.Outputs);
        using var integer = new GraphRunner(quantized, quantized.Outputs);
        foreach (float[] row in rows)
        {
            real.Run(row);
            integer.Run(row);
            Assert.Equal(real.Values(0)[0], integer.Values(0)[0], 0.03f);
        }
    }

    [Theory]
    [InlineData(RangeMethod.Percentile)]
    [InlineData(RangeMethod.MeanSquareError)]
    [InlineData(RangeMethod.Entropy)]
    public void An_outlier_does_not_take_the_range(RangeMethod method)
    {
        var statistics = new ValueStatistics(1);
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => MathF.Sin(i)), 1000f];
        statistics.AddExtremes(values);
        statistics.AddHistogram(values);
        ValueRange range = RangeEstimator.Estimate(statistics, method);
        Assert.InRange(range.High, 0.9f, 950f);
        Assert.Equal(1000f, RangeEstimator.Estimate(statistics, RangeMethod.MinMax).High);
    }

    [Fact]
    public void Zero_is_exact_and_a_constant_tensor_has_a_scale()
    {
        foreach (var range in new[] { new ValueRange(-1, 3), new ValueRange(2, 5), new ValueRange(-4, -3), new ValueRange(0, 0) })
        {
            Quantization quantization = range.ToInt8();
            Assert.InRange(quantization.ZeroPoint, -128, 127);
            Assert.True(quantization.Scale > 0);
            Assert.InRange(quantization.Scale * (127 - quantization.ZeroPoint), range.High - quantization.Scale, float.MaxValue);
        }
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_by_number()
    {
        Graph graph = RandomModel(ActivationKind.ReLU, [3, 2, 1]);
        Assert.Contains("needs calibration rows", Assert.Throws<InputException>(() => Quantizer.Quantize(graph, [], Precision.Int8)).Message, StringComparison.Ordinal);
        Assert.Contains("row 2", Assert.Throws<InputException>(() => Quantizer.Quantize(graph, [[1, 2, 3], [1, 2]], Precision.Int8)).Message, StringComparison.Ordinal);
        Assert.Contains("row 1", Assert.Throws<InputException>(() => Quantizer.Quantize(graph, [[1, 2, float.NaN]], Precision.Int8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Self_test_vectors_travel_with_the_model_and_reproduce()
    {
        Graph graph = Quantizer.Quantize(RandomModel(ActivationKind.Tanh, [4, 8, 1]), Rows(50, 4), Precision.Int8);
        graph.Metadata = graph.Metadata with { SelfTestInputs = Rows(3, 4) };
        byte[] file = ModelWriter.Write(graph);
        using EdgeModel model = EdgeModel.Load(file);
        Assert.Equal(3, SelfTest.Count(model));
        Assert.True(SelfTest.Run(model));
        Assert.True(SelfTest.Run(model, KernelSet.Reference));

        byte[] wrong = (byte[])file.Clone();
        wrong[model.File.SectionOffset(FormatLayout.SelfTestSection) + model.File.SectionLength(FormatLayout.SelfTestSection) - 1] ^= 0x40;
        EdgeInference.ModelFormat.Writing.ModelBuilder.WriteCrc(wrong);
        using EdgeModel other = EdgeModel.Load(wrong);
        Assert.False(SelfTest.Run(other));
    }

    private static float[][] Rows(int count, int length)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray())];
    }

    private static Graph RandomModel(ActivationKind hidden, int[] sizes)
    {
        var random = new Random(7);
        var graph = new Graph();
        var value = new Value("input", TensorType.Float32, 1, sizes[0]);
        graph.Inputs.Add(value);
        for (int layer = 1; layer < sizes.Length; layer++)
        {
            int depth = sizes[layer - 1];
            float[] weights = [.. Enumerable.Range(0, depth * sizes[layer]).Select(_ => (float)((random.NextDouble() - 0.5) * 3 / Math.Sqrt(depth)))];
            float[] bias = [.. Enumerable.Range(0, sizes[layer]).Select(_ => (float)(random.NextDouble() - 0.5))];
            var output = new Value($"layer{layer}", TensorType.Float32, 1, sizes[layer]);
            graph.Nodes.Add(new Node(Opcode.Dense, $"dense{layer}", [value, Value.Constant($"w{layer}", weights, sizes[layer], depth), Value.Constant($"b{layer}", bias, sizes[layer])], output)
                .WithActivation(DenseRule.Activation, layer == sizes.Length - 1 ? ActivationKind.Sigmoid : hidden));
            value = output;
        }

        graph.Outputs.Add(value);
        return graph;
    }
}
