using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

/// <summary>e^x and 1 / (1 + x) in fixed point, against double precision and against the published steps with constants made here.</summary>
public class FixedPointExponentialTests
{
    private const double One = 2147483648.0;

    [Fact]
    public void The_exponential_is_near_and_falls_with_its_argument()
    {
        for (int bits = 0; bits <= 5; bits++)
        {
            int lowest = int.MinValue;
            double step = Math.Pow(2, bits) / One;
            int last = int.MaxValue;
            for (long x = 0; x >= lowest; x -= 7_654_321)
            {
                int result = FixedPointExponential.OfNegative((int)x, bits);
                Assert.InRange((result / One) - Math.Exp(x * step), -2.5e-7, 2.5e-7);
                Assert.True(result <= last, $"{x} of {bits} bits");
                last = result;
            }
        }
    }

    [Fact]
    public void The_exponential_takes_the_published_steps()
    {
        var random = new Random(5);
        for (int bits = 0; bits <= 5; bits++)
        {
            int quarter = 1 << (29 - bits);
            int[] edges = [.. Enumerable.Range(1, 1 << (bits + 2)).SelectMany(k => new[] { -k * (long)quarter, (-k * (long)quarter) + 1, (-k * (long)quarter) - 1 }).Where(x => x >= int.MinValue && x < 0).Select(x => (int)x)];
            foreach (int x in (int[])[int.MinValue, -1, .. edges, .. Enumerable.Range(0, 200).Select(_ => random.Next(int.MinValue, 0))])
            {
                Assert.Equal(Exponential(x, bits), FixedPointExponential.OfNegative(x, bits));
            }

            Assert.Equal(int.MaxValue, FixedPointExponential.OfNegative(0, bits));
        }

        Assert.Equal(FixedPointExponential.OfNegative(-123_456_789, 5), FixedPointExponential.OfNegative(-123_456_789));
    }

    [Fact]
    public void The_reciprocal_is_near()
    {
        for (long x = 0; x <= int.MaxValue; x += 1_234_567)
        {
            double exact = 1 / (1 + (x / One));
            Assert.InRange((FixedPointExponential.ReciprocalOfOnePlus((int)x) / One) - exact, -4e-9, 4e-9);
            double other = (1 - (x / One)) / (1 + (x / One));
            Assert.InRange((FixedPointExponential.OneMinusOverOnePlus((int)x) / One) - other, -8e-9, 8e-9);
        }

        // 1 itself is not in Q0.31.
        Assert.InRange(FixedPointExponential.ReciprocalOfOnePlus(0), int.MaxValue - 8, int.MaxValue);
        Assert.InRange(FixedPointExponential.ReciprocalOfOnePlus(int.MaxValue), (1 << 30) - 4, (1 << 30) + 4);
        Assert.InRange(FixedPointExponential.OneMinusOverOnePlus(int.MaxValue), -8, 8);
    }

    [Fact]
    public void The_reciprocal_takes_the_published_steps()
    {
        var random = new Random(6);
        foreach (int x in (int[])[0, 1, 2, 3, int.MaxValue, int.MaxValue - 1, 1 << 30, .. Enumerable.Range(0, 500).Select(_ => random.Next())])
        {
            // d = (1 + x) / 2 to nearest, Newton's steps on 48/17 − 32/17·d.
            int half = (int)((x + 2147483647L + 1) / 2);
            int estimate = (int)Math.Round(48.0 / 17 * (1 << 29)) + FixedPointTests.HighProduct(half, (int)Math.Round(-32.0 / 17 * (1 << 29)));
            for (int step = 0; step < 3; step++)
            {
                int error = (1 << 29) - FixedPointTests.HighProduct(half, estimate);
                estimate += 4 * FixedPointTests.HighProduct(estimate, error);
            }

            Assert.Equal((int)Math.Min(2L * estimate, int.MaxValue), FixedPointExponential.ReciprocalOfOnePlus(x));
            Assert.Equal((int)Math.Min(4L * (estimate - (1L << 29)), int.MaxValue), FixedPointExponential.OneMinusOverOnePlus(x));
        }
    }

    [Theory]
    [InlineData(0x3FFFFFFF, 1, 0x7FFFFFFE)]
    [InlineData(0x40000000, 1, int.MaxValue)]
    [InlineData(-0x40000000, 1, int.MinValue)]
    [InlineData(-0x40000001, 1, int.MinValue)]
    [InlineData(0x1FFFFFFF, 2, 0x7FFFFFFC)]
    [InlineData(0x20000000, 2, int.MaxValue)]
    [InlineData(-0x20000000, 2, int.MinValue)]
    [InlineData(-0x20000001, 2, int.MinValue)]
    [InlineData(int.MaxValue, 0, int.MaxValue)]
    [InlineData(int.MinValue, 0, int.MinValue)]
    public void A_shift_to_the_left_saturates(int x, int bits, int expected) => Assert.Equal(expected, FixedPointExponential.ShiftLeftSaturated(x, bits));

    // gemmlowp's exp_on_negative_values: Taylor's series about −1/8 on [−1/4, 0), then a factor e^(−2^k) for each bit of the rest.
    private static int Exponential(int x, int bits)
    {
        int quarter = 1 << (29 - bits);
        long reduced = (((x % quarter) + quarter) % quarter) - quarter;
        int t = (int)(reduced << bits) + (1 << 28);
        int t2 = FixedPointTests.HighProduct(t, t);
        int t3 = FixedPointTests.HighProduct(t2, t);
        int t4 = FixedPointTests.HighProduct(t2, t2);
        int third = (int)Math.Round(One / 3);
        int tail = FixedPointTests.Quotient(FixedPointTests.HighProduct(FixedPointTests.Quotient(t4, 2) + t3, third) + t2, 1);
        int eighth = (int)Math.Round(Math.Exp(-0.125) * One);
        int result = eighth + FixedPointTests.HighProduct(eighth, t + tail);
        long rest = (reduced - x) / quarter;
        for (int k = 0; k < bits + 2; k++)
        {
            if ((rest >> k) % 2 == 1)
            {
                result = FixedPointTests.HighProduct(result, (int)Math.Round(Math.Exp(-Math.Pow(2, k - 2)) * One));
            }
        }

        return result;
    }
}
