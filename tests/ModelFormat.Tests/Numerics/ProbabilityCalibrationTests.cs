using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

public class ProbabilityCalibrationTests
{
    private const double Clip = 1 / 1048576.0;
    private static readonly float[] probabilities = [0f, 1e-9f, 9.536743e-7f, 1e-6f, 0.001f, 0.1f, 0.25f, 0.49999997f, 0.5f, 0.75f, 0.999f, 0.99999905f, 1f];

    [Fact]
    public void A_logit_is_kept_from_the_ends()
    {
        foreach (float p in probabilities)
        {
            double kept = Math.Clamp(p, Clip, 1 - Clip);
            Assert.Equal(Math.Log(kept / (1 - kept)), ProbabilityCalibration.Logit(p), 2e-5);
        }

        Assert.Equal(ProbabilityCalibration.Logit((float)Clip), ProbabilityCalibration.Logit(0f));
        Assert.Equal(ProbabilityCalibration.Logit(1f - (float)Clip), ProbabilityCalibration.Logit(1f));
        Assert.Equal(0f, ProbabilityCalibration.Logit(0.5f));
        Assert.Equal((float)Clip, ProbabilityCalibration.Clip);
    }

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(2f, -1f)]
    [InlineData(0.5f, 3f)]
    public void Platt_scales_and_moves_the_logit(float a, float b)
    {
        var calibration = new ProbabilityCalibration([1f, a, b]);
        Assert.Equal(CalibrationMethod.Platt, calibration.Method);
        foreach (float p in probabilities)
        {
            double kept = Math.Clamp(p, Clip, 1 - Clip);
            Assert.Equal(1 / (1 + Math.Exp(-((a * Math.Log(kept / (1 - kept))) + b))), calibration.Apply(p), 2e-6);
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(2f)]
    [InlineData(0.25f)]
    public void A_temperature_divides_the_logit(float t)
    {
        var calibration = new ProbabilityCalibration([3f, t]);
        Assert.Equal(CalibrationMethod.Temperature, calibration.Method);
        foreach (float p in probabilities)
        {
            double kept = Math.Clamp(p, Clip, 1 - Clip);
            Assert.Equal(1 / (1 + Math.Exp(-Math.Log(kept / (1 - kept)) / t)), calibration.Apply(p), 2e-6);
        }
    }

    [Fact]
    public void Knots_are_joined_by_lines_and_held_outside()
    {
        for (int count = 1; count <= 9; count++)
        {
            // Knots at squares of i/16, their values at i/20.
            float[] x = [.. Enumerable.Range(1, count).Select(i => i * i / 256f)];
            float[] y = [.. Enumerable.Range(1, count).Select(i => i / 20f)];
            float[] values = [2f, .. x.Zip(y).SelectMany(knot => new[] { knot.First, knot.Second })];
            var calibration = new ProbabilityCalibration(values);
            Assert.Equal(CalibrationMethod.Isotonic, calibration.Method);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(y[i], calibration.Apply(x[i]));
            }

            for (float p = 0f; p <= 1f; p += 0.00173f)
            {
                int after = Array.FindIndex(x, knot => knot > p);
                double expected = after == 0 ? y[0] : after < 0 ? y[^1] : y[after - 1] + ((double)(p - x[after - 1]) / (x[after] - x[after - 1]) * (y[after] - y[after - 1]));
                Assert.Equal(expected, calibration.Apply(p), 1e-6);
            }

            Assert.Equal(y[0], calibration.Apply(0f));
            Assert.Equal(y[^1], calibration.Apply(1f));
        }
    }

    [Fact]
    public void A_knot_has_its_own_value_to_the_bit()
    {
        var random = new Random(12);
        for (int i = 0; i < 1000; i++)
        {
            float[] y = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle()).Order()];
            var calibration = new ProbabilityCalibration([2f, 0.1f, y[0], 0.3f, y[1], 0.7f, y[2], 0.9f, y[3]]);
            Assert.Equal(y, new[] { 0.1f, 0.3f, 0.7f, 0.9f }.Select(calibration.Apply));
        }
    }

    [Theory]
    [InlineData(1f, 2f, 1f)]
    [InlineData(3f, 2f, 0f)]
    public void No_number_gives_none(float method, float first, float second) =>
        Assert.True(float.IsNaN(new ProbabilityCalibration(method == 1f ? [method, first, second] : [method, first]).Apply(float.NaN)));

    [Theory]
    [InlineData(1f)]
    [InlineData(2f)]
    [InlineData(0.5f)]
    public void Several_classes_are_powers_over_their_sum(float t)
    {
        var calibration = new ProbabilityCalibration([3f, t]);
        foreach (float[] values in new float[][] { [0.7f, 0.2f, 0.1f], [0.1f, 0.2f, 0.7f], [1f, 0f, 0f], [0f, 0f, 1f], [0.25f, 0.25f, 0.25f, 0.25f], [0f, 0f, 0f] })
        {
            double[] kept = [.. values.Select(p => Math.Pow(Math.Clamp(p, Clip, 1 - Clip), 1 / t))];
            float[] actual = [.. values];
            calibration.ApplyToAll(actual);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(kept[i] / kept.Sum(), actual[i], 2e-6);
            }
        }
    }
}
