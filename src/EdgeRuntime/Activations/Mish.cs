using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>Mish, the self-regularised Mish of Misra 2019: y = x·tanh(ln(1 + eˣ)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Mish = Row<MishFormula>(ActivationKind.Mish);

    /// <summary>At most 4 ULP off.</summary>
    internal readonly struct MishFormula : IVectorFunction
    {
        private const float Far = 110f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // tanh(ln(1 + eˣ)) = n/(n + 2) with n = eˣ(eˣ + 2); above 0 both are multiplied by e^−2x. Raised as in SiLU.
            TVector magnitude = TVector.Abs(x);
            magnitude = TVector.SelectLess(Far, magnitude, Far, magnitude);
            TVector raised = VectorMath.ExpRaised<TVector>(-VectorMath.NotTiny(magnitude), 0f);
            TVector e = VectorMath.BesideOne(raised);
            TVector above = (e * 2f) + 1f;
            TVector numerator = TVector.SelectLess(x, 0f, magnitude * raised * (e + 2f), x * above);
            TVector denominator = TVector.SelectLess(x, 0f, (e * (e + 2f)) + 2f, TVector.MultiplyAdd(e * 2f, e, above));
            TVector y = numerator / denominator;
            return TVector.SelectLess(x, 0f, -VectorMath.Lowered(y), y);
        }
    }
}
