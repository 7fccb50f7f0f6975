using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>
/// One activation function, with all that the desktop knows of it: importers and the ONNX writer, the tables of the fixed-point
/// engines, emitted code, the trainer, plots and docs/activations.md read it from here. The float32 formula of the engine is in
/// EdgeRuntime/Activations, the one of nanoFramework in FloatMath.
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

    /// <summary>Its names in the source formats.</summary>
    internal abstract SourceNames Names { get; }

    /// <summary>The bounds where the function is x within bounds, so that fixed point clamps and needs no table; else null.</summary>
    internal virtual (double Low, double High)? Clamp => null;

    /// <summary>How first weights of a layer that carries it are drawn.</summary>
    internal virtual InitialWeights InitialWeights => InitialWeights.He;

    /// <summary>The slope far below 0, which <see cref="InitialWeights.He"/> counts in.</summary>
    internal virtual double SlopeBelowZero(double alpha) => 0;

    /// <summary>
    /// The value to about 2^−380: the referee between two neighbouring integers. A value that only tends to its bound stays on
    /// this side of it.
    /// </summary>
    internal abstract BigReal Precise(BigReal x, BigReal alpha, BigReal beta);

    /// <summary>
    /// A C# expression for nanoFramework that beats the call to FloatMath.Activate, and its instructions; null for the call.
    /// </summary>
    /// <param name="x">A local.</param>
    /// <param name="alpha">α as a literal.</param>
    internal virtual (string Code, int Instructions)? NanoCode(string x, string alpha) => null;

    /// <summary>
    /// Adds the ONNX nodes that compute it, and returns the last one's output. Here one node of its first ONNX name; functions
    /// that operator set 13 lacks write those that it has.
    /// </summary>
    /// <param name="onnx">The graph being written.</param>
    /// <param name="x">The input's name.</param>
    /// <param name="alpha">α.</param>
    /// <param name="beta">β.</param>
    /// <param name="slopes">The name of PReLU's slopes; null for others.</param>
    internal virtual string WriteOnnx(IOnnxNodes onnx, string x, float alpha, float beta, string? slopes)
    {
        SourceName name = Names.Onnx[0];
        List<(string, object)> attributes = [];
        if (name.Alpha is { } first)
        {
            attributes.Add((first.Names[0], alpha));
        }

        if (name.Beta is { } second)
        {
            attributes.Add((second.Names[0], beta));
        }

        return onnx.Node(name.Name, slopes is null ? [x] : [x, slopes], [.. attributes]);
    }

    /// <summary>The value at <paramref name="x"/> with the default parameters.</summary>
    public double Value(double x) => Value(x, DefaultAlpha, DefaultBeta);

    /// <summary>The derivative at <paramref name="x"/> with the default parameters.</summary>
    public double Derivative(double x) => Derivative(x, DefaultAlpha, DefaultBeta);
}
