using EdgeInference.Benchmarks.Numerics;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Tests.Kernels.Elementwise;

/// <summary>A sample of what <c>benchmarks sweep</c> does over all bit patterns.</summary>
public unsafe class FloatKernelTests
{
    // Prime, so that every exponent is met with other significands.
    private const uint Stride = 160_001;

    public static TheoryData<string> Functions => [.. UlpSweep.Functions];

    public static TheoryData<string> Activations => [.. UlpSweep.Functions.Where(name => ActivationFunctions.Find(name) is not null)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Kernels_are_as_close_as_documented_and_widths_agree_to_the_bit(string name)
    {
        UlpResult result = UlpSweep.Run(name, Stride);
        Assert.True(result.MaxUlp <= Bound(name), $"{result}");
        Assert.Equal(0, result.Special);
        Assert.Equal(0, result.Unlike);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_binades_where_results_are_neither_0_nor_saturated_are_met_closely(string name)
    {
        // From 2^−6 to 2^7.
        const uint Negative = 1u << 31;
        foreach (uint sign in new[] { 0u, Negative })
        {
            UlpResult result = UlpSweep.Run(name, 4_001, sign | 0x3C80_0000, sign | 0x4300_0000);
            Assert.True(result.MaxUlp <= Bound(name), $"{result}");
            Assert.Equal(0, result.Unlike);
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void NaN_stays_NaN_and_infinities_are_limits(string name)
    {
        ActivationFunction function = ActivationFunctions.Find(name)!;
        float* x = stackalloc float[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity, float.MinValue, float.MaxValue, -0f };
        float* y = stackalloc float[6];
        ActivationFormulas.Get(function.Kind).Fast(x, y, 6, function.DefaultAlpha, function.DefaultBeta);
        Assert.True(float.IsNaN(y[0]));
        for (int i = 1; i < 6; i++)
        {
            Assert.Equal((float)function.Value(x[i]), y[i]);
        }
    }

    [Fact]
    public void Tanh_is_two_sigmoids_less_one()
    {
        float* input = stackalloc float[2];
        float* output = stackalloc float[2];
        for (float x = -9; x < 9; x += 0.0317f)
        {
            input[0] = x;
            input[1] = 2 * x;
            ActivationFormulas.Get(ActivationKind.Tanh).Fast(input, output, 1, 0, 0);
            ActivationFormulas.Get(ActivationKind.Sigmoid).Fast(input + 1, output + 1, 1, 0, 0);
            Assert.Equal((2.0 * output[1]) - 1, output[0], 3e-7);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(31)]
    [InlineData(64)]
    public void Every_length_is_done_to_its_end_and_no_further(int length)
    {
        foreach (ActivationFunction function in ActivationFunctions.All.Where(f => f.Kind != ActivationKind.PReLU))
        {
            float[] x = [.. Enumerable.Range(0, length + 1).Select(i => (i * 0.37f) - 4)];
            float[] y = new float[length + 1];
            y[length] = 77;
            fixed (float* source = x, destination = y)
            {
                ActivationFormulas.Get(function.Kind).Fast(source, destination, length, function.DefaultAlpha, function.DefaultBeta);
                ActivationFormulas.Get(function.Kind).Fast(source, source, length, function.DefaultAlpha, function.DefaultBeta);
            }

            Assert.Equal(77, y[length]);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(function.Value((i * 0.37f) - 4), y[i], 1e-5);
                Assert.Equal(y[i], x[i]);
            }
        }
    }

    [Fact]
    public void Products_and_sums_lose_nothing()
    {
        var random = new Random(1);
        float* parts = stackalloc float[4];
        for (int i = 0; i < 10_000; i++)
        {
            float a = (random.NextSingle() - 0.5f) * 100;
            float b = (random.NextSingle() - 0.5f) * 100;
            FloatScalar.Store(VectorMath.Product<FloatScalar>(a, b, out FloatScalar productLow), parts);
            FloatScalar.Store(productLow, parts + 1);
            FloatScalar.Store(VectorMath.Sum<FloatScalar>(a, b, out FloatScalar sumLow), parts + 2);
            FloatScalar.Store(sumLow, parts + 3);
            Assert.Equal((double)a * b, (double)parts[0] + parts[1]);
            Assert.Equal((double)a + b, (double)parts[2] + parts[3]);
        }
    }

    // αx + β cancels where it crosses 0, so that without a fused instruction HardSigmoid has no relative bound.
    private static double Bound(string name) =>
        name == "Exp" ? 1
        : name == "Erf" ? 2
        : name == "HardSigmoid" && !FusedMultiplyAdd.IsSupported ? double.PositiveInfinity
        : ActivationFunctions.Find(name)!.Float32Ulps;
}
