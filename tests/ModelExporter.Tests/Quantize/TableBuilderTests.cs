using System.Globalization;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

public class TableBuilderTests
{
    // Drawn with mpmath at 400 bits of precision from formulas written apart from this code.
    private static readonly string[][] rows =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "TestData", "int8-tables.csv")).Skip(1).Select(line => line.Split(','))];

    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_int8_entry_is_the_correctly_rounded_one(string name)
    {
        string[][] mine = [.. rows.Where(row => row[0] == name)];
        Assert.True(mine.Length >= 4, $"{mine.Length} reference tables of {name}");
        foreach (string[] row in mine)
        {
            UnaryFunction function = UnaryFunction.Of(ActivationFunctions.Find(name)!.Kind, Float(row[1]), Float(row[2]));
            sbyte[] table = TableBuilder.Int8(function, Float(row[3]), Int(row[4]), Float(row[5]), Int(row[6]));
            Assert.Equal(row[7], string.Join(' ', table));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_int16_table_is_the_int8_table_in_finer_steps(string name)
    {
        UnaryFunction function = UnaryFunction.Of(ActivationFunctions.Find(name)!.Kind);
        const float Scale = 1f / 4;
        sbyte[] coarse = TableBuilder.Int8(function, 1f / 16, 3, Scale, 0);
        short[] fine = TableBuilder.Int8ToInt16(function, 1f / 16, 3, Scale / 256, 0);
        for (int i = 0; i < 256; i++)
        {
            double rounded = fine[i] / 256.0;
            Assert.True(Math.Abs(rounded - coarse[i]) <= 0.5 + (0.5 / 256), $"entry {i}: {coarse[i]} and {rounded}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_doubtful_double_is_overruled(string name)
    {
        // The double is off by more than any function's error and less than what counts as doubt, both ways.
        ActivationFunction function = ActivationFunctions.Find(name)!;
        Func<BigReal, BigReal> precise = UnaryFunction.Of(function.Kind).Precise!;
        // Half of all inputs of a piecewise linear function are exact ties when the output is half as fine.
        float[] scales = [1f / 16, 1f / 256, 0.0173f];
        foreach (float scale in scales)
        {
            sbyte[] expected = TableBuilder.Int8(UnaryFunction.Of(function.Kind), scale, 0, scale * 2, 0);
            foreach (double factor in (double[])[1 - 1e-12, 1 + 1e-12])
            {
                var skewed = new UnaryFunction(x => function.Value(x) * factor, precise);
                Assert.Equal(expected, TableBuilder.Int8(skewed, scale, 0, scale * 2, 0));
            }
        }
    }

    [Fact]
    public void Ties_go_away_from_zero()
    {
        sbyte[] table = TableBuilder.Int8(x => x, 0.5f, 0, 1f, 0);
        Assert.Equal(1, table[129]);
        Assert.Equal(-1, table[127]);
        Assert.Equal(2, table[131]);
        Assert.Equal(-2, table[125]);
    }

    [Fact]
    public void NaN_is_the_zero_point_and_infinity_the_bound()
    {
        sbyte[] table = TableBuilder.Int8(x => 1 / x * (x < -1 ? double.NaN : 1), 1f / 64, 0, 1f / 8, 5);
        Assert.Equal(5, table[0]);
        Assert.Equal(127, table[128]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_scale_is_finite_and_above_zero(float scale)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TableBuilder.Int8(x => x, scale, 0, 1f, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TableBuilder.Int8(x => x, 1f, 0, scale, 0));
    }

    private static float Float(string bits) => BitConverter.Int32BitsToSingle(Int(bits));

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
