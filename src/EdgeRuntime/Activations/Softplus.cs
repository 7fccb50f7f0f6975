using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Softplus, a smooth ReLU: y = ln(1 + eˣ).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Softplus = Row<SoftplusFormula>(ActivationKind.Softplus);

    /// <summary>At most 2 ULP off.</summary>
    private readonly struct SoftplusFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(0f, x, x, 0f) + VectorMath.Log1p(VectorMath.Exp(-TVector.Abs(x)));
    }
}
