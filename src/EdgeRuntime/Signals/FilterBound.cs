using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Signals;

namespace EdgeInference.Runtime.Signals;

/// <summary>
/// How far filtered counts can be from those of the same coefficients in exact arithmetic, and how large they become, from impulse
/// responses. Each filter cuts its sums to 10 bits after the point and adds what it cut to the next sum, so that it makes the error
/// r[n − 1] − r[n] with r from 0 to below 2⁻¹⁰. That reaches the end through (1 − z⁻¹) / A of this filter and B / A of those after it:
/// with g that impulse response, the error is at most 2⁻¹⁰ times the larger of the sums of its positive and of its negative values.
/// </summary>
internal static class FilterBound
{
    // A response is added up until its last half counts for less than this.
    private const double Rest = 1e-9;
    private const int FirstLength = 1024;
    private const int MostLength = 1 << 24;

    /// <summary>The largest distance in counts where nothing saturates, the rounding to a whole count included; 0 without a filter.</summary>
    /// <param name="coefficients">Five for each filter, 30 bits after the point.</param>
    internal static double Error(int[] coefficients)
    {
        const int Per = SignalPlan.FilterCoefficients;
        double error = 0;
        for (int first = 0; first < coefficients.Length; first += Per)
        {
            double[] rest = [.. coefficients[first..].Select(Real)];

            // Its own numerator is 1 − z⁻¹ here.
            (rest[0], rest[1], rest[2]) = (1, -1, 0);
            (double positive, double negative) = Sums(rest);
            error += Math.Max(positive, negative) / (1 << BiquadCascade.FractionBits);
        }

        return coefficients.Length == 0 ? 0 : error + 0.5;
    }

    /// <summary>The most that an output can be of the largest input, over the outputs of all filters; 1 without a filter.</summary>
    internal static double Gain(int[] coefficients)
    {
        double gain = 1;
        for (int end = SignalPlan.FilterCoefficients; end <= coefficients.Length; end += SignalPlan.FilterCoefficients)
        {
            (double positive, double negative) = Sums([.. coefficients[..end].Select(Real)]);
            gain = Math.Max(gain, positive + negative);
        }

        return gain;
    }

    private static double Real(int coefficient) => coefficient / BiquadDesign.One;

    // The sums of the positive and of the negative values of an impulse response.
    private static (double Positive, double Negative) Sums(double[] c)
    {
        double[] history = new double[2 * ((c.Length / 5) + 1)];
        double positive = 0;
        double negative = 0;
        for (int length = FirstLength, i = 0; ; length *= 2)
        {
            double before = positive + negative;
            for (; i < length; i++)
            {
                double y = Step(c, history, i == 0 ? 1 : 0);
                positive += Math.Max(y, 0);
                negative += Math.Max(-y, 0);
            }

            // What is still to come of a decaying response is less than what its last half was.
            double last = positive + negative - before;
            if (last <= Rest * before || length >= MostLength)
            {
                return (positive + last, negative + last);
            }
        }
    }

    private static double Step(double[] c, double[] h, double x)
    {
        int at = 0;
        for (int s = 0; s < c.Length; s += 5, at += 2)
        {
            double y = (c[s] * x) + (c[s + 1] * h[at]) + (c[s + 2] * h[at + 1]) - (c[s + 3] * h[at + 2]) - (c[s + 4] * h[at + 3]);
            h[at + 1] = h[at];
            h[at] = x;
            x = y;
        }

        h[at + 1] = h[at];
        h[at] = x;
        return x;
    }
}
