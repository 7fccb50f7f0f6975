using EdgeInference.ModelConverter.Quantize.Operators;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Weights, their scales and biases as integers, worked out by hand.</summary>
public class WeightQuantizationTests
{
    private const double BiasLimit = 1 << 30;

    [Fact]
    public void Weights_are_rounded_half_away_from_zero_in_steps_of_a_127th_of_the_largest()
    {
        QuantizedWeights actual = QuantizedWeights.From([127, 0.5, -0.5, 1.5, -1.5, 0.49, -127, 126.5], [0], 1, null, true);
        Assert.Equal([1f], actual.Scales);
        Assert.Equal(new sbyte[] { 127, 1, -1, 2, -2, 0, -127, 127 }, actual.Weights);
    }

    [Fact]
    public void Each_row_has_a_scale_and_a_row_of_zeros_one_too()
    {
        double[] weights = [254, 2, 0, 0, -0.25, 0.125, 63.5, -31.75];
        QuantizedWeights perChannel = QuantizedWeights.From(weights, [0, 0, 0, 0], 1, null, true);
        Assert.Equal([2f, 1f, (float)(0.25 / 127), 0.5f], perChannel.Scales);
        Assert.Equal(new sbyte[] { 127, 1, 0, 0, -127, 64, 127, -64 }, perChannel.Weights);

        QuantizedWeights perTensor = QuantizedWeights.From(weights, [0, 0, 0, 0], 1, null, false);
        Assert.Equal([2f, 2f, 2f, 2f], perTensor.Scales);
        Assert.Equal(new sbyte[] { 127, 1, 0, 0, 0, 0, 32, -16 }, perTensor.Weights);
    }

    [Theory]
    [InlineData(127e-30, 1e-30f)]
    [InlineData(63e-30, 1f)]
    [InlineData(254e-30, 2e-30f)]
    public void A_row_that_is_next_to_nothing_has_the_scale_1(double weight, float scale) =>
        Assert.Equal(scale, QuantizedWeights.From([weight * 1.000001], [0], 1, null, true).Scales[0], scale * 1e-5f);

    [Theory]
    [InlineData(2.5, 3)]
    [InlineData(-2.5, -3)]
    [InlineData(3.49, 3)]
    [InlineData(0, 0)]
    public void A_bias_counts_products_of_both_scales_and_is_rounded_half_away_from_zero(double bias, long expected)
    {
        // The row's scale is 2 and the input's 1/4.
        QuantizedWeights actual = QuantizedWeights.From([254, -2], [bias / 2], 0.25, null, true);
        Assert.Equal([expected], actual.Biases);
    }

    [Theory]
    [InlineData(BiasLimit, 1.0)]
    [InlineData(-BiasLimit, 1.0)]
    [InlineData(BiasLimit * 2, 2.0)]
    [InlineData(-BiasLimit * 3, 3.0)]
    [InlineData(BiasLimit / 2, 1.0)]
    public void A_bias_that_would_pass_half_of_int32_makes_its_row_coarser(double bias, double scale)
    {
        QuantizedWeights actual = QuantizedWeights.From([127, -127], [bias], 1, null, true);
        Assert.Equal([(float)scale], actual.Scales);
        Assert.Equal([(long)(bias / scale)], actual.Biases);
        Assert.Equal(new sbyte[] { (sbyte)Math.Round(127 / scale, MidpointRounding.AwayFromZero), (sbyte)-Math.Round(127 / scale, MidpointRounding.AwayFromZero) }, actual.Weights);
    }

    [Fact]
    public void The_input_scale_counts_in_what_a_bias_may_be()
    {
        // bias / (input scale · row scale) = 2³⁰ at a row scale of 4.
        QuantizedWeights actual = QuantizedWeights.From([127, 0], [BiasLimit], 0.25, null, true);
        Assert.Equal([4f], actual.Scales);
        Assert.Equal([1L << 30], actual.Biases);
    }

    [Fact]
    public void A_bias_over_zero_weights_is_kept()
    {
        QuantizedWeights actual = QuantizedWeights.From([0, 0], [-6], 1, null, true);
        Assert.Equal((-6) / (double)actual.Scales[0], actual.Biases[0], 1e-6 * BiasLimit);
        Assert.InRange(actual.Biases[0], -(1L << 30) - 1000, -(1L << 30) + 1000);
    }

    [Fact]
    public void A_bias_takes_back_what_rounding_the_weights_loses_on_average()
    {
        // Scales 1. The first row loses 0.25 · 8 and gains 0.5 · 2, the second loses nothing.
        double[] weights = [127, 3.25, 4.5, 127, 5, -6];
        double[] means = [100, 8, 2, 100, 8, 2];
        Assert.Equal([10L + 2 - 1, 20L], QuantizedWeights.From(weights, [10, 20], 1, means, true).Biases);
        Assert.Equal([10L, 20L], QuantizedWeights.From(weights, [10, 20], 1, null, true).Biases);

        // In units of the input's scale of 1/2.
        Assert.Equal([2L * 11, 40L], QuantizedWeights.From(weights, [10, 20], 0.5, means, true).Biases);
    }

    [Fact]
    public void A_weight_that_one_scale_for_all_makes_larger_than_127_steps_does_not_exist()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 300; trial++)
        {
            int depth = random.Next(1, 9);
            int rows = random.Next(1, 5);
            double[] weights = [.. Enumerable.Range(0, rows * depth).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4)))];
            double[] biases = [.. Enumerable.Range(0, rows).Select(_ => (random.NextDouble() - 0.5) * 0.1)];
            bool perChannel = trial % 2 == 0;
            const double InputScale = 1.0 / 64;
            QuantizedWeights actual = QuantizedWeights.From(weights, biases, InputScale, null, perChannel);
            double all = weights.Max(Math.Abs) / 127;
            for (int row = 0; row < rows; row++)
            {
                double own = weights.Skip(row * depth).Take(depth).Max(Math.Abs) / 127;
                Assert.Equal((float)(perChannel ? own : all), actual.Scales[row]);
                Assert.Equal(Math.Round(biases[row] / (InputScale * actual.Scales[row]), MidpointRounding.AwayFromZero), actual.Biases[row]);
                for (int i = 0; i < depth; i++)
                {
                    double error = weights[(row * depth) + i] - (actual.Weights[(row * depth) + i] * (double)actual.Scales[row]);
                    Assert.InRange(Math.Abs(error), 0, actual.Scales[row] * 0.500001);
                    Assert.InRange(actual.Weights[(row * depth) + i], -127, 127);
                }
            }
        }
    }
}
