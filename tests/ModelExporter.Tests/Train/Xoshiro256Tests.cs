using ModelExporter.Train;

namespace ModelExporter.Tests.Train;

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
