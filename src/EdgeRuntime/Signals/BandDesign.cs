using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Signals;

/// <summary>Edges of bands on the bins of a spectrum.</summary>
internal static class BandDesign
{
    // Slaney's scale: 15 linear steps of 200/3 Hz, then 27 to 6.4 times as much.
    private const double LinearStep = 200.0 / 3;
    private const double LogStart = 1000;

    private static readonly double logStep = Math.Log(6.4) / 27;

    /// <summary>The edges as the record has them: bins, of triangles in 1/256 of a bin.</summary>
    /// <param name="output">A feature with bands.</param>
    /// <param name="length">Samples of the window.</param>
    /// <param name="period">Seconds from one sample to the next.</param>
    /// <exception cref="ArgumentException">The bands do not fit the spectrum.</exception>
    internal static int[] Edges(SignalOutput output, int length, double period)
    {
        int points = SignalPlan.Points(length);
        double nyquist = 0.5 / period;
        double high = output.High == 0 ? nyquist : output.High;
        if (output.Bands is < 1 or > SignalPlan.MaxBands || !(output.Low >= 0) || !(high > output.Low) || !(high <= nyquist * (1 + 1e-6)))
        {
            throw new ArgumentException($"{output.Feature} takes 1 to {SignalPlan.MaxBands} bands from 0 Hz or more to at most {nyquist:0.###} Hz, half the sample rate; it was given {output.Bands} from {output.Low} to {high} Hz.", nameof(output));
        }

        return output.Feature == SignalFeature.BandPower ? Bins(output, high, points, period) : Triangles(output, high, points, period);
    }

    // Bin k reaches from (k − 1) to k steps of the spectrum, so that bands from 0 Hz to half the sample rate have all of them.
    private static int[] Bins(SignalOutput output, double high, int points, double period)
    {
        double step = 1 / (points * period);
        double first = Math.Round(output.Low / step);
        double last = Math.Min(Math.Round(high / step), points / 2);
        if (last - first < output.Bands)
        {
            throw new ArgumentException($"{output.Feature} has {output.Bands} bands but the spectrum only {last - first} bins from {output.Low} to {high} Hz; take fewer bands or a longer window.", nameof(output));
        }

        return [.. Enumerable.Range(0, output.Bands + 1).Select(band => (int)first + 1 + (int)((long)band * ((long)last - (long)first) / output.Bands))];
    }

    private static int[] Triangles(SignalOutput output, double high, int points, double period)
    {
        double low = ToScale(output.Low, output.Scale);
        double span = ToScale(high, output.Scale) - low;
        const int Unit = 1 << SignalPlan.BinShift;
        int[] edges =
        [
            .. Enumerable.Range(0, output.Bands + 2)
                .Select(i => FromScale(low + (span * i / (output.Bands + 1)), output.Scale) * points * period * Unit)
                .Select(edge => Math.Min((int)Math.Round(edge), (points / 2) * Unit)),
        ];
        for (int band = 0; band < output.Bands; band++)
        {
            // A triangle without a bin of its own would be 0 whatever the signal is.
            int first = (edges[band] / Unit) + 1;
            if (edges[band + 1] <= edges[band] || edges[band + 2] <= edges[band + 1] || Math.Max(first, 1) * Unit >= edges[band + 2])
            {
                throw new ArgumentException($"{output.Feature} has {output.Bands} bands, but there is no bin of the spectrum under triangle {band}; take fewer bands, a longer window or a higher low frequency.", nameof(output));
            }
        }

        return edges;
    }

    private static double ToScale(double frequency, MelScale scale) => scale == MelScale.Htk
        ? 2595 * Math.Log10(1 + (frequency / 700))
        : frequency < LogStart ? frequency / LinearStep : (LogStart / LinearStep) + (Math.Log(frequency / LogStart) / logStep);

    private static double FromScale(double mel, MelScale scale) => scale == MelScale.Htk
        ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < LogStart / LinearStep ? mel * LinearStep : LogStart * Math.Exp((mel - (LogStart / LinearStep)) * logStep);
}
