using System.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Stress.Signals;

/// <summary>
/// Features in double precision from their definitions, and how far from them docs/numerics.md lets the pipeline's be.
/// Written from the documents, not from the code that it checks.
/// </summary>
internal static class SignalReference
{
    private const double Half24 = 1.0 / (1 << 24);

    /// <summary>A feature's exact value and the error that is allowed.</summary>
    internal readonly record struct Expected(double Value, double Error);

    /// <summary>All features of a channel by a plan.</summary>
    internal static List<Expected> Features(int[] plan, double[] x)
    {
        var features = new List<Expected>();
        int n = x.Length;
        double mean = x.Sum() / n;
        double[] doubled = [];
        double unit = 0;
        for (int i = 0; i < plan.Length; i++)
        {
            var kind = (SignalFeature)plan[i];
            if (kind < SignalFeature.BandPower)
            {
                double value = kind switch
                {
                    SignalFeature.Mean => mean,
                    SignalFeature.Variance => x.Sum(v => (v - mean) * (v - mean)) / n,
                    SignalFeature.Rms => Math.Sqrt(x.Sum(v => v * v) / n),
                    SignalFeature.Peak => x.Max(Math.Abs),
                    _ => Crossings(x) / (double)(n - 1),
                };

                // 2⁻⁵⁰ for what double precision itself rounds.
                features.Add(new Expected(value, (Math.Abs(value) * Half24) + (x.Max(Math.Abs) * Math.Pow(2, kind == SignalFeature.Variance ? -35 : -48))));
                continue;
            }

            if (doubled.Length == 0)
            {
                (doubled, unit) = Spectrum(x, mean);
            }

            int bands = plan[i + 1];
            int[] edges = plan[(i + 2)..(i + 2 + bands + (kind == SignalFeature.BandPower ? 1 : 2))];
            i += 1 + edges.Length;
            for (int band = 0; band < bands; band++)
            {
                features.Add(kind == SignalFeature.BandPower
                    ? Band(doubled, edges[band], edges[band + 1], unit)
                    : Triangle(doubled, edges[band..(band + 3)], unit, kind == SignalFeature.LogMelPower, n, x.Max(v => Math.Abs(v - mean))));
            }
        }

        return features;
    }

    // Power of each bin, and by how much its root may be off: (4·log₂P + 2) · √(P / 3n) · max|x − mean| · 2⁻²⁸.
    private static (double[] Power, double Unit) Spectrum(double[] x, double mean)
    {
        int n = x.Length;
        int points = Math.Max(4, (int)BitOperations.RoundUpToPowerOf2((uint)n));
        var values = new Complex[points];
        double energy = 0;
        for (int i = 0; i < n; i++)
        {
            double weight = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / n));
            energy += weight * weight;
            values[i] = (x[i] - mean) * weight;
        }

        Transform(values);
        double[] power = new double[(points / 2) + 1];
        for (int k = 1; k <= points / 2; k++)
        {
            double square = (values[k].Real * values[k].Real) + (values[k].Imaginary * values[k].Imaginary);
            power[k] = square * (k == points / 2 ? 1 : 2) / (energy * points);
        }

        double unit = ((4 * Math.Log2(points)) + 2) * Math.Sqrt(points / (3.0 * n)) * x.Max(v => Math.Abs(v - mean)) * Math.Pow(2, -28);
        return (power, unit);
    }

    private static Expected Band(double[] power, int first, int end, double unit)
    {
        double value = power[first..end].Sum();
        return new Expected(value, Squared(value, (end - first) * unit * unit));
    }

    private static Expected Triangle(double[] power, int[] edges, double unit, bool isLog, int n, double largest)
    {
        double value = 0;
        double weights = 0;
        double support = 0;
        int bins = 0;
        for (int k = 1; k < power.Length; k++)
        {
            double at = k * 256.0;
            double weight = at <= edges[0] || at >= edges[2] ? 0 : at <= edges[1] ? (at - edges[0]) / (edges[1] - edges[0]) : (edges[2] - at) / (edges[2] - edges[1]);
            value += weight * power[k];
            weights += weight;
            if (at >= edges[0] && at < edges[2])
            {
                support += power[k];
                bins++;
            }
        }

        // The bins, what their powers lose below 2²⁰, and weights of 20 bits.
        int points = 2 * (power.Length - 1);
        double error = Squared(value, weights * unit * unit);
        error += weights * points / (6.0 * n) * largest * largest * Math.Pow(2, -37);
        error += Math.Pow(Math.Sqrt(support) + (Math.Sqrt(bins) * unit), 2) * Math.Pow(2, -21);
        if (!isLog)
        {
            return new Expected(value, error * (1 + Half24));
        }

        error = (error * (1 + Half24)) + (value * Half24);
        return new Expected(Math.Log2(1 + value), (error / Math.Log(2) / (1 + Math.Max(0, value - error))) + Math.Pow(2, -17) + Math.Pow(2, -19));
    }

    // Of a power whose root is off by at most the root of another, and which is rounded.
    private static double Squared(double value, double error) => ((2 * Math.Sqrt(value * error)) + error) * (1 + Half24) + (value * (Half24 + 1e-13));

    private static int Crossings(double[] x)
    {
        // Whole counts: n·x against their sum is exact.
        double sum = x.Sum();
        return Enumerable.Range(1, x.Length - 1).Count(i => (x[i] * x.Length < sum) != (x[i - 1] * x.Length < sum));
    }

    private static void Transform(Complex[] x)
    {
        if (x.Length == 1)
        {
            return;
        }

        Complex[] even = [.. x.Where((_, i) => i % 2 == 0)];
        Complex[] odd = [.. x.Where((_, i) => i % 2 == 1)];
        Transform(even);
        Transform(odd);
        for (int k = 0; k < even.Length; k++)
        {
            Complex turned = odd[k] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k / x.Length);
            x[k] = even[k] + turned;
            x[k + even.Length] = even[k] - turned;
        }
    }
}
