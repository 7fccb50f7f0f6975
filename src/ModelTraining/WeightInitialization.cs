using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>
/// How far from 0 first weights are drawn, uniformly on ±limit, so that signals keep their size from layer to layer:
/// LeCun (1998) for SELU, whose self-normalisation asks for variance 1/in (Klambauer et al. 2017); Glorot and Bengio (2010),
/// variance 2/(in + out), where the activation is near the identity around 0 or bounded; He et al. (2015), variance
/// 2/((1 + slope²)·in), where about half of the signal is cut off.
/// </summary>
internal static class WeightInitialization
{
    internal static double Limit(ActivationKind kind, double alpha, int inputs, int outputs)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        double slope = function.SlopeBelowZero(alpha);
        return function.InitialWeights switch
        {
            InitialWeights.LeCun => Math.Sqrt(3.0 / inputs),
            InitialWeights.Glorot => Math.Sqrt(6.0 / (inputs + outputs)),
            InitialWeights.He => Math.Sqrt(6.0 / ((1 + (slope * slope)) * inputs)),
            _ => throw new InvalidOperationException($"{function.InitialWeights} has no limit."),
        };
    }
}
