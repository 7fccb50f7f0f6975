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
        // e^−104 rounds to 0.
        private const float Far = 104f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // e^−|x| never overflows, and below 0 it is the numerator too, so that small results keep their digits.
            TVector magnitude = TVector.Abs(x);
            TVector raised = VectorMath.ExpRaised<TVector>(-VectorMath.NotTiny(TVector.SelectLess(Far, magnitude, Far, magnitude)), 0f);
            TVector e = VectorMath.BesideOne(raised);
            TVector sum = e + 1f;
            TVector lost = e - (sum - 1f);
            TVector y = TVector.SelectLess(x, 0f, raised, 1f) / sum;

            // 1/sum is y above 0 and 1 − y below, closely enough for what the sum's rounding lost.
            TVector other = TVector.SelectLess(x, 0f, TVector.MultiplyAdd(y, -1f / VectorMath.Raise, 1f), y);
            y = TVector.MultiplyAdd(-y * lost, other, y);
            return TVector.SelectLess(x, 0f, VectorMath.Lowered(y), y);
        }
    }
}
