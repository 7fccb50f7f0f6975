using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>
/// One activation function. Everything else comes from it: float kernels, the tables of the fixed-point engines, the
/// trainer's gradients, plots and docs/operators.md.
/// </summary>
internal abstract class ActivationFunction
{
    private protected ActivationFunction(ActivationKind kind, bool isMonotonic, float defaultAlpha = 0f, float defaultBeta = 0f, double float32Ulps = 0)
    {
        Kind = kind;
        IsMonotonic = isMonotonic;
        DefaultAlpha = defaultAlpha;
        DefaultBeta = defaultBeta;
        Float32Ulps = float32Ulps;
    }

    /// <summary>The number it has in a file.</summary>
    public ActivationKind Kind { get; }

    /// <summary>The name on the command line and in documents.</summary>
    public string Name => Kind.ToString();

    /// <summary>The formula in one line of Unicode.</summary>
    public abstract string Formula { get; }

    /// <summary>Whether it never falls as x grows, for the default parameters.</summary>
    public bool IsMonotonic { get; }

    /// <summary>α where nothing else is said; 0 if the function has none.</summary>
    public float DefaultAlpha { get; }

    /// <summary>β where nothing else is said; 0 if the function has none.</summary>
    public float DefaultBeta { get; }

    /// <summary>
    /// Largest distance of the float32 kernel from the exact value in units of the last place, for the default parameters:
    /// 0 is exact, 0.5 the nearest float32.
    /// </summary>
    public double Float32Ulps { get; }

    /// <summary>The value at <paramref name="x"/>, in double precision; NaN gives NaN.</summary>
    public abstract double Value(double x, double alpha, double beta);

    /// <summary>The derivative at <paramref name="x"/>; at a kink the one from the left (ReLU's at 0 is 0).</summary>
    public abstract double Derivative(double x, double alpha, double beta);

    /// <summary>Lowest and highest value it can take or tend to, for the default parameters.</summary>
    public abstract (double Low, double High) Range { get; }

    /// <summary>The value at <paramref name="x"/> with the default parameters.</summary>
    public double Value(double x) => Value(x, DefaultAlpha, DefaultBeta);

    /// <summary>The derivative at <paramref name="x"/> with the default parameters.</summary>
    public double Derivative(double x) => Derivative(x, DefaultAlpha, DefaultBeta);
}
