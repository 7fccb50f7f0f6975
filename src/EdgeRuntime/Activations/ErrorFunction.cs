namespace EdgeInference.Runtime.Activations;

/// <summary>The complementary error function in double precision.</summary>
internal static class ErrorFunction
{
    private const int SeriesTerms = 60;
    private const int FractionTerms = 120;

    /// <summary>
    /// erfc(x). Below |x| = 2 by the Maclaurin series of erf (Abramowitz and Stegun 7.1.6), above by Laplace's
    /// continued fraction (7.1.14); relative error below 1e-14.
    /// </summary>
    internal static double Erfc(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        double magnitude = Math.Abs(x);
        if (magnitude < 2)
        {
            return 1 - Erf(x);
        }

        double tail = magnitude > 27 ? 0 : Tail(magnitude);
        return x < 0 ? 2 - tail : tail;
    }

    // erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): every term has the same sign, so nothing cancels.
    private static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < SeriesTerms; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * PortableMath.Exp(-x * x) * sum;
    }

    private static double Tail(double x)
    {
        double fraction = 0;
        for (int n = FractionTerms; n >= 1; n--)
        {
            fraction = n / 2.0 / (x + fraction);
        }

        return PortableMath.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
