using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Tool.Tests.DecisionTuning;

public class CalibratorTests
{
    private static readonly int[] labels = [0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1];
    private static readonly float[] probabilities = [.01f, .05f, .05f, .1f, .2f, .3f, .35f, .4f, .4f, .45f, .5f, .55f, .6f, .7f, .75f, .8f, .9f, .95f, .99f, 1f];

    [Fact]
    public void Platt_scaling_finds_scipys_minimum()
    {
        float[] values = Calibrator.Fit(CalibrationMethod.Platt, labels, probabilities);
        Assert.Equal((float)CalibrationMethod.Platt, values[0]);
        Assert.Equal(0.29777656, values[1], 1e-6);
        Assert.Equal(0.15770066, values[2], 1e-6);
    }

    [Fact]
    public void Temperature_scaling_finds_scipys_minimum()
    {
        float[] values = Calibrator.Fit(CalibrationMethod.Temperature, labels, probabilities);
        Assert.Equal((float)CalibrationMethod.Temperature, values[0]);
        Assert.Equal(2.2326397, values[1], 1e-5);
    }

    [Fact]
    public void The_temperature_of_several_classes_is_scipys_minimum()
    {
        float[][] outputs =
        [
            [0.7f, 0.2f, 0.1f], [0.1f, 0.6f, 0.3f], [0.3f, 0.3f, 0.4f], [0.5f, 0.4f, 0.1f],
            [0.2f, 0.2f, 0.6f], [0.1f, 0.8f, 0.1f], [0.35f, 0.3f, 0.35f], [0.9f, 0.1f, 0f],
        ];
        Assert.Equal(0.20885669, Calibrator.FitTemperature([0, 1, 2, 1, 2, 1, 0, 0], outputs)[1], 1e-5);
    }

    [Fact]
    public void Isotonic_regression_gives_scikit_learns_knots()
    {
        float[] values = Calibrator.Fit(CalibrationMethod.Isotonic, labels, probabilities);
        float[] x = [.01f, .05f, .1f, .3f, .35f, .5f, .55f, .7f, .75f, .95f, .99f, 1f];
        double[] y = [0, 0, 1 / 3.0, 1 / 3.0, 0.6, 0.6, 2 / 3.0, 2 / 3.0, 0.75, 0.75, 1, 1];
        Assert.Equal((float)CalibrationMethod.Isotonic, values[0]);
        Assert.Equal(x, values.Where((_, i) => i % 2 == 1));
        Assert.Equal(y.Select(v => (float)v), values.Where((_, i) => i > 0 && i % 2 == 0));
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Temperature)]
    public void Overconfident_probabilities_become_honest(CalibrationMethod method)
    {
        // Truth is drawn with probability p, and the model says sigmoid(3·logit(p)).
        var random = new Random(1);
        (int[] fitLabels, float[] fit) = Draw(4000);
        (int[] testLabels, float[] test) = Draw(4000);
        var calibration = new ProbabilityCalibration(Calibrator.Fit(method, fitLabels, fit));
        BinaryMetrics before = BinaryMetrics.Of(testLabels, test);
        BinaryMetrics after = BinaryMetrics.Of(testLabels, Array.ConvertAll(test, calibration.Apply));
        Assert.True(before.ExpectedCalibrationError > 0.12, $"{before.ExpectedCalibrationError}");
        Assert.True(after.ExpectedCalibrationError < 0.03, $"{after.ExpectedCalibrationError}");
        Assert.True(after.BrierScore < before.BrierScore);

        (int[], float[]) Draw(int rows)
        {
            var labels = new int[rows];
            var said = new float[rows];
            for (int i = 0; i < rows; i++)
            {
                double p = 0.02 + (0.96 * random.NextDouble());
                labels[i] = random.NextDouble() < p ? 1 : 0;
                said[i] = (float)(1 / (1 + Math.Exp(-3 * Math.Log(p / (1 - p)))));
            }

            return (labels, said);
        }
    }

    [Fact]
    public void Many_blocks_are_merged_to_what_a_file_holds()
    {
        // Rising shares make a block of each of 200 probabilities.
        int[] many = [.. Enumerable.Range(0, 200).SelectMany(p => Enumerable.Range(0, 200).Select(k => k < p ? 1 : 0))];
        float[] said = [.. Enumerable.Range(0, 200).SelectMany(p => Enumerable.Repeat(p / 200f, 200))];
        float[] values = Calibrator.Fit(CalibrationMethod.Isotonic, many, said);
        Assert.Equal(1 + (2 * 64), values.Length);
        var calibration = new ProbabilityCalibration(values);
        Assert.All(Enumerable.Range(0, 200), p => Assert.Equal(p / 200f, calibration.Apply(p / 200f), 0.025f));
    }

    [Fact]
    public void Rows_that_cannot_be_fitted_are_refused()
    {
        Assert.Contains("more than one class", Assert.Throws<InputException>(() => Calibrator.Fit(CalibrationMethod.Platt, [1, 1], [0.2f, 0.3f])).Message, StringComparison.Ordinal);
        Assert.Contains("are NaN and cannot", Assert.Throws<InputException>(() => Calibrator.Fit(CalibrationMethod.Isotonic, [0, 1], [0.2f, float.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("which label is class 1", Assert.Throws<InputException>(() => Calibrator.Fit(CalibrationMethod.Platt, [1, 1, 1, 0, 0, 0], [0.1f, 0.2f, 0.3f, 0.7f, 0.8f, 0.9f])).Message, StringComparison.Ordinal);
    }
}
