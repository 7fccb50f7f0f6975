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

    /// <inheritdoc/>
    public void Step(double[] parameters, double[] gradient)
    {
        beta1Power *= Beta1;
        beta2Power *= Beta2;
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = gradient[i];
            firstMoments[i] = (Beta1 * firstMoments[i]) + ((1 - Beta1) * g);
            secondMoments[i] = (Beta2 * secondMoments[i]) + ((1 - Beta2) * g * g);
            double mean = firstMoments[i] / (1 - beta1Power);
            double square = secondMoments[i] / (1 - beta2Power);
            parameters[i] -= learningRate * mean / (Math.Sqrt(square) + Epsilon);
        }
    }
}
