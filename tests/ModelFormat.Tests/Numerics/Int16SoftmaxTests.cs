using System.Numerics;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Tests.Numerics;

public class Int16SoftmaxTests
{
    [Fact]
    public void A_table_has_an_entry_for_each_128_inputs_and_one_more()
    {
        Assert.Equal((65536 / 128) + 1, Int16Softmax.TableLength);
        for (int x = short.MinValue; x <= short.MaxValue; x++)
        {
            Assert.Equal((int)Math.Floor((x + 32768) / 128.0), Int16Softmax.TableIndex(x));
        }
    }

    [Theory]
    [InlineData(0, 100, 228, 100)]
    [InlineData(1, 100, 228, 101)]
    [InlineData(127, 100, 228, 227)]
    [InlineData(128, 100, 228, 100)]
    [InlineData(-1, 100, 228, 227)]
    [InlineData(-128, 100, 228, 100)]
    [InlineData(64, 0, 1, 1)]
    [InlineData(63, 0, 1, 0)]
    [InlineData(64, 1, 0, 1)]
    [InlineData(65, 1, 0, 0)]
    public void Between_entries_it_is_linear_with_ties_up(int x, int entry, int next, int expected) => Assert.Equal(expected, Int16Softmax.Interpolate(x, entry, next));

    [Fact]
    public void A_slope_wraps_as_int16_does() => Assert.Equal(-32768 - 16384 + 65536, Int16Softmax.Interpolate(64, -32768, 0));

    [Fact]
    public void Interpolation_is_the_rounded_line()
    {
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            int entry = random.Next(-16384, 16384);
            int next = random.Next(-16384, 16384);
            int x = random.Next(-32768, 32768);
            int part = ((x % 128) + 128) % 128;
            Assert.Equal(entry + (int)Math.Floor(((next - entry) * part / 128.0) + 0.5), Int16Softmax.Interpolate(x, entry, next));
        }
    }

    [Fact]
    public void A_difference_is_scaled_moved_and_clamped()
    {
        Assert.Equal(32767, Int16Softmax.ExponentialInput(0, int.MaxValue, 0));
        Assert.Equal(32766, Int16Softmax.ExponentialInput(-1, int.MaxValue, 0));
        Assert.Equal(-32768, Int16Softmax.ExponentialInput(-65535, int.MaxValue, 0));
        Assert.Equal(-32767, Int16Softmax.ExponentialInput(-65534, int.MaxValue, 0));
        Assert.Equal(-32768, Int16Softmax.ExponentialInput(-65535, int.MaxValue, 1));
        Assert.Equal(32767 - 5, Int16Softmax.ExponentialInput(-10, 1 << 30, 0));
        Assert.Equal(32767 - 20, Int16Softmax.ExponentialInput(-10, 1 << 30, 2));
    }

    [Fact]
    public void Headroom_counts_leading_zeros()
    {
        for (int bit = 0; bit < 31; bit++)
        {
            Assert.Equal(BitOperations.LeadingZeroCount(1u << bit), Int16Softmax.Headroom(1 << bit));
            Assert.Equal(BitOperations.LeadingZeroCount((2u << bit) - 1), Int16Softmax.Headroom((int)((2u << bit) - 1)));
        }
    }

    [Fact]
    public void The_sum_is_taken_between_1_and_2()
    {
        var random = new Random(8);
        foreach (int sum in (int[])[2, 3, 32767, 32768, 65535, 65536, 65537, int.MaxValue, 1 << 30, (1 << 30) - 1, .. Enumerable.Range(0, 2000).Select(i => Math.Max(2, random.Next() >> (i % 28)))])
        {
            int headroom = BitOperations.LeadingZeroCount((uint)sum);

            // sum / 2^(its highest bit) − 1 as −32768 to 32767 for 0 to 1.
            double fraction = (sum / Math.Pow(2, 31 - headroom)) - 1;
            int expected = (int)Math.Min(32767, Math.Floor((fraction * 65536) + 0.5) - 32768);
            Assert.Equal(expected, Int16Softmax.ReciprocalInput(sum, headroom));
        }
    }

    [Theory]
    [InlineData(32767, 32767, 16, 32766)]
    [InlineData(32767, 32767, 17, 32767)]
    [InlineData(32767, 0, 16, 0)]
    [InlineData(1, 1, 16, 0)]
    [InlineData(128, 128, 16, 1)]
    [InlineData(127, 128, 16, 0)]
    [InlineData(32767, -5, 16, 0)]
    [InlineData(4, 2, 28, 1)]
    [InlineData(3, 1, 28, 0)]
    public void A_probability_is_rounded_and_clamped(int exponential, int reciprocal, int headroom, int expected) => Assert.Equal(expected, Int16Softmax.Output(exponential, reciprocal, headroom));

    [Fact]
    public void A_probability_is_the_product_over_the_power_of_its_sum()
    {
        var random = new Random(9);
        for (int i = 0; i < 5000; i++)
        {
            int exponential = random.Next(0, 32768);
            int reciprocal = random.Next(0, 32768);
            int headroom = random.Next(1, 30);
            double exact = Math.Floor(((double)exponential * reciprocal / Math.Pow(2, 31 - headroom)) + 0.5);
            Assert.Equal((int)Math.Clamp(exact, 0, 32767), Int16Softmax.Output(exponential, reciprocal, headroom));
        }
    }
}
