namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Rows">Rows whose probability lies in it.</param>
/// <param name="MeanProbability">Their mean probability; NaN if there are none.</param>
/// <param name="Share">The share of them for which what was predicted is true; NaN if there are none.</param>
internal readonly record struct ReliabilityBin(int Rows, double MeanProbability, double Share)
{
    /// <summary>Bins of equal width: [0, 0.1), …, [0.9, 1] for ten.</summary>
    /// <param name="probabilities">The probability given to each event.</param>
    /// <param name="happened">Whether it was so.</param>
    /// <param name="count">Number of bins.</param>
    internal static ReliabilityBin[] Of(IReadOnlyList<float> probabilities, IReadOnlyList<bool> happened, int count = 10)
    {
        var rows = new int[count];
        var sums = new double[count];
        var hits = new int[count];
        for (int i = 0; i < probabilities.Count; i++)
        {
            int bin = Math.Clamp((int)(probabilities[i] * (double)count), 0, count - 1);
            rows[bin]++;
            sums[bin] += probabilities[i];
            hits[bin] += happened[i] ? 1 : 0;
        }

        return [.. rows.Select((n, i) => new ReliabilityBin(n, n == 0 ? double.NaN : sums[i] / n, n == 0 ? double.NaN : (double)hits[i] / n))];
    }

    /// <summary>Σ share of rows · |share − mean probability| over bins (Naeini, Cooper and Hauskrecht 2015).</summary>
    internal static double ExpectedCalibrationError(ReliabilityBin[] bins)
    {
        int rows = bins.Sum(bin => bin.Rows);
        return bins.Where(bin => bin.Rows > 0).Sum(bin => bin.Rows * Math.Abs(bin.Share - bin.MeanProbability)) / rows;
    }
}
