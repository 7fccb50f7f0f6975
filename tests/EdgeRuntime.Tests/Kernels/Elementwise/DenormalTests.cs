using EdgeInference.Runtime.Activations;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Tests.Kernels.Elementwise;

/// <summary>A saturated activation takes no longer than another: none of its steps computes with denormal numbers.</summary>
public class DenormalTests
{
    [Fact]
    public void Sigmoid_never_computes_with_denormal_numbers() => AssertNone<ActivationFormulas.SigmoidFormula>(-149);

    [Fact]
    public void Tanh_never_computes_with_denormal_numbers() => AssertNone<ActivationFormulas.TanhFormula>(-149);

    [Fact]
    public void Exponentials_compute_with_none()
    {
        foreach (float x in Numbers(-149))
        {
            CountingFloat.Slow = 0;
            VectorMath.Exp<CountingFloat>(x);
            Assert.True(CountingFloat.Slow == 0, $"{x:R}: {CountingFloat.Slow} steps");
        }
    }

    // Near 0 these are multiples of x: what is denormal there is x or the result.
    [Fact]
    public void SiLU_computes_with_none_where_it_saturates() => AssertNone<ActivationFormulas.SiLUFormula>(-40);

    [Fact]
    public void Mish_computes_with_none_where_it_saturates() => AssertNone<ActivationFormulas.MishFormula>(-40);

    [Fact]
    public void Softplus_computes_with_none_where_it_saturates() => AssertNone<ActivationFormulas.SoftplusFormula>(-40);

    [Fact]
    public void Erf_computes_with_none_where_it_is_no_multiple_of_x() => AssertNone<ErfFormula>(-40);

    [Fact]
    public void GELU_computes_with_none_where_it_saturates() => AssertNone<ActivationFormulas.GELUFormula>(-40);

    [Fact]
    public void GELU_by_tanh_computes_with_none_where_it_saturates() => AssertNone<ActivationFormulas.GELUTanhFormula>(-40);

    [Fact]
    public void Exponentials_less_one_compute_with_none_where_they_saturate()
    {
        foreach (float x in Numbers(-40))
        {
            CountingFloat.Slow = 0;
            VectorMath.ExpMinusOne<CountingFloat>(x);
            Assert.True(CountingFloat.Slow == 0, $"{x:R}: {CountingFloat.Slow} steps");
        }
    }

    [Fact]
    public void A_number_that_is_lowered_is_rounded_as_a_product_is()
    {
        var random = new Random(5);
        for (int i = 0; i < 200_000; i++)
        {
            float raised = MathF.ScaleB(1 + random.NextSingle(), random.Next(-90, 40));
            Assert.Equal(raised / VectorMath.Raise, Value(VectorMath.Lowered<FloatScalar>(raised)));
        }
    }

    private static void AssertNone<TFunction>(int least)
        where TFunction : struct, IVectorFunction
    {
        foreach (float x in Numbers(least))
        {
            CountingFloat.Slow = 0;
            TFunction.Of<CountingFloat>(x, 0f, 0f);
            Assert.True(CountingFloat.Slow == 0, $"{x:R}: {CountingFloat.Slow} steps");
        }
    }

    // Of every binade from 2^least on, and closely where results become denormal; 0 and infinity.
    private static IEnumerable<float> Numbers(int least)
    {
        float[] magnitudes =
        [
            0f, float.MaxValue, float.PositiveInfinity,
            .. Enumerable.Range(least, 128 - least).SelectMany(exponent => new[] { 1f, 1.37f, 1.93f }.Select(x => MathF.ScaleB(x, exponent))),
            .. Enumerable.Range(0, 13_000).Select(i => i / 100f),
        ];
        return magnitudes.SelectMany(x => new[] { x, -x });
    }

    private static unsafe float Value(FloatScalar x)
    {
        float value;
        FloatScalar.Store(x, &value);
        return value;
    }
}
