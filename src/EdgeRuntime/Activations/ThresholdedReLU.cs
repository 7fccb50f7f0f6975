using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>ThresholdedReLU, ReLU with its step at α: y = x for x > α, else 0.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula ThresholdedReLU = Row<ThresholdedReLUFormula>(ActivationKind.ThresholdedReLU);

    /// <summary>Exact.</summary>
    private readonly struct ThresholdedReLUFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // NaN is neither above α nor at or below it, and stays.
            TVector atMost = TVector.SelectLess(x, alpha, 0f, x - x);
            return TVector.SelectLess(alpha, x, x, atMost);
        }
    }
}
