using EdgeInference.ModelConverter.Activations;

namespace EdgeInference.Runtime.Tests;

public class ActivationTests
{
    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_list_is_indexed_by_kind(string name)
    {
        ActivationFunction function = ActivationFunctions.Find(name)!;
        Assert.Same(function, ActivationFunctions.Get(function.Kind));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_derivative_is_the_slope_of_the_value(string name)
    {
        ActivationFunction function = ActivationFunctions.Find(name)!;
        for (double x = -9.9137; x < 10; x += 0.0873)
        {
            const double Step = 1e-5;
            double slope = (function.Value(x + Step) - function.Value(x - Step)) / (2 * Step);
            Assert.Equal(slope, function.Derivative(x), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_stay_in_the_range_and_reach_it(string name)
    {
        ActivationFunction function = ActivationFunctions.Find(name)!;
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        double last = double.NegativeInfinity;
        bool monotonic = true;
        for (double x = -40; x <= 40; x += 0.001)
        {
            double value = function.Value(x);
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            monotonic &= value >= last - 1e-15;
            last = value;
        }

        (double expectedLow, double expectedHigh) = function.Range;
        Assert.True(low >= expectedLow - 1e-12 && high <= expectedHigh + 1e-12, $"[{low}, {high}]");
        Assert.True(double.IsInfinity(expectedLow) || low - expectedLow < 0.03, $"low {low}");
        Assert.True(double.IsInfinity(expectedHigh) || expectedHigh - high < 0.03, $"high {high}");
        Assert.Equal(function.IsMonotonic, monotonic);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NaN_stays_NaN_and_infinities_are_limits(string name)
    {
        ActivationFunction function = ActivationFunctions.Find(name)!;
        Assert.True(double.IsNaN(function.Value(double.NaN)));
        double far = function.Value(double.NegativeInfinity);
        Assert.True(far == function.Range.Low || far == 0 || Math.Abs(far - function.Value(-1e6)) < 1e-5, $"{far}");
        double high = function.Value(double.PositiveInfinity);
        Assert.Equal(function.Range.High, high);
    }
}
