namespace EdgeInference.Runtime.Stress.Signals;

/// <summary>Filters of second order one after the other, in double precision, from the same coefficients.</summary>
/// <param name="coefficients">b0, b1, b2, a1, a2 of each, 30 bits after the point.</param>
internal sealed class ExactFilter(int[] coefficients)
{
    private readonly double[][] inputs = [.. Enumerable.Range(0, (coefficients.Length / 5) + 1).Select(_ => new double[2])];

    private readonly double[] real = [.. coefficients.Select(value => value / (double)(1 << 30))];

    /// <summary>The next output.</summary>
    internal double Next(double x)
    {
        for (int s = 0; s < inputs.Length - 1; s++)
        {
            ReadOnlySpan<double> c = real.AsSpan(5 * s, 5);
            double[] before = inputs[s];
            double[] after = inputs[s + 1];
            double y = (c[0] * x) + (c[1] * before[0]) + (c[2] * before[1]) - (c[3] * after[0]) - (c[4] * after[1]);
            (before[1], before[0]) = (before[0], x);
            x = y;
        }

        double[] last = inputs[^1];
        (last[1], last[0]) = (last[0], x);
        return x;
    }
}
