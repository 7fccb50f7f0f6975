using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Shrink, hard with β = 0 and soft with β = α: y = x − β for x > α, x + β for x &lt; −α, else 0.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Shrink = Row<ShrinkFormula>(ActivationKind.Shrink);

    /// <summary>Rounded once.</summary>
    private readonly struct ShrinkFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // x − x is 0, and NaN where x is; an infinite x is beyond α.
            TVector atMost = TVector.SelectLess(x, -alpha, x + beta, x - x);
            return TVector.SelectLess(alpha, x, x - beta, atMost);
        }
    }
}
