using System.Globalization;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report;

/// <summary>Draws an activation function with its derivative, where it saturates, where it is dead, and three known answers.</summary>
internal static class ActivationChart
{
    private const double End = 8;
    private const int Points = 480;
    private const double JumpShare = 0.1;
    private static readonly double[] known = [-1, 0, 1];

    /// <summary>The chart of a function with its default parameters, −8 to 8.</summary>
    internal static Chart Of(ActivationFunction function) => Of(function, function.DefaultAlpha, function.DefaultBeta, -End, End);

    /// <summary>The chart of a function over a range of inputs.</summary>
    internal static Chart Of(ActivationFunction function, double alpha, double beta, double low, double high)
    {
        (double X, double Y)[] value = [.. Sample(x => function.Value(x, alpha, beta), low, high)];
        (double X, double Y)[] slope = [.. Sample(x => function.Derivative(x, alpha, beta), low, high)];
        Axis y = Axis.Around(value.Concat(slope).Select(point => point.Y).Append(0), "y");
        y = y with { High = y.High + ((y.High - y.Low) * 0.1) };
        var chart = new Chart($"{function.Name}: {function.Formula}", new Axis(low, high, function.Formula), y);
        var shape = ActivationShape.Of(function, alpha, beta, low, high);
        bool dead = shape.DeadBelow > low || shape.DeadAbove < high;
        bool flat = shape.SaturatedBelow > Math.Max(low, shape.DeadBelow) || shape.SaturatedAbove < Math.Min(high, shape.DeadAbove);
        chart.Band(Math.Max(low, shape.DeadBelow), Math.Max(shape.SaturatedBelow, shape.DeadBelow), "flat");
        chart.Band(Math.Min(shape.SaturatedAbove, shape.DeadAbove), Math.Min(high, shape.DeadAbove), "flat");
        chart.Band(low, shape.DeadBelow, "dead");
        if (shape.DeadBelow < high)
        {
            chart.Band(shape.DeadAbove, high, "dead");
        }

        chart.Line(Jumps(value), "s0");
        chart.Line(Jumps(slope), "s1 thin dash");
        foreach (double at in known.Where(at => at >= low && at <= high))
        {
            chart.Dots([(at, function.Value(at, alpha, beta))], "s0", 3);
        }

        chart.Legend("s0", function.Name, right: false);
        chart.Legend("s1", "derivative", right: false);
        if (flat)
        {
            chart.Legend("flat", "saturated", right: false);
        }

        if (dead)
        {
            chart.Legend("dead", "dead: derivative 0", right: false);
        }

        foreach (double at in known)
        {
            chart.Legend("none", string.Create(CultureInfo.InvariantCulture, $"f({Sign(at)}) = {function.Value(at, alpha, beta):0.####}"), right: false);
        }

        return chart;
    }

    private static string Sign(double at) => at < 0 ? $"−{(-at).ToString(CultureInfo.InvariantCulture)}" : at.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<(double X, double Y)> Sample(Func<double, double> function, double low, double high)
    {
        for (int i = 0; i <= Points; i++)
        {
            double x = low + ((high - low) * i / Points);
            yield return (x, function(x));
        }
    }

    // A step of the function is a gap, not a steep line.
    private static IEnumerable<(double X, double Y)> Jumps((double X, double Y)[] points)
    {
        double jump = JumpShare * (points.Max(point => point.Y) - points.Min(point => point.Y));
        for (int i = 0; i < points.Length; i++)
        {
            if (i > 0 && jump > 0 && Math.Abs(points[i].Y - points[i - 1].Y) > jump)
            {
                yield return (double.NaN, double.NaN);
            }

            yield return points[i];
        }
    }
}
