using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>GELUTanh, the tanh form of GELU: y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
internal sealed class GELUTanh : ActivationFunction
{
    internal GELUTanh()
        : base(ActivationKind.GELUTanh, isMonotonic: false, float32Ulps: 3)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³)))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.17004075957610155, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? (x > 0 ? x : 0) : x * Sigmoid.Of(2 * Inner(x));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        if (double.IsInfinity(x))
        {
            return x > 0 ? 1 : 0;
        }

        double s = Sigmoid.Of(2 * Inner(x));
        double innerSlope = Factor * (1 + (3 * Cubic * x * x));
        return s + (2 * x * s * Sigmoid.Of(-2 * Inner(x)) * innerSlope);
    }

    private const double Cubic = 0.044715;

    private static readonly double Factor = Math.Sqrt(2 / Math.PI);

    private static double Inner(double x) => Factor * (x + (Cubic * x * x * x));

    /// <summary>The formula in float32; at most 3 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        private const float Far = -12f;

        // c = 2√(2/π) and d = 0.044715·c, each as the sum of two float32.
        private const float LinearHigh = 1.5957691669464111f;
        private const float LinearLow = -4.534068054340423e-08f;
        private const float CubicHigh = 0.07135481387376785f;
        private const float CubicLow = 2.3988324659995897e-09f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // x·sigmoid(2u), 2u = x(c + d·x²): e^2u needs it to 34 bits, so sums and products carry their rounding errors.
            TVector bounded = TVector.SelectLess(x, Far, Far, x);
            TVector a = TVector.Abs(TVector.SelectLess(-Far, bounded, -Far, bounded));
            TVector square = VectorMath.Product(a, a, out TVector squareLow);
            TVector cubic = VectorMath.Product<TVector>(square, CubicHigh, out TVector cubicLow);
            cubicLow += (squareLow * CubicHigh) + (square * CubicLow);
            TVector sum = VectorMath.Sum<TVector>(LinearHigh, cubic, out TVector sumLow);
            sumLow += cubicLow + LinearLow;
            TVector u = VectorMath.Product(sum, a, out TVector low);
            low = TVector.MultiplyAdd(sumLow, a, low);
            TVector fraction = VectorMath.ExpParts(-u, -low, out TVector scale, out TVector rest);
            TVector e = fraction * scale * rest;
            TVector numerator = TVector.SelectLess(x, 0f, bounded * fraction * scale, x);
            return numerator / (e + 1f) * TVector.SelectLess(x, 0f, rest, 1f);
        }
    }
}
