using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Softmax parameters: β · scale · 2²⁶ as a fraction and a shift, and how far below the maximum counts.</summary>
public class SoftmaxScalingTests
{
    private const int OneHalf = 1 << 30;

    // The radius is 31 · 2²⁶ / 2^shift, rounded down.
    [Theory]
    [InlineData(1f, 1f / 16, OneHalf, 23, -248)]
    [InlineData(2f, 1f / 32, OneHalf, 23, -248)]
    [InlineData(1f, 0.09375f, 1610612736, 23, -248)]
    [InlineData(1f, 1f, OneHalf, 27, -15)]
    [InlineData(1f, 16f, OneHalf, 31, 0)]
    [InlineData(1f, 32f, int.MaxValue, 31, 0)]
    [InlineData(1f, 1e20f, int.MaxValue, 31, 0)]
    [InlineData(1f, 1f / 1024, OneHalf, 17, -15872)]
    [InlineData(1f, 1f / 2048, OneHalf, 16, -31744)]
    [InlineData(1f, 1f / 4096, OneHalf, 15, -32768)]
    [InlineData(1f, 1f / 67108864, OneHalf, 1, -32768)]
    [InlineData(1f, 1f / 134217728, OneHalf, 0, -32768)]
    [InlineData(1f, 1f / 268435456, OneHalf / 2, 0, -32768)]
    [InlineData(1f, 1f / 536870912, OneHalf / 4, 0, -32768)]
    [InlineData(0.5f, 1f / 536870912, OneHalf / 8, 0, -32768)]
    [InlineData(1f, 1.3e-36f, 0, 0, -32768)]
    [InlineData(1e-30f, 1e-30f, 0, 0, -32768)]
    public void Parameters_are_those_of_the_scale(float beta, float scale, int multiplier, int shift, int differenceMin) =>
        Assert.Equal(new SoftmaxScaling(multiplier, shift, differenceMin), SoftmaxScaling.From(beta, scale));

    [Fact]
    public void A_scale_just_below_a_power_of_two_becomes_that_power()
    {
        // β has 24 bits and so has the scale: their product just below 1/16 has 48, of which the fraction keeps 31.
        float below = MathF.BitDecrement(1f);
        double real = (double)below * below;
        Assert.Equal((int)Math.Round(real * (1L << 31)), SoftmaxScaling.From(below, below / 16).Multiplier);
        Assert.Equal(22, SoftmaxScaling.From(below, below / 16).LeftShift);

        // (1 + 2⁻²³)(1 − 2⁻²³) = 1 − 2⁻⁴⁶ rounds to 1.
        float above = MathF.BitIncrement(1f);
        float under = 1f - MathF.ScaleB(1, -23);
        Assert.Equal(new SoftmaxScaling(OneHalf, 23, -248), SoftmaxScaling.From(above, under / 16));
    }

    [Fact]
    public void The_multiplier_is_within_half_of_its_last_bit()
    {
        var random = new Random(4);
        for (int i = 0; i < 3000; i++)
        {
            float scale = MathF.ScaleB(1 + random.NextSingle(), random.Next(-33, 4));
            float beta = 0.25f + random.NextSingle();
            SoftmaxScaling actual = SoftmaxScaling.From(beta, scale);
            double real = (double)beta * scale * (1 << 26);
            double given = Math.ScaleB(actual.Multiplier, actual.LeftShift - 31);
            Assert.InRange(actual.LeftShift, 0, 31);

            // Below a shift of 0 the lowest bits are cut.
            double bit = Math.ScaleB(1, actual.LeftShift - 31);
            Assert.InRange(given - Math.Min(real, (1L << 31) - 1), -(actual.LeftShift == 0 ? 1 : 0.5) * bit, 0.5 * bit);
            Assert.True(actual.LeftShift == 0 || actual.Multiplier >= OneHalf);
        }
    }
}
