using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>LeakyReLU, the rectified linear unit that leaks: y = x for x ≥ 0, else αx.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula LeakyReLU = Row<LeakyReLUFormula>(ActivationKind.LeakyReLU);

    /// <summary>Rounded once.</summary>
    private readonly struct LeakyReLUFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, alpha * x, x);
    }
}
