using EdgeInference.Runtime.Kernels.Float32.Elementwise;

namespace EdgeInference.Runtime.Tests.Kernels.Elementwise;

public unsafe class QuantizeKernelTests
{
    public static TheoryData<int> Lengths => [1, 15, 16, 17, 30, 31, 32, 100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Rows_of_any_length_are_rounded_shifted_and_clamped(int length)
    {
        float[] source = Source(length);
        sbyte[] bytes = new sbyte[length + 1];
        short[] shorts = new short[length + 1];
        foreach ((float scale, int zeroPoint) in new[] { (0.1f, 0), (1f, -128), (0.003f, 127), (1e-30f, 5) })
        {
            fixed (float* x = source)
            fixed (sbyte* y = bytes)
            fixed (short* z = shorts)
            {
                QuantizeKernel.ToInt8(x, y, length, scale, zeroPoint);
                QuantizeKernel.ToInt16(x, z, length, scale, 0);
            }

            for (int i = 0; i < length; i++)
            {
                Assert.Equal(One(source[i] / scale, zeroPoint, -128, 127), bytes[i]);
                Assert.Equal(One(source[i] / scale, 0, -32768, 32767), shorts[i]);
            }

            Assert.Equal(0, bytes[length]);
            Assert.Equal(0, shorts[length]);
        }
    }

    /// <summary>Saturated before a zero point is added, these would be off by it.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    public void Int16_with_a_zero_point_saturates_after_it_is_added(int zeroPoint)
    {
        float[] source = [.. Enumerable.Range(0, 19).Select(i => (i - 9) * 4000f)];
        short[] shorts = new short[source.Length];
        fixed (float* x = source)
        fixed (short* z = shorts)
        {
            QuantizeKernel.ToInt16(x, z, source.Length, 1f, zeroPoint);
        }

        Assert.Equal(source.Select(x => (short)One(x, zeroPoint, -32768, 32767)), shorts);
    }

    // The definition, in double precision: every step is exact.
    private static int One(float scaled, int zeroPoint, int min, int max) =>
        float.IsNaN(scaled) ? zeroPoint : (int)Math.Clamp(Math.Round((double)scaled, MidpointRounding.AwayFromZero) + zeroPoint, min, max);

    // Ties, numbers next to them, and those that a conversion could get wrong.
    private static float[] Source(int length)
    {
        float[] special =
        [
            0f, -0f, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f, 0.49999997f, -0.49999997f, 126.5f, 127.5f, -128.5f, -127.5f, 1e9f, -1e9f,
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, 0.05f, 0.15f, -0.25f,
        ];
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? special[(i / 2 * 7) % special.Length] : (random.NextSingle() - 0.5f) * 40f)];
    }
}
