using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>ReLU, the rectified linear unit: y = max(0, x).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula ReLU = Row<ReLUFormula>(ActivationKind.ReLU);

    /// <summary>Exact.</summary>
    private readonly struct ReLUFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, 0f, x);
    }
}
