using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>Fits the values of a Calibration record to labelled rows. docs/decisions-quality.md has formulas and sources.</summary>
internal static class Calibrator
{
    /// <summary>Fits a calibration of the probability of class 1 of two.</summary>
    /// <param name="method">The method.</param>
    /// <param name="labels">The true class of each row, 0 or 1; both must occur.</param>
    /// <param name="probabilities">What the model gave, 0 to 1.</param>
    /// <returns>The method and its parameters, as <see cref="MetadataKey.Calibration"/> holds them.</returns>
    /// <exception cref="InputException">A class has no row, a probability is NaN, or they fall where the labels rise.</exception>
    public static float[] Fit(CalibrationMethod method, IReadOnlyList<int> labels, IReadOnlyList<float> probabilities)
    {
        CheckRows(labels, 2);
        if (probabilities.Any(float.IsNaN))
        {
            throw new InputException("The model's probabilities are NaN and cannot be calibrated; check the model.");
        }

        return method switch
        {
            CalibrationMethod.Platt => PlattScaling.Fit(labels, probabilities),
            CalibrationMethod.Isotonic => IsotonicRegression.Fit(labels, probabilities),
            _ => TemperatureScaling.Fit(labels, [.. probabilities.Select(p => new[] { 1 - p, p })]),
        };
    }

    /// <summary>Fits a temperature to the probabilities of several classes.</summary>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="probabilities">What the model gave for each class.</param>
    /// <returns>The method and its parameter, as <see cref="MetadataKey.Calibration"/> holds them.</returns>
    /// <exception cref="InputException">All rows have one class, or a probability is NaN.</exception>
    public static float[] FitTemperature(IReadOnlyList<int> labels, IReadOnlyList<float[]> probabilities)
    {
        CheckRows(labels, 2);
        if (probabilities.Any(row => Array.Exists(row, float.IsNaN)))
        {
            throw new InputException("The model's probabilities are NaN and cannot be calibrated; check the model.");
        }

        return TemperatureScaling.Fit(labels, probabilities);
    }

    private static void CheckRows(IReadOnlyList<int> labels, int classes)
    {
        if (labels.Distinct().Count() < classes)
        {
            throw new InputException("A calibration needs rows of more than one class; give data with several classes.");
        }
    }
}
