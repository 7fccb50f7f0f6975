using System.Numerics;

namespace EdgeInference.ModelTraining;

/// <summary>Adam, algorithm 1 of Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), with its constants.</summary>
internal sealed class Adam(double learningRate, int parameterCount) : IOptimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] firstMoments = new double[parameterCount];
    private readonly double[] secondMoments = new double[parameterCount];
    private double beta1Power = 1;
    private double beta2Power = 1;

    /// <summary>What the learning rate is multiplied by from the next step on: a schedule.</summary>
    internal double RateFactor { get; set; } = 1;

    /// <inheritdoc/>
    public void Step(double[] parameters, double[] gradient)
    {
        beta1Power *= Beta1;
        beta2Power *= Beta2;
        double rate = learningRate * RateFactor;
        double meanScale = 1 - beta1Power;
        double squareScale = 1 - beta2Power;
        int i = 0;
        for (; i <= parameters.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var g = new Vector<double>(gradient, i);
            Vector<double> first = (Beta1 * new Vector<double>(firstMoments, i)) + ((1 - Beta1) * g);
            Vector<double> second = (Beta2 * new Vector<double>(secondMoments, i)) + ((1 - Beta2) * g * g);
            first.CopyTo(firstMoments, i);
            second.CopyTo(secondMoments, i);
            Vector<double> step = rate * (first / new Vector<double>(meanScale)) / (Vector.SquareRoot(second / new Vector<double>(squareScale)) + new Vector<double>(Epsilon));
            (new Vector<double>(parameters, i) - step).CopyTo(parameters, i);
        }

        for (; i < parameters.Length; i++)
        {
            double g = gradient[i];
            firstMoments[i] = (Beta1 * firstMoments[i]) + ((1 - Beta1) * g);
            secondMoments[i] = (Beta2 * secondMoments[i]) + ((1 - Beta2) * g * g);
            double mean = firstMoments[i] / meanScale;
            double square = secondMoments[i] / squareScale;
            parameters[i] -= rate * mean / (Math.Sqrt(square) + Epsilon);
        }
    }
}
