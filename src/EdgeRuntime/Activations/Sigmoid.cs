using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Sigmoid, the logistic function: y = 1 / (1 + e⁻ˣ).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Sigmoid = Row<SigmoidFormula>(ActivationKind.Sigmoid);

    /// <summary>At most 2 ULP off.</summary>
    private readonly struct SigmoidFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // e^−|x| never overflows, and below 0 it is the numerator too, so that small results keep their digits.
            TVector e = VectorMath.Exp(-TVector.Abs(x));
            TVector sum = e + 1f;
            TVector lost = e - (sum - 1f);
            TVector y = TVector.SelectLess(x, 0f, e, 1f) / sum;

            // 1/sum is y above 0 and 1 − y below, closely enough for what the sum's rounding lost.
            return TVector.MultiplyAdd(-y * lost, TVector.SelectLess(x, 0f, -y + 1f, y), y);
        }
    }
}
