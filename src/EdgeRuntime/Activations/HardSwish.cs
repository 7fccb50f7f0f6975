using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>HardSwish, a piecewise quadratic Swish: y = x·min(1, max(0, x/6 + 1/2)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula HardSwish = Row<HardSwishFormula>(ActivationKind.HardSwish);

    /// <summary>At most 2 ULP off.</summary>
    private readonly struct HardSwishFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, -3f, 0f, TVector.SelectLess(3f, x, x, x * (x + 3f) / 6f));
    }
}
