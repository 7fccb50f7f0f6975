using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Sigmoid, the logistic function: y = 1 / (1 + e⁻ˣ).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Sigmoid = Row<SigmoidFormula>(ActivationKind.Sigmoid);

    /// <summary>At most 2 ULP off.</summary>
    internal readonly struct SigmoidFormula : IVectorFunction
    {
        // e^−104 rounds to 0, and 1 + e^−64 to 1.
        private const float Far = 104f;
        private const float Near = -64f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // A difference, since a negation would turn the sign of NaN.
            TVector negative = (TVector)0f - VectorMath.NotTiny(TVector.Abs(x), x);
            return VectorMath.OneOverOneAndExp(TVector.Smaller(Far, TVector.Larger(Near, negative)));
        }
    }
}
