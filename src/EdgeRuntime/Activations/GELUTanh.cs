using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>GELUTanh, the tanh form of GELU: y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³))).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula GELUTanh = Row<GELUTanhFormula>(ActivationKind.GELUTanh);

    /// <summary>At most 3 ULP off.</summary>
    private readonly struct GELUTanhFormula : IVectorFunction
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
