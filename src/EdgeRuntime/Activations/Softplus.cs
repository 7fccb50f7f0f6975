using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Softplus, a smooth ReLU: y = ln(1 + eˣ).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Softplus = Row<SoftplusFormula>(ActivationKind.Softplus);

    /// <summary>At most 2 ULP off.</summary>
    internal readonly struct SoftplusFormula : IVectorFunction
    {
        // e^−104 rounds to 0.
        private const float Far = 104f;

        // Below it ln(1 + e^x) rounds to e^x.
        private const float Exponential = -37f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            TVector magnitude = TVector.Abs(x);
            TVector raised = VectorMath.ExpRaised<TVector>(-VectorMath.NotTiny(TVector.SelectLess(Far, magnitude, Far, magnitude)), 0f);
            TVector y = TVector.SelectLess(0f, x, x, 0f) + VectorMath.Log1p(VectorMath.BesideOne(raised));
            return TVector.SelectLess(x, Exponential, VectorMath.Lowered(raised), y);
        }
    }
}
