namespace EdgeInference.ModelTraining;

/// <summary>w ← w − learning rate · gradient.</summary>
internal sealed class GradientDescent(double learningRate) : IOptimizer
{
    /// <inheritdoc/>
    public void Step(double[] parameters, double[] gradient) => VectorMath.AddScaled(parameters, -learningRate, gradient);
}
