using EdgeInference.ModelConverter.Activations;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Cross-entropy from logits, in nats, and its gradient by the logits; never from probabilities, whose logarithm loses all
/// digits near 1. One logit z stands for two classes: ln(1 + e^z) − yz. Several: ln Σe^z − z_y.
/// </summary>
internal static class CrossEntropy
{
    /// <summary>The loss of one row.</summary>
    /// <param name="logits">One logit, or one for each class.</param>
    /// <param name="label">The class.</param>
    /// <param name="gradient">Is given ∂loss/∂logits.</param>
    internal static double Of(ReadOnlySpan<double> logits, int label, Span<double> gradient)
    {
        if (logits.Length == 1)
        {
            double z = logits[0];
            gradient[0] = Sigmoid.Of(z) - label;
            return Softplus.Of(label == 1 ? -z : z);
        }

        double max = Probabilities(logits, gradient, out double sum);
        gradient[label] -= 1;
        return max + PortableMath.Log(sum) - logits[label];
    }

    /// <summary>The probability of each class: of 0 and 1 for one logit.</summary>
    internal static double[] Probabilities(ReadOnlySpan<double> logits)
    {
        if (logits.Length == 1)
        {
            return [Sigmoid.Of(-logits[0]), Sigmoid.Of(logits[0])];
        }

        var probabilities = new double[logits.Length];
        Probabilities(logits, probabilities, out _);
        return probabilities;
    }

    private static double Probabilities(ReadOnlySpan<double> logits, Span<double> probabilities, out double sum)
    {
        double max = logits[0];
        foreach (double z in logits)
        {
            max = Math.Max(max, z);
        }

        sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] = PortableMath.Exp(logits[i] - max);
            sum += probabilities[i];
        }

        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }

        return max;
    }
}
