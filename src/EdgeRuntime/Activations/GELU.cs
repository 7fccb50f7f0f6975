using System.Runtime.CompilerServices;
using EdgeRuntime.Kernels.Simd.Float;
using ModelFormat;

namespace EdgeRuntime.Activations;

/// <summary>GELU, the Gaussian error linear unit: y = x·Φ(x) = x/2·(1 + erf(x/√2)).</summary>
internal sealed class GELU : ActivationFunction
{
    internal GELU()
        : base(ActivationKind.GELU, isMonotonic: false, float32Ulps: 5)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "y = x·Φ(x) = x/2·(1 + erf(x/√2))";

    /// <inheritdoc/>
    public override (double Low, double High) Range => (-0.16997120747990369, double.PositiveInfinity);

    /// <inheritdoc/>
    public override double Value(double x, double alpha, double beta) =>
        double.IsInfinity(x) ? (x > 0 ? x : 0) : 0.5 * x * ErrorFunction.Erfc(-x / Math.Sqrt(2));

    /// <inheritdoc/>
    public override double Derivative(double x, double alpha, double beta)
    {
        double density = PortableMath.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        double slope = density == 0 ? 0 : x * density;
        return (0.5 * ErrorFunction.Erfc(-x / Math.Sqrt(2))) + slope;
    }

    /// <summary>The formula in float32; at most 5 ULP off.</summary>
    internal readonly struct Float32 : IVectorFunction
    {
        private const float Far = 15f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Φ(−a) = e^(−a²/2)·M(a), with Mills' ratio M as a polynomial in (a − 4)/(a + 4) over 1 + a, 2.8e-8 off. a²/2 is
            // taken in two parts: e^x turns its rounding error into many ULP. Below −15 the result rounds to 0.
            TVector bounded = TVector.SelectLess(x, -Far, -Far, TVector.SelectLess(Far, x, Far, x));
            TVector a = TVector.Abs(bounded);
            TVector t = (a - 4f) / (a + 4f);
            TVector mills = TVector.MultiplyAdd(t, 8.535732922609895e-05f, 0.0007148139993660152f);
            mills = TVector.MultiplyAdd(mills, t, -0.0004125703126192093f);
            mills = TVector.MultiplyAdd(mills, t, -0.0050462037324905396f);
            mills = TVector.MultiplyAdd(mills, t, 0.017968233674764633f);
            mills = TVector.MultiplyAdd(mills, t, -0.032185789197683334f);
            mills = TVector.MultiplyAdd(mills, t, 0.028597069904208183f);
            mills = TVector.MultiplyAdd(mills, t, 0.013998693786561489f);
            mills = TVector.MultiplyAdd(mills, t, -0.09670337289571762f);
            mills = TVector.MultiplyAdd(mills, t, 0.4720532298088074f) / (a + 1f);
            TVector upper = TVector.UpperHalf(a);
            TVector fraction = VectorMath.ExpParts(upper * upper * -0.5f, (a - upper) * (a + upper) * -0.5f, out TVector scale, out TVector rest);
            TVector tail = bounded * mills * fraction * scale * rest;
            return TVector.SelectLess(x, 0f, tail, x - tail);
        }
    }
}
