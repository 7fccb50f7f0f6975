using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Mish, the self-regularised Mish of Misra 2019: y = x·tanh(ln(1 + eˣ)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Mish = Row<MishFormula>(ActivationKind.Mish);

    /// <summary>At most 4 ULP off.</summary>
    private readonly struct MishFormula : IVectorFunction
    {
        private const float Far = -110f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // tanh(ln(1 + eˣ)) = n/(n + 2) with n = eˣ(eˣ + 2); above 0 both are multiplied by e^−2x. Powers of two as in SiLU.
            TVector bounded = TVector.SelectLess(x, Far, Far, x);
            TVector magnitude = TVector.Abs(TVector.SelectLess(-Far, bounded, -Far, bounded));
            TVector fraction = VectorMath.ExpParts(-magnitude, 0f, out TVector scale, out TVector rest);
            TVector e = fraction * scale * rest;
            TVector above = (e * 2f) + 1f;
            TVector numerator = TVector.SelectLess(x, 0f, bounded * fraction * scale * (e + 2f), x * above);
            TVector denominator = TVector.SelectLess(x, 0f, (e * (e + 2f)) + 2f, TVector.MultiplyAdd(e * 2f, e, above));
            return numerator / denominator * TVector.SelectLess(x, 0f, rest, 1f);
        }
    }
}
