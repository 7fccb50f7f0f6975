using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Tanh, the hyperbolic tangent: y = tanh x = 2·sigmoid(2x) − 1.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Tanh = Row<TanhFormula>(ActivationKind.Tanh);

    /// <summary>At most 2 ULP off.</summary>
    internal readonly struct TanhFormula : IVectorFunction
    {
        // Below it tanh x rounds to x, and no square of it is denormal.
        private const float Identity = 1e-10f;

        // Below it the series is closer, above it 1 − 2/(1 + e^2x), where half of the last place of 1 is little of the result.
        private const float Series = 0.55f;

        // From 9.02 on tanh x rounds to 1.
        private const float Far = 20f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector magnitude = TVector.Abs(x);
            TVector bounded = TVector.Larger(Identity, TVector.Smaller(Far, magnitude));

            // tanh x = x + x³·S(x²), S by Lawson's iteration, 3.8e-8 of x off.
            TVector z = bounded * bounded;
            TVector series = TVector.MultiplyAdd(z, 0.01645711623132229f, -0.052683308720588684f);
            series = TVector.MultiplyAdd(series, z, 0.13320928812026978f);
            series = TVector.MultiplyAdd(series, z, -0.33332955837249756f);
            TVector near = TVector.MultiplyAdd(bounded * z, series, bounded);

            // 2/(1 + e^2x) = 1/(1/2 + 2ⁿ/2 + 2ⁿ·part).
            TVector part = VectorMath.HalfExpPart(bounded, out TVector sum);
            TVector power = TVector.PowerOfSum(sum);
            TVector half = TVector.MultiplyAdd(power, 0.5f, TVector.MultiplyAdd(power, part, 0.5f));
            TVector far = (TVector)1f - ((TVector)1f / half);
            TVector y = TVector.CopySign(TVector.SelectLess(bounded, Series, near, far), x);
            return TVector.SelectLess(magnitude, Identity, x, y);
        }
    }
}
