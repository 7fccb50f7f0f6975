using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>The arithmetic behind tables: long numbers against printed digits, cubics against the best there is, Softmax tables against their rule.</summary>
public class PreciseArithmeticTests
{
    private static readonly BigReal close = Number("0." + new string('0', 37) + "1");

    [Fact]
    public void Constants_and_functions_have_their_printed_digits()
    {
        Same("3.1415926535897932384626433832795028841971", BigReal.Pi);
        Same("0.6931471805599453094172321214581765680755", BigReal.Ln2);
        Same("2.7182818284590452353602874713526624977572", BigReal.Exp(BigReal.One));
        Same("0.3678794411714423215955237701614608674458", BigReal.Exp(-BigReal.One));
        Same("1.6487212707001281468486507878141635716537", BigReal.Exp(BigReal.One / 2));
        Same("1", BigReal.Exp(BigReal.Zero));
        Same("1.4142135623730950488016887242096980785696", BigReal.Sqrt(2 * BigReal.One));
        Same("0.7071067811865475244008443621048490392848", BigReal.Sqrt(BigReal.One / 2));
        Same("0.6931471805599453094172321214581765680755", BigReal.Log1p(BigReal.One));
        Same("0.4054651081081643819780131154643491365719", BigReal.Log1p(BigReal.One / 2));
        Same("0.5", BigReal.NormalDistribution(BigReal.Zero));
        Same("0.8413447460685429485852325456320379224779", BigReal.NormalDistribution(BigReal.One));
        Same("0.1586552539314570514147674543679620775221", BigReal.NormalDistribution(-BigReal.One));
        Assert.True(BigReal.Sqrt(BigReal.Zero).IsZero);
        Assert.True(BigReal.Log1p(BigReal.Zero).IsZero);
    }

    [Fact]
    public void What_only_tends_to_a_bound_never_equals_it()
    {
        BigReal tiny = Number("0." + new string('0', 90) + "1");
        foreach (int x in (int[])[-300, -1000, -100_000])
        {
            BigReal e = BigReal.Exp(x * BigReal.One);
            Assert.True(e > BigReal.Zero && e < tiny);
        }

        foreach (int x in (int[])[21, 22, 1000])
        {
            BigReal high = BigReal.NormalDistribution(x * BigReal.One);
            BigReal low = BigReal.NormalDistribution(-x * BigReal.One);
            BigReal most = x == 21 ? BigReal.Of(1e-15) : tiny;
            Assert.True(high < BigReal.One && BigReal.One - high < most);
            Assert.True(low > BigReal.Zero && low < most);
        }
    }

    [Fact]
    public void A_double_is_held_exactly_down_to_the_smallest_float()
    {
        BigReal smallest = BigReal.Of(float.Epsilon);
        for (int i = 0; i < 149; i++)
        {
            smallest = 2 * smallest;
        }

        Assert.True((smallest - BigReal.One).IsZero);
        Assert.True((BigReal.Of(-0.75) + (3 * BigReal.One / 4)).IsZero);
        Assert.True((BigReal.Of(1e6) - (1_000_000 * BigReal.One)).IsZero);
        Assert.True(BigReal.Of(-0.0).IsZero);
        Assert.True(BigReal.Of(-1e-30).IsNegative && !BigReal.Of(1e-30).IsNegative && !BigReal.Zero.IsNegative);

        // A quotient is rounded down, on either side of 0.
        foreach (int sign in (int[])[1, -1])
        {
            BigReal third = sign * BigReal.One / 3;
            Assert.True(3 * third < sign * BigReal.One && BigReal.Abs((sign * BigReal.One) - (3 * third)) < close);
            third = sign * BigReal.One / (3 * BigReal.One);
            Assert.True(3 * third < sign * BigReal.One && BigReal.Abs((sign * BigReal.One) - (3 * third)) < close);
            third = BigReal.One / (sign * 3 * BigReal.One);
            Assert.True(3 * third < sign * BigReal.One);
        }

        BigReal one = BigReal.One;
        BigReal two = 2 * one;
        Assert.True(one < two && two > one && one <= two && two >= one && one <= BigReal.One && one >= BigReal.One && !(two < one) && !(one > two) && !(one < BigReal.One) && !(one > BigReal.One));
        Assert.Equal([1, 2, 1, 1, -1, 0], new[] { Int(BigReal.Min(one, two)), Int(BigReal.Max(one, two)), Int(BigReal.Min(two, one)), Int(BigReal.Abs(-one)), one.CompareTo(two), one.CompareTo(BigReal.One) });

        static int Int(BigReal value) => value.CompareTo(2 * BigReal.One) == 0 ? 2 : value.CompareTo(BigReal.One) == 0 ? 1 : -99;
    }

