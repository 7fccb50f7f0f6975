namespace EdgeInference.Runtime.Activations;

/// <summary>
/// e^x and ln x in double precision from additions, multiplications and divisions alone. System.Math calls the C library
/// of the system, whose last bit differs from one to the next; with these, the same training run and the same table give
/// the same bytes on every machine. Within 1 ULP of the correctly rounded value.
/// </summary>
internal static class PortableMath
{
    private const double Ln2 = 0.69314718055994530942;

    // ln 2 with the last 21 bits cut, so that k·Ln2High is exact for every exponent k, and what was cut.
    private static readonly double Ln2High = BitConverter.Int64BitsToDouble(0x3FE62E42FEE00000);
    private static readonly double Ln2Low = 1.9082149292705877e-10;

    // 1/n! for n = 2 to 14: on |r| ≤ ln2/2 the first term left out is below 2⁻⁵⁹.
    private static readonly double[] reciprocalFactorials = ReciprocalFactorials(14);

    /// <summary>e^x; NaN gives NaN, above 709.78 it is +∞.</summary>
    internal static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x > 709.782712893384)
        {
            return double.PositiveInfinity;
        }

        if (x < -745.2)
        {
            return 0;
        }

        double k = Math.Floor((x / Ln2) + 0.5);
        double high = x - (k * Ln2High);
        double low = k * Ln2Low;
        double r = high - low;
        double lost = high - r - low;
        double series = 0;
        for (int i = reciprocalFactorials.Length - 1; i >= 0; i--)
        {
            series = (series * r) + reciprocalFactorials[i];
        }

        return Math.ScaleB(1 + (r + ((r * r * series) + lost)), (int)k);
    }

    /// <summary>ln x; 0 gives −∞, a negative number or NaN gives NaN.</summary>
    internal static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            k++;
        }

        // ln(1 + f) = 2·artanh(s) = f − s(f − 2(s²/3 + s⁴/5 + …)) with s = f/(2 + f), |s| ≤ 0.1716: f is exact, so that only
        // the small second term is rounded twice.
        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double series = 0;
        for (int n = 23; n >= 3; n -= 2)
        {
            series = (series * z) + (2.0 / n);
        }

        return (k * Ln2High) + ((k * Ln2Low) + (f - (s * (f - (z * series)))));
    }

    private static double[] ReciprocalFactorials(int last)
    {
        var values = new double[last - 1];
        double factorial = 1;
        for (int n = 2; n <= last; n++)
        {
            factorial *= n;
            values[n - 2] = 1 / factorial;
        }

        return values;
    }
}
