using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Activations;

/// <content>GELU, the Gaussian error linear unit: y = x·Φ(x) = x/2·(1 + erf(x/√2)).</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula GELU = Row<GELUFormula>(ActivationKind.GELU);

    /// <summary>At most 5 ULP off.</summary>
    internal readonly struct GELUFormula : IVectorFunction
    {
        private const float Far = 15f;

        // Below it e^(−a²/2) rounds to 1, and the square of a²/2 is no denormal number above.
        private const float Flat = 1e-8f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
        {
            // Φ(−a) = e^(−a²/2)·M(a), with Mills' ratio M as a polynomial in (a − 4)/(a + 4) over 1 + a, 2.8e-8 off. a²/2 is
            // taken in two parts: e^x turns its rounding error into many ULP. Below −15 the result rounds to 0.
            TVector magnitude = TVector.Abs(x);
            TVector a = TVector.SelectLess(Far, magnitude, Far, magnitude);
            TVector t = (a - 4f) / (a + 4f);
            TVector mills = TVector.MultiplyAdd(t, 8.535732922609895e-05f, 0.0007148139993660152f);
            mills = TVector.MultiplyAdd(mills, t, -0.0004125703126192093f);
            mills = TVector.MultiplyAdd(mills, t, -0.0050462037324905396f);
            mills = TVector.MultiplyAdd(mills, t, 0.017968233674764633f);
            mills = TVector.MultiplyAdd(mills, t, -0.032185789197683334f);
            mills = TVector.MultiplyAdd(mills, t, 0.028597069904208183f);
            mills = TVector.MultiplyAdd(mills, t, 0.013998693786561489f);
            mills = TVector.MultiplyAdd(mills, t, -0.09670337289571762f);
            mills = TVector.MultiplyAdd(mills, t, 0.4720532298088074f) / (a + 1f);
            TVector exponent = TVector.SelectLess(a, Flat, 0f, a);
            TVector upper = TVector.UpperHalf(exponent);
            TVector raised = VectorMath.ExpRaised(upper * upper * -0.5f, (exponent - upper) * (exponent + upper) * -0.5f);
            TVector tail = TVector.CopySign(VectorMath.Lowered(a * mills * raised), x);
            return TVector.SelectLess(x, 0f, tail, x - TVector.SelectLess(magnitude, 1f, tail, VectorMath.BesideOne(a * mills * raised)));
        }
    }
}
