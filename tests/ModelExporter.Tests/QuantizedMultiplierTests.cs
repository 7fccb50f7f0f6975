using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Tool.Tests;

public class QuantizedMultiplierTests
{
    [Theory]
    [InlineData(0.5, 1 << 30, 0)]
    [InlineData(1.0, 1 << 30, 1)]
    [InlineData(0.25, 1 << 30, -1)]
    [InlineData(0.75, 1610612736, 0)]
    [InlineData(0.0, 0, 0)]
    [InlineData(1e-12, 0, 0)]
    public void A_real_number_becomes_a_fraction_and_a_power_of_two(double real, int multiplier, int shift) =>
        Assert.Equal(new QuantizedMultiplier(multiplier, shift), QuantizedMultiplier.From(real));

    [Fact]
    public void Requantizing_is_the_product_rounded_twice()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            double real = Math.Exp((random.NextDouble() * 12) - 14);
            int x = random.Next(-2_000_000, 2_000_000);
            var multiplier = QuantizedMultiplier.From(real);

            // Rounded twice: half a unit of the last step, and half of the finer one before it.
            double bound = 0.5 + Math.ScaleB(0.5, multiplier.Shift) + 1e-3;
            Assert.InRange(FixedPoint.Requantize(x, multiplier.Multiplier, multiplier.Shift) - (x * real), -bound, bound);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1.0)]
    [InlineData(1e10)]
    public void What_no_requantization_takes_is_refused(double real) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedMultiplier.From(real));
}
