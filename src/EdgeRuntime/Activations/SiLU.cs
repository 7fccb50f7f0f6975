using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>SiLU, the sigmoid linear unit, also called Swish: y = x·sigmoid(x).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula SiLU = Row<SiLUFormula>(ActivationKind.SiLU);

    /// <summary>At most 3 ULP off.</summary>
    internal readonly struct SiLUFormula : IVectorFunction
    {
        private const float Far = 110f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Below 0 x·e^x/(1 + e^x), raised by a power of two until the end: e^x alone turns denormal too early.
            TVector magnitude = TVector.Abs(x);
            magnitude = TVector.SelectLess(Far, magnitude, Far, magnitude);
            TVector raised = VectorMath.ExpRaised<TVector>(-VectorMath.NotTiny(magnitude), 0f);
            TVector y = TVector.SelectLess(x, 0f, magnitude * raised, x) / (VectorMath.BesideOne(raised) + 1f);
            return TVector.SelectLess(x, 0f, -VectorMath.Lowered(y), y);
        }
    }
}
