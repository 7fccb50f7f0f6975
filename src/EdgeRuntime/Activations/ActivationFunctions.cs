using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>The list of activation functions.</summary>
internal static class ActivationFunctions
{
    /// <summary>All of them, at the index that is their <see cref="ActivationKind"/>.</summary>
    public static IReadOnlyList<ActivationFunction> All { get; } =
    [
        new Linear(),
        new Step(),
        new Sigmoid(),
        new HardSigmoid(),
        new Tanh(),
        new ReLU(),
        new ReLU6(),
        new LeakyReLU(),
        new PReLU(),
        new ELU(),
        new SELU(),
        new CELU(),
        new GELU(),
        new GELUTanh(),
        new SiLU(),
        new HardSwish(),
        new Mish(),
        new Softplus(),
        new Softsign(),
        new ThresholdedReLU(),
    ];

    /// <summary>The function of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind does not exist.</exception>
    public static ActivationFunction Get(ActivationKind kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)kind, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)kind, All.Count, nameof(kind));
        return All[(int)kind];
    }

    /// <summary>The function of this name, in any case, or null.</summary>
    public static ActivationFunction? Find(string name) =>
        All.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));
}
