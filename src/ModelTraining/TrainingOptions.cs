using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>How a multilayer perceptron is built and trained.</summary>
public sealed record TrainingOptions
{
    private const int MaxUnits = 4096;

    /// <summary>Units of each hidden layer, input side first; empty for logistic regression.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [16, 8];

    /// <summary>Activation of the hidden layers. <see cref="ActivationKind.PReLU"/> trains a slope for each unit.</summary>
    public ActivationKind HiddenActivation { get; init; } = ActivationKind.ReLU;

    /// <summary>How gradients become steps.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Step size, above 0; null for 0.005 with Adam and 0.05 with gradient descent.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Rows of one step, 1 or more.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Maximum passes over the training rows, 1 or more.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>λ of the penalty λ/2 · Σw² on weights (not on biases and slopes), 0 or more.</summary>
    public double L2 { get; init; } = 1e-3;

    /// <summary>
    /// Share of each class's rows that is kept out of training to decide when to stop, 0 to below 1. With 0, or with too
    /// few rows to keep one of, the last epoch's weights are the result.
    /// </summary>
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>Epochs without a lower validation loss after which training stops, 1 or more.</summary>
    public int Patience { get; init; } = 30;

    /// <summary>Seed of everything random: first weights, split, order of rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The step size in use.</summary>
    internal double Step => LearningRate ?? (Optimizer == OptimizerKind.Adam ? 0.005 : 0.05);

    /// <summary>Checks every value.</summary>
    /// <exception cref="InputException">A value is outside its range.</exception>
    internal void Check()
    {
        Require(HiddenSizes.All(size => size is >= 1 and <= MaxUnits), $"The hidden sizes are {string.Join(",", HiddenSizes)}; give each layer 1 to {MaxUnits} units.");
        Require((int)HiddenActivation >= 0 && (int)HiddenActivation < ActivationFunctions.All.Count, $"Unknown activation number {(int)HiddenActivation}.");
        Require(double.IsFinite(Step) && Step > 0, $"The learning rate is {Step}; give a number above 0.");
        Require(BatchSize >= 1, $"The batch size is {BatchSize}; give 1 or more.");
        Require(Epochs >= 1, $"The number of epochs is {Epochs}; give 1 or more.");
        Require(double.IsFinite(L2) && L2 >= 0, $"L2 is {L2}; give 0 or more.");
        Require(ValidationFraction is >= 0 and < 1, $"The validation fraction is {ValidationFraction}; give 0 to below 1.");
        Require(Patience >= 1, $"The patience is {Patience}; give 1 or more epochs.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InputException(message);
        }
    }
}
