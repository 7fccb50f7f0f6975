using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>GELUTanh, the tanh form of GELU: y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³))).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula GELUTanh = Row<GELUTanhFormula>(ActivationKind.GELUTanh);

    /// <summary>At most 3 ULP off.</summary>
    internal readonly struct GELUTanhFormula : IVectorFunction
    {
        // Below −11 the result rounds to 0.
        private const float Far = 11f;

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
            TVector magnitude = TVector.Abs(x);
            magnitude = TVector.SelectLess(Far, magnitude, Far, magnitude);
            TVector a = VectorMath.NotTiny(magnitude);
            TVector square = VectorMath.Product(a, a, out TVector squareLow);
            TVector cubic = VectorMath.Product<TVector>(square, CubicHigh, out TVector cubicLow);
            cubicLow += (squareLow * CubicHigh) + (square * CubicLow);
            TVector sum = VectorMath.Sum<TVector>(LinearHigh, cubic, out TVector sumLow);
            sumLow += cubicLow + LinearLow;
            TVector u = VectorMath.Product(sum, a, out TVector low);
            low = TVector.MultiplyAdd(sumLow, a, low);
            TVector raised = VectorMath.ExpRaised(-u, -low);
            TVector y = TVector.SelectLess(x, 0f, magnitude * raised, x) / (VectorMath.BesideOne(raised) + 1f);
            return TVector.SelectLess(x, 0f, -VectorMath.Lowered(y), y);
        }
    }
}
