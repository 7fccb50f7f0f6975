using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>Where a layer's parameters lie in the network's one array.</summary>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Units.</param>
/// <param name="Activation">Activation of the units; <see cref="ActivationKind.Linear"/> for the last layer, whose outputs are logits.</param>
/// <param name="Weights">First weight; they are in the order [input, output].</param>
/// <param name="Bias">First bias.</param>
/// <param name="Slopes">First slope of PReLU, −1 for others.</param>
internal readonly record struct LayerLayout(int Inputs, int Outputs, ActivationKind Activation, int Weights, int Bias, int Slopes)
{
    /// <summary>Number of weights.</summary>
    internal int WeightCount => Inputs * Outputs;
}
