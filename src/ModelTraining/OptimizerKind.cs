namespace EdgeInference.ModelTraining;

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba 2015) with β₁ 0.9, β₂ 0.999, ε 1e-8.</summary>
    Adam,

    /// <summary>Plain gradient descent on mini-batches: w ← w − learning rate · gradient.</summary>
    Sgd,
}
