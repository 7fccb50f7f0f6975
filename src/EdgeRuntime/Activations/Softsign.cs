using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Softsign, a sigmoid without exponentials: y = x / (1 + |x|).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Softsign = Row<SoftsignFormula>(ActivationKind.Softsign);

    /// <summary>At most 2 ULP off.</summary>
    private readonly struct SoftsignFormula : IVectorFunction
    {
        private const float Far = 1L << 40;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Beyond 2^40 the quotient is ±1, and infinities never meet.
            TVector bounded = TVector.SelectLess(Far, x, Far, TVector.SelectLess(x, -Far, -Far, x));
            return bounded / (TVector.Abs(bounded) + 1f);
        }
    }
}
