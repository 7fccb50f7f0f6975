using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>HardSigmoid, a piecewise linear sigmoid: y = min(1, max(0, αx + β)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula HardSigmoid = Row<HardSigmoidFormula>(ActivationKind.HardSigmoid);

    /// <summary>Rounded once or twice, as the processor fuses or not.</summary>
    private readonly struct HardSigmoidFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector y = TVector.MultiplyAdd(x, alpha, beta);
            return TVector.SelectLess(y, 0f, 0f, TVector.SelectLess(1f, y, 1f, y));
        }
    }
}
