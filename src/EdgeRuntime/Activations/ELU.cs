using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>ELU, the exponential linear unit: y = x for x ≥ 0, else α(eˣ − 1).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula ELU = Row<ELUFormula>(ActivationKind.ELU);

    /// <summary>At most 2 ULP off.</summary>
    private readonly struct ELUFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, alpha * VectorMath.ExpMinusOne(x), x);
    }
}
