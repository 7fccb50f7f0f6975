using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>SiLU, the sigmoid linear unit, also called Swish: y = x·sigmoid(x).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula SiLU = Row<SiLUFormula>(ActivationKind.SiLU);

    /// <summary>At most 3 ULP off.</summary>
    internal readonly struct SiLUFormula : IVectorFunction
    {
        // 110·e^−110 rounds to 0, and 1 + e^−64 to 1.
        private const float Far = 110f;
        private const float Near = -64f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // A difference, since a negation would turn the sign of NaN.
            TVector negative = (TVector)0f - VectorMath.NotTiny(TVector.Abs(x), x);
            return VectorMath.OverOneAndExp(TVector.Larger(-Far, x), TVector.Smaller(Far, TVector.Larger(Near, negative)));
        }
    }
}
