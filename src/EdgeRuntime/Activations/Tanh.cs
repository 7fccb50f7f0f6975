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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // tanh|x| = −t/(2 + t) with t = e^(−2|x|) − 1, which keeps its digits near 0.
            TVector magnitude = TVector.Abs(x);
            TVector t = VectorMath.ExpMinusOne(VectorMath.NotTiny(magnitude) * -2f, out TVector low);
            TVector sum = t + 2f;
            TVector lost = t - (sum - 2f);
            TVector y = -t / sum;

            // What both roundings lost, over sum; 2/sum is 1 + y closely enough for that.
            TVector correction = TVector.MultiplyAdd(y, lost + low, low) * -0.5f;
            y = TVector.CopySign(TVector.MultiplyAdd(correction, y + 1f, y), x);
            return TVector.SelectLess(magnitude, Identity, x, y);
        }
    }
}
