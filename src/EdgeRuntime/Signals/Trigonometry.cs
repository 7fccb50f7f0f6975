namespace EdgeInference.Runtime.Signals;

/// <summary>
/// Sine and cosine of fractions of a turn from double additions and multiplications alone: the C library's own differ in
/// their last bits from system to system, and features must not.
/// </summary>
internal static class Trigonometry
{
    /// <summary>cos(2π · index / count) rounded to float32, 0 ≤ index &lt; count.</summary>
    internal static float Cosine(int index, int count) => (float)CosineOfEighths(8L * index, count);

    /// <summary>sin(2π · index / count) rounded to float32, 0 ≤ index &lt; count.</summary>
    internal static float Sine(int index, int count) => (float)CosineOfEighths((8L * index) + (6L * count), count);

    // The angle is (eighths / count) · π/4; whole eighths of a turn are taken off exactly, in integers.
    private static double CosineOfEighths(long eighths, int count)
    {
        long octant = eighths / count % 8;
        double rest = eighths % count / (double)count * (Math.PI / 4);
        double other = (count - (eighths % count)) / (double)count * (Math.PI / 4);
        return octant switch
        {
            0 => CosineSeries(rest),
            1 => SineSeries(other),
            2 => -SineSeries(rest),
            3 => -CosineSeries(other),
            4 => -CosineSeries(rest),
            5 => -SineSeries(other),
            6 => SineSeries(rest),
            _ => CosineSeries(other),
        };
    }

    // Taylor series; at π/4 the first term left out is below 1e-17.
    private static double SineSeries(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n <= 8; n++)
        {
            term = -term * x * x / (2 * n * ((2 * n) + 1));
            sum += term;
        }

        return sum;
    }

    private static double CosineSeries(double x)
    {
        double term = 1;
        double sum = 1;
        for (int n = 1; n <= 8; n++)
        {
            term = -term * x * x / (2 * n * ((2 * n) - 1));
            sum += term;
        }

        return sum;
    }
}
