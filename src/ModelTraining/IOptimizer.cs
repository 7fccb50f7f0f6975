namespace EdgeInference.ModelTraining;

/// <summary>Turns gradients into steps.</summary>
internal interface IOptimizer
{
    /// <summary>Moves the parameters one step against the gradient.</summary>
    void Step(double[] parameters, double[] gradient);
}
