using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>The error function: at most 2 ULP off.</summary>
internal readonly struct ErfFormula : IVectorFunction
{
    // Below it a series, above it 1 − erfc x, where half of the last place of 1 is little of the result.
    private const float Series = 0.5f;

    // From 3.92 on erf x rounds to 1.
    private const float Far = 3.95f;

    // The square of what is less could be denormal, and counts for nothing.
    private const float Flat = 1e-10f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
        where TVector : struct, IFloatVector<TVector>
    {
        // erf x = x + x·S(x²), S by Lawson's iteration, 4.8e-9 of x off.
        TVector magnitude = TVector.Abs(x);
        TVector a = TVector.Larger(Flat, TVector.Smaller(Far, magnitude));
        TVector z = a * a;
        TVector series = TVector.MultiplyAdd(z, 0.00471973791718483f, -0.026758072897791862f);
        series = TVector.MultiplyAdd(series, z, 0.11282836645841599f);
        series = TVector.MultiplyAdd(series, z, -0.37612608075141907f);
        series = TVector.MultiplyAdd(series, z, 0.12837916612625122f);
        TVector near = TVector.MultiplyAdd(magnitude, series, magnitude);

        // erfc a = e^−g, g a polynomial by Lawson's iteration, by which erfc is 6.5e-9 off.
        TVector g = TVector.MultiplyAdd(a, 5.74009300180478e-06f, -0.000276505365036428f);
        g = TVector.MultiplyAdd(g, a, 0.003496055956929922f);
        g = TVector.MultiplyAdd(g, a, -0.023564597591757774f);
        g = TVector.MultiplyAdd(g, a, 0.10619216412305832f);
        g = TVector.MultiplyAdd(g, a, 0.6349846124649048f);
        g = TVector.MultiplyAdd(g, a, 1.1288185119628906f);
        g = TVector.MultiplyAdd(g, a, -5.050036997999996e-05f);
        TVector part = VectorMath.ExpPart(-g, out TVector sum);
        TVector far = (TVector)1f - VectorMath.Scaled(part, TVector.PowerOfSum(sum));
        return TVector.CopySign(TVector.SelectLess(a, Series, near, far), x);
    }
}
