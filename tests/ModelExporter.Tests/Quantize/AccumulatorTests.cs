extern alias nano;

using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Exported layers whose sums come near to what an accumulator holds, against their source in double precision.</summary>
public class AccumulatorTests
{
    [Theory]
    [InlineData(Precision.Int16)]
    [InlineData(Precision.Int8)]
    public void A_mean_over_160000_positions_is_that_of_float32_on_every_engine(Precision precision)
    {
        const int Positions = 160_000;
        float[][] rows = [.. new[] { 0.026f, -2f, 2f }.Select(mean => Enumerable.Range(0, Positions).Select(i => mean + (0.05f * MathF.Sin(i))).ToArray())];
        ConvertedModel model = EdgeConverter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "quantization", "audio.onnx"));
        using EdgeModel source = EdgeModel.Load(model.ToBytes());
        using Session real = source.CreateSession();
        float[] expected = new float[1];
        Check(model.Quantize(rows, new QuantizeOptions { Precision = precision }).ToBytes(), rows, Real, 0.01);

        double Real(float[] row)
        {
            real.Run(row, expected);
            return expected[0];
        }
    }

    // 16,384 sigmoids near 1/2 by weights near 1/2, less their mean: the bias is 2³⁴ steps, 16 times what int32 would let it be.
    [Fact]
    public void A_bias_as_large_as_a_sum_does_not_coarsen_the_weights_of_int16()
    {
        const int Inputs = 16_384;
        var random = new Random(7);
        float[] weights = [.. Enumerable.Range(0, Inputs).Select(_ => (float)random.NextDouble())];
        float[][] rows = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, Inputs).Select(_ => (4 * (float)random.NextDouble()) - 2).ToArray())];
        double bias = -weights.Sum(w => w * 0.5);
        double Exact(float[] row) => row.Zip(weights, (x, w) => w / (1 + Math.Exp(-x))).Sum() + bias;
        double span = rows.Max(Exact) - rows.Min(Exact);
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "layer" };
        var x = new Value("x", ModelFormat.TensorType.Float32, [1, Inputs]);
        graph.Inputs.Add(x);
        graph.Outputs.Add(builder.Dense(builder.Activation(ModelFormat.ActivationKind.Sigmoid, x), Value.Constant("w", weights, 1, Inputs), Value.Constant("b", [(float)bias], 1)));
        Check(ModelWriter.Write(Quantizer.Quantize(graph, rows, Precision.Int16)), rows, Exact, span * 0.005);
    }

    // 140,000 products of 127 and 128 are more than int32 holds.
    [Fact]
    public void Weights_are_coarser_where_int32_would_not_hold_their_sum()
    {
        const int Inputs = 140_000;
        float[] weights = [.. Enumerable.Repeat(0.5f, Inputs)];
        float[][] rows = [.. new[] { -1f, 1f, 0.25f, -0.75f }.Select(x => Enumerable.Repeat(x, Inputs).ToArray())];
        Check(ModelWriter.Write(Quantizer.Quantize(Dense(Inputs, weights), rows, Precision.Int8)), rows, row => row.Sum(x => x * 0.5), Inputs * 0.02);
    }

    [Theory]
    [InlineData(66_311, 1.0)]
    [InlineData(66_312, 1.01001)]
    public void A_row_is_coarser_only_where_its_sum_passes_int32(int depth, double scale)
    {
        QuantizedWeights actual = QuantizedWeights.From([.. Enumerable.Repeat(127.0, depth)], [0], 1, null, true, zeroPoint: -128);
        Assert.Equal(scale, actual.Scales[0], 1e-5);
        Assert.InRange(actual.Weights.Sum(weight => weight * 255L), int.MinValue, int.MaxValue);
    }

    [Fact]
    public void Other_rows_keep_their_scale_where_one_passes_int32()
    {
        double[] weights = [.. Enumerable.Repeat(127.0, 70_000), .. Enumerable.Repeat(1.0, 69_999), 127];
        QuantizedWeights own = QuantizedWeights.From(weights, [0, 0], 1, null, true, zeroPoint: -128);
        Assert.InRange(own.Scales[0], 1.05f, 1.08f);
        Assert.Equal(1f, own.Scales[1], 1e-6f);
        QuantizedWeights one = QuantizedWeights.From(weights, [0, 0], 1, null, false, zeroPoint: -128);
        Assert.Equal(one.Scales[0], one.Scales[1]);
    }

    [Theory]
    [InlineData(1L << 40, 1.0, 1.0)]
    [InlineData(-(1L << 45), 1.0, 1.0)]
    [InlineData(1L << 46, 1.0, 2.0)]
    [InlineData(1L << 40, 4294967296.0, 4.0)]
    [InlineData(1L << 40, 1099511627776.0, 1024.0)]
    public void A_bias_of_64_bits_makes_its_row_coarser_only_past_2_to_the_45th_or_where_it_rounds_to_nothing(long bias, double outputScale, double scale)
    {
        QuantizedWeights actual = QuantizedWeights.From([127, -127], [bias], 1, null, true, wideOutputScale: outputScale);
        Assert.Equal((float)scale, actual.Scales[0]);
        Assert.Equal((long)(bias / scale), actual.Biases[0]);
    }

    [Fact]
    public void A_bias_of_64_bits_over_zero_weights_is_kept()
    {
        QuantizedWeights actual = QuantizedWeights.From([0, 0], [6], 1, null, true, wideOutputScale: 1);
        Assert.True(QuantizedMultiplier.From(actual.Scales[0]).Multiplier > 0);
        Assert.Equal(6, actual.Biases[0] * (double)actual.Scales[0], 1e-6);
    }

    private static Graph Dense(int inputs, float[] weights)
    {
        var graph = new Graph();
        var builder = new GraphBuilder(graph) { Name = "layer" };
        var x = new Value("x", ModelFormat.TensorType.Float32, [1, inputs]);
        graph.Inputs.Add(x);
        graph.Outputs.Add(builder.Dense(x, Value.Constant("w", weights, 1, inputs), null));
        return graph;
    }

    private static void Check(byte[] file, float[][] rows, Func<float[], double> exact, double room)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        var device = new nano::EdgeInference.Nano.NanoSession(nano::EdgeInference.Nano.NanoModel.Load(file));
        float[] output = new float[1];
        float[] twin = new float[1];
        foreach (float[] row in rows)
        {
            fast.Run(row, output);
            Assert.Equal(exact(row), output[0], room);
            reference.Run(row, twin);
            Assert.Equal(output, twin);
            device.Run(row, twin);
            Assert.Equal(output, twin);
        }
    }
}
