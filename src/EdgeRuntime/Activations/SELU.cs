using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>SELU, the self-normalising exponential linear unit; α and γ by Klambauer et al. 2017: y = γx for x ≥ 0, else γα(eˣ − 1).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula SELU = Row<SELUFormula>(ActivationKind.SELU);

    /// <summary>At most 2 ULP off.</summary>
    private readonly struct SELUFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, beta * alpha * VectorMath.ExpMinusOne(x), beta * x);
    }
}
