using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Train;

public class Xoshiro256Tests
{
    [Fact]
    public void The_published_algorithms_numbers_come_out()
    {
        // By a second implementation in Python's integers.
        var zero = new Xoshiro256(0);
        Assert.Equal([11091344671253066420UL, 13793997310169335082UL, 1900383378846508768UL], [zero.Next(), zero.Next(), zero.Next()]);
        Assert.Equal(1546998764402558742UL, new Xoshiro256(42).Next());
    }

    // The C of the authors, prng.di.unimi.it, in plain shifts.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ulong.MaxValue)]
    public void A_long_row_of_numbers_is_that_of_the_definition(ulong seed)
    {
        var random = new Xoshiro256(seed);
        ulong[] s = new ulong[4];
        for (int i = 0; i < 4; i++)
        {
            seed += 0x9e3779b97f4a7c15;
            ulong z = seed;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            s[i] = z ^ (z >> 31);
        }

        for (int n = 0; n < 200; n++)
        {
            ulong five = s[1] * 5;
            ulong expected = ((five << 7) | (five >> 57)) * 9;
            Assert.Equal(expected, n % 2 == 0 ? random.Next() : Bits(random.NextDouble(), expected));
            ulong t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = (s[3] << 45) | (s[3] >> 19);
        }

        // The upper 53 bits are the number's.
        static ulong Bits(double value, ulong expected) => ((ulong)(value * 9007199254740992) << 11) | (expected & 2047);
    }

    [Fact]
    public void Numbers_below_a_limit_are_even()
    {
        var random = new Xoshiro256(3);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
        }

        // Six standard deviations of a binomial count are about 556.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 556, 10_000 + 556));
    }

    [Fact]
    public void A_shuffle_keeps_every_element()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        new Xoshiro256(9).Shuffle(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}
