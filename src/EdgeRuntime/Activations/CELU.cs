using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>CELU, the continuously differentiable exponential linear unit: y = max(0, x) + min(0, α(e^(x/α) − 1)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula CELU = Row<CELUFormula>(ActivationKind.CELU);

    /// <summary>At most 2 ULP off for α above 0.</summary>
    private readonly struct CELUFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector tail = alpha * VectorMath.ExpMinusOne(x / alpha);
            return TVector.SelectLess(x, 0f, 0f, x) + TVector.SelectLess(0f, tail, 0f, tail);
        }
    }
}
