using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Tables at the ends of their types, on ties and where a function has no value, against plain rounding.</summary>
public class TableEdgeTests
{
    [Theory]
    [InlineData(1e9, 0)]
    [InlineData(1e9, -100)]
    [InlineData(-1e9, 100)]
    [InlineData(127.5, 0)]
    [InlineData(0.5, 0)]
    [InlineData(-0.5, 3)]
    [InlineData(1.5, -128)]
    [InlineData(-2.5, 127)]
    public void A_line_is_rounded_half_away_from_zero_and_clamped_at_both_ends(double slope, int outputZeroPoint)
    {
        var line = new UnaryFunction(x => slope * x);
        foreach (int inputZeroPoint in (int[])[-128, 0, 127, 5])
        {
            sbyte[] small = TableBuilder.Int8(line, 1f, inputZeroPoint, 1f, outputZeroPoint);
            short[] wide = TableBuilder.Int8ToInt16(line, 1f, inputZeroPoint, 0.25f, outputZeroPoint);
            for (int code = -128; code < 128; code++)
            {
                double real = slope * (code - inputZeroPoint);
                Assert.Equal(Math.Clamp(Math.Round(real, MidpointRounding.AwayFromZero) + outputZeroPoint, -128, 127), small[code + 128]);
                Assert.Equal(Math.Clamp(Math.Round(4 * real, MidpointRounding.AwayFromZero) + outputZeroPoint, -32768, 32767), wide[code + 128]);
            }
        }
    }

    [Fact]
    public void Where_a_function_has_no_value_the_entry_stands_for_0()
    {
        sbyte[] table = TableBuilder.Int8(new UnaryFunction(Math.Log), 1f, 0, 1f / 8, -7);
        Assert.All(table[..128], entry => Assert.Equal(-7, entry));
        Assert.Equal(-128, table[128]);
        Assert.Equal(-7, table[129]);
        Assert.Equal(Math.Round(8 * Math.Log(127)) - 7, table[255]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_scale_is_finite_and_above_0(float scale)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TableBuilder.Int8(new UnaryFunction(x => x), scale, 0, 1f, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TableBuilder.Int8(new UnaryFunction(x => x), 1f, 0, scale, 0));
    }

    [Fact]
    public void Segments_stay_within_the_budget_and_the_type()
    {
        // Waves of different lengths, which reach over the type's ends by more and by less.
        foreach ((double height, double length) in ((double, double)[])[(1.2, 9000), (1.001, 4000), (0.9, 2500), (3, 30000), (1.0039, 12000)])
        {
            var wave = new UnaryFunction(x => height * Math.Sin(x * 32768 * 2 * Math.PI / length));
            foreach ((int min, int max, float scale) in ((int, int, float)[])[(-128, 127, 1f / 128), (-32768, 32767, 1f / 32768)])
            {
                foreach (int budget in (int[])[240, 400, 420, 600, 1000])
                {
                    Int16Table table = Int16TableBuilder.Build(wave, 1f / 32768, scale, budget, 0, min, max);
                    int[] prepared = InterpolationTable.Prepare(table.Segments);
                    int misrounded = 0;
                    double worst = 0;
                    for (int x = -32768; x < 32768; x++)
                    {
                        int actual = InterpolationTable.Evaluate(x, prepared);
                        double exact = Math.Clamp(wave.Value(x / 32768.0) / scale, min, max);
                        Assert.InRange(actual, min, max);
                        misrounded += actual == Math.Clamp(Math.Round(exact, MidpointRounding.AwayFromZero), min, max) ? 0 : 1;
                        worst = Math.Max(worst, Math.Abs(actual - exact));
                    }

                    Assert.InRange(worst, 0, 1.001);
                    Assert.Equal((misrounded, worst), (table.Misrounded, table.MaxError));

                    // Where it grew, it is a table of the loosest kind, and it could not have been smaller.
                    Assert.True(table.Bytes <= budget || worst > 0.6 || budget < 600, $"{height} {length} {min} {budget}: {table.Bytes} bytes, off by {worst}");
                    if (table.Bytes <= budget)
                    {
                        continue;
                    }

                    Assert.Equal(table.Segments, Int16TableBuilder.Build(wave, 1f / 32768, scale, 20, 0, min, max).Segments);
                }
            }
        }
    }

    [Fact]
    public void A_table_that_has_just_room_is_taken_and_one_segment_less_is_another()
    {
        var wave = new UnaryFunction(x => 0.9 * Math.Sin(x * 20));
        Int16Table best = Int16TableBuilder.Build(wave, 1f / 32768, 1f / 128, 1 << 20, 0, -128, 127);
        Assert.Equal(0, best.Misrounded);
        Assert.Equal(best.Segments, Int16TableBuilder.Build(wave, 1f / 32768, 1f / 128, best.Bytes, 0, -128, 127).Segments);
        Int16Table less = Int16TableBuilder.Build(wave, 1f / 32768, 1f / 128, best.Bytes - 1, 0, -128, 127);
        Assert.True(less.Bytes < best.Bytes && less.Misrounded > 0, $"{best.Bytes} and {less.Bytes} bytes");
    }

    [Fact]
    public void Given_outputs_are_met_exactly_and_clamped()
    {
        Func<int, int> steps = x => (x / 1000 * 7) - (x % 3 == 0 ? 1 : 0);
        int[] prepared = InterpolationTable.Prepare(Int16TableBuilder.Exactly(x => x < -32000 || x > 32000 ? 999 : steps(x) / 2, -128, 127).Segments);
        for (int x = -32768; x < 32768; x++)
        {
            Assert.Equal(Math.Clamp(x is < -32000 or > 32000 ? 999 : steps(x) / 2, -128, 127), InterpolationTable.Evaluate(x, prepared));
        }
    }
}
