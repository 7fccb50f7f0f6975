namespace EdgeInference.Runtime.Signals;

/// <summary>
/// Coefficients of filters of second order, by the formulas of the Audio EQ Cookbook (R. Bristow-Johnson, W3C Note of 8 June 2021):
/// bilinear transform with the frequency kept. A Butterworth filter of order 2k is k of them, whose qualities are those of its pairs
/// of poles (S. Butterworth, On the Theory of Filter Amplifiers, 1930): 1 / (2·cos θ) with θ = π/(4k), 3π/(4k), ...
/// </summary>
internal static class BiquadDesign
{
    /// <summary>1 in the coefficients of the record.</summary>
    internal const double One = 1 << 30;

    /// <summary>b0, b1, b2, a1, a2 for each section, a0 being 1.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="period">Seconds from one sample to the next.</param>
    internal static double[][] Sections(SignalFilter filter, double period)
    {
        double turn = 2 * Math.PI * filter.Frequency * period;
        if (filter.Kind is FilterKind.BandPass or FilterKind.Notch)
        {
            return [Section(filter.Kind, turn, filter.Quality)];
        }

        // The pair of the lowest quality first, so that the ringing of the highest does not pass through the others.
        return
        [
            .. Enumerable.Range(0, filter.Order / 2)
                .Select(pair => Section(filter.Kind, turn, 1 / (2 * Math.Cos(Math.PI * ((2 * pair) + 1) / (2 * filter.Order))))),
        ];
    }

    /// <summary>The coefficients in the record's steps of 2⁻³⁰.</summary>
    /// <exception cref="ArgumentException">Rounded, the filter is not stable or has a coefficient out of range: its frequency is too low for the sample rate.</exception>
    internal static int[] Rounded(SignalFilter filter, double period)
    {
        var all = new List<int>();
        foreach (double[] section in Sections(filter, period))
        {
            long[] rounded = [.. section.Select(value => (long)Math.Round(value * One, MidpointRounding.ToEven))];
            (long a1, long a2) = (rounded[3], rounded[4]);
            bool fits = rounded.All(value => value is >= int.MinValue and <= int.MaxValue);
            if (!fits || a2 >= (long)One || Math.Abs(a1) >= (long)One + a2)
            {
                throw new ArgumentException($"A {filter.Kind} filter at {filter.Frequency} Hz cannot be made at {1 / period:0.###} samples a second; take another frequency or quality.", nameof(filter));
            }

            all.AddRange(rounded.Select(value => (int)value));
        }

        return [.. all];
    }

    private static double[] Section(FilterKind kind, double turn, double quality)
    {
        double cosine = Math.Cos(turn);
        double alpha = Math.Sin(turn) / (2 * quality);
        double[] b = kind switch
        {
            FilterKind.LowPass => [(1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2],
            FilterKind.HighPass => [(1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2],
            FilterKind.BandPass => [alpha, 0, -alpha],
            _ => [1, -2 * cosine, 1],
        };
        double a0 = 1 + alpha;
        return [b[0] / a0, b[1] / a0, b[2] / a0, -2 * cosine / a0, (1 - alpha) / a0];
    }
}
