using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Step, the unit step: y = 1 for x ≥ 0, else 0.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Step = Row<StepFormula>(ActivationKind.Step);

    /// <summary>Exact.</summary>
    private readonly struct StepFormula : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => TVector.SelectLess(x, 0f, 0f, TVector.SelectLess(-1f, x, 1f, x));
    }
}