    // Double precision is good to about 1e-14 of the value, and the same formula.
    [Fact]
    public void Activations_are_their_formulas_in_long_numbers_too()
    {
        float[] inputs = [-30f, -21.5f, -6f, -3f, -3.0000002f, -1.5f, -1f, -0.25f, -1e-6f, 0f, 1e-6f, 0.25f, 1f, 1.5f, 1.5000001f, 3f, 5.9999995f, 6f, 6.0000005f, 21.5f, 30f];
        foreach (ActivationFunction function in ActivationFunctions.All)
        {
            foreach ((float alpha, float beta) in ((float, float)[])[(function.DefaultAlpha, function.DefaultBeta), (1.5f, 0.75f), (0.3f, 1.25f), (-0.5f, 0.5f)])
            {
                Func<BigReal, BigReal> precise = UnaryFunction.Of(function.Kind, alpha, beta).Precise!;
                foreach (float x in inputs)
                {
                    double expected = function.Value(x, alpha, beta);
                    if (!double.IsFinite(expected))
                    {
                        continue;
                    }

                    BigReal difference = BigReal.Abs(precise(BigReal.Of(x)) - BigReal.Of(expected));
                    Assert.True(difference <= BigReal.Of(1e-12 * Math.Max(1, Math.Abs(expected))), $"{function.Kind} ({alpha}, {beta}) at {x}");
                }
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => UnaryFunction.Of((ActivationKind)99, 0f, 0f));
    }

    // Chebyshev: the least possible largest error of n values is the largest among all five of them, which for five is the divided
    // difference of fourth order over the sum of the weights' amounts.
    [Fact]
    public void A_cubic_is_found_where_there_is_one_and_not_where_there_is_none()
    {
        var random = new Random(3);
        var coefficients = new double[4];
        for (int trial = 0; trial < 300; trial++)
        {
            int n = random.Next(5, 13);
            double[] values = [.. Enumerable.Range(0, n).Select(i => (trial % 3) switch { 0 => random.NextDouble(), 1 => Math.Sin(i * 0.9), _ => i == trial % n ? 1 : 0.0 })];
            double least = Least(values);
            foreach (double factor in (double[])[1.001, 1.5])
            {
                Assert.True(CubicFit.TryFit(values, least * factor, coefficients), $"trial {trial}, {n} values");
                for (int i = 0; i < n; i++)
                {
                    Assert.InRange(values[i] - At(coefficients, i, n), (-least * factor) - 1e-12, (least * factor) + 1e-12);
                }
            }

            Assert.False(CubicFit.TryFit(values, least * 0.999, coefficients), $"trial {trial}, {n} values");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(40)]
    public void Few_values_and_those_of_a_cubic_are_met(int n)
    {
        double[] values = [.. Enumerable.Range(0, n).Select(i => 3 - (2.0 * i) + (0.5 * i * i) - (0.125 * i * i * i))];
        double[] coefficients = [9, 9, 9, 9];
        Assert.True(CubicFit.TryFit(values, n < 5 ? 0 : 1e-9 * Math.Pow(n, 3), coefficients));
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(values[i], At(coefficients, i, n), 1e-9 * Math.Max(1, Math.Pow(n, 3)));
        }

        // As few coefficients as values.
        Assert.All(coefficients.Skip(n), value => Assert.Equal(0, value));
    }

    // TensorFlow Lite: the function at each of 513 places, less half of what a straight line between them is too high in the middle.
    [Fact]
    public void Softmax_tables_are_the_function_less_half_the_error_of_a_line()
    {
        Check(Int16SoftmaxTables.Exponentials(), i => Math.Exp(-10 + (10 * i / 512)));
        Check(Int16SoftmaxTables.Reciprocals(), i => 1 / (1 + (i / 512)));
        Assert.Equal((2, 32767), (Int16SoftmaxTables.Exponentials()[0], Int16SoftmaxTables.Exponentials()[^1]));
        Assert.Equal((32767, 16384), (Int16SoftmaxTables.Reciprocals()[0], Int16SoftmaxTables.Reciprocals()[^1]));
        foreach ((float scale, float beta) in ((float, float)[])[(1f / 4096, 1f), (1f / 32768, 2f), (0.01f, 0.5f)])
        {
            QuantizedMultiplier multiplier = Int16SoftmaxTables.Multiplier(scale, beta);
            Assert.Equal((double)scale * beta * 6553.5, Math.ScaleB(multiplier.Multiplier, multiplier.Shift - 31), (double)scale * beta * 6553.5 * 1e-9);
        }

        static void Check(short[] table, Func<double, double> function)
        {
            Assert.Equal(513, table.Length);
            int equal = 0;
            for (int i = 0; i < 512; i++)
            {
                double here = Math.Round(32768 * function(i), MidpointRounding.AwayFromZero);
                double line = Math.Round(((32768 * function(i + 1)) + here) / 2, MidpointRounding.AwayFromZero);
                double middle = Math.Round(32768 * function(i + 0.5), MidpointRounding.AwayFromZero);
                double expected = Math.Min(32767, here - Math.Round((line - middle) / 2, MidpointRounding.AwayFromZero));
                Assert.InRange(table[i], expected - 1, expected + 1);
                equal += table[i] == expected ? 1 : 0;
            }

            // float32 differs from double at a tie only.
            Assert.InRange(equal, 490, 512);
        }
    }

    private static double At(double[] c, int i, int n)
    {
        double u = n == 1 ? 0 : (2.0 * i / (n - 1)) - 1;
        return c[0] + (c[1] * u) + (c[2] * u * u) + (c[3] * u * u * u);
    }

    private static double Least(double[] values)
    {
        double least = 0;
        int n = values.Length;
        for (int mask = 0; mask < 1 << n; mask++)
        {
            if (int.PopCount(mask) != 5)
            {
                continue;
            }

            int[] places = [.. Enumerable.Range(0, n).Where(i => (mask & (1 << i)) != 0)];
            double sum = 0;
            double amounts = 0;
            foreach (int i in places)
            {
                double weight = 1 / places.Where(j => j != i).Aggregate(1.0, (product, j) => product * (i - j));
                sum += weight * values[i];
                amounts += Math.Abs(weight);
            }

            least = Math.Max(least, Math.Abs(sum) / amounts);
        }

        return least;
    }

    private static void Same(string digits, BigReal actual) => Assert.True(BigReal.Abs(Number(digits) - actual) < close, digits);

    private static BigReal Number(string digits)
    {
        BigReal value = BigReal.Zero;
        foreach (char digit in digits.Where(char.IsAsciiDigit))
        {
            value = (10 * value) + ((digit - '0') * BigReal.One);
        }

        int places = digits.Contains('.', StringComparison.Ordinal) ? digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        for (int i = 0; i < places; i++)
        {
            value /= 10;
        }

        return value;
    }
}
