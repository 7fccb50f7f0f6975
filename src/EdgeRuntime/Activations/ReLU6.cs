using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>ReLU6, the rectified linear unit that ends at 6: y = min(6, max(0, x)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula ReLU6 = Row<ReLU6Formula>(ActivationKind.ReLU6);

    /// <summary>Exact.</summary>
    private readonly struct ReLU6Formula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, 0f, TVector.SelectLess(6f, x, 6f, x));
    }
}
