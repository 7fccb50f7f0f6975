using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.DecisionTuning;

/// <summary>
/// Fits the temperature T of softmax(ln p / T) by least log loss (Guo et al. 2017). In 1/T the loss is convex, so that
/// bisection on its derivative finds the one minimum.
/// </summary>
internal static class TemperatureScaling
{
    private const double LowestInverse = 0.01;
    private const double HighestInverse = 100;
    private const int Halvings = 60;

    internal static float[] Fit(IReadOnlyList<int> labels, IReadOnlyList<float[]> probabilities)
    {
        double[][] logs = [.. probabilities.Select(row => Array.ConvertAll(row, p => PortableMath.Log(Math.Clamp(p, ProbabilityCalibration.Clip, 1 - ProbabilityCalibration.Clip))))];
        double low = LowestInverse;
        double high = HighestInverse;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = Math.Sqrt(low * high);
            if (Derivative(logs, labels, middle) > 0)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return [(float)CalibrationMethod.Temperature, (float)(1 / Math.Sqrt(low * high))];
    }

    // Of Σ (ln Σ e^(a·lⱼ) − a·l_y) by a: the expected log under the model less that of the true class.
    private static double Derivative(double[][] logs, IReadOnlyList<int> labels, double a)
    {
        double sum = 0;
        for (int i = 0; i < logs.Length; i++)
        {
            double[] row = logs[i];
            double max = row.Max();
            double weights = 0;
            double mean = 0;
            foreach (double log in row)
            {
                double weight = PortableMath.Exp(a * (log - max));
                weights += weight;
                mean += weight * log;
            }

            sum += (mean / weights) - row[labels[i]];
        }

        return sum;
    }
}
