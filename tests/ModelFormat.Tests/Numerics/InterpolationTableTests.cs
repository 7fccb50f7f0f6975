using System.Numerics;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

public class InterpolationTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_input_takes_the_segment_that_begins_last_before_it(int seed)
    {
        var random = new Random(seed);

        // Segments at both ends of cells, beside each other and at the last input.
        var starts = new SortedSet<int> { -32768, -32767, -32257, -32256, -32255, -1, 0, 1, 511, 512, 513, 32255, 32256, 32766, 32767 };
        for (int i = 0; i < 40 * (seed - 1); i++)
        {
            starts.Add(random.Next(-32768, 32768));
        }

        int[] order = [.. starts];
        int[] segments =
        [
            .. order.SelectMany(start => new[]
            {
                (start * 32) + random.Next(17), random.Next(-(1 << 30), 1 << 30), random.Next(-(1 << 24), 1 << 24), random.Next(-(1 << 20), 1 << 20), random.Next(-(1 << 16), 1 << 16),
            }),
        ];
        int[] prepared = InterpolationTable.Prepare(segments);
        int at = 0;
        for (int x = -32768; x <= 32767; x++)
        {
            while (at + 1 < order.Length && order[at + 1] <= x)
            {
                at++;
            }

            Assert.Equal(Polynomial(x, segments, at), InterpolationTable.Evaluate(x, prepared));
            Assert.Equal(Polynomial(x, segments, at), InterpolationTable.Cubic(x, segments, at * 5));
        }
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 2)]
    [InlineData(16, 65535, 1)]
    [InlineData(4, 16, 2)]
    [InlineData(4, 15, 1)]
    public void A_line_by_hand(int shift, int t, int expected)
    {
        // 1 + t / 2^shift.
        int[] segment = [(-32768 * 32) + shift, 1 << 15, 1 << 15, 0, 0];
        Assert.Equal(expected, InterpolationTable.Cubic(t - 32768, segment, 0));
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(-32768, -1)]
    [InlineData(-32769, -2)]
    [InlineData(32767, 0)]
    [InlineData(32768, 1)]
    public void A_value_is_rounded_down(int coefficient, int expected) => Assert.Equal(expected, InterpolationTable.Cubic(0, [16, coefficient, 0, 0, 0], 0));

    // Horner's rule, each step rounded down.
    private static int Polynomial(int x, int[] segments, int segment)
    {
        int first = segments[segment * 5];
        int shift = ((first % 32) + 32) % 32;
        BigInteger power = BigInteger.Pow(2, shift);
        BigInteger t = x - ((first - shift) / 32);
        BigInteger sum = segments[(segment * 5) + 4];
        for (int power3 = 3; power3 >= 1; power3--)
        {
            sum = Floor(sum * t, power) + segments[(segment * 5) + power3];
        }

        return unchecked((int)(uint)(Floor(sum, 32768) & uint.MaxValue));
    }

    private static BigInteger Floor(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
