using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>SiLU, the sigmoid linear unit, also called Swish: y = x·sigmoid(x).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula SiLU = Row<SiLUFormula>(ActivationKind.SiLU);

    /// <summary>At most 3 ULP off.</summary>
    private readonly struct SiLUFormula : IVectorFunction
    {
        private const float Far = -110f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Below 0 x·e^x/(1 + e^x), with the last power of two multiplied in at the end: e^x alone turns denormal too early.
            TVector bounded = TVector.SelectLess(x, Far, Far, x);
            TVector magnitude = TVector.Abs(TVector.SelectLess(-Far, bounded, -Far, bounded));
            TVector fraction = VectorMath.ExpParts(-magnitude, 0f, out TVector scale, out TVector rest);
            TVector numerator = TVector.SelectLess(x, 0f, bounded * fraction * scale, x);
            return numerator / ((fraction * scale * rest) + 1f) * TVector.SelectLess(x, 0f, rest, 1f);
        }
    }
}
