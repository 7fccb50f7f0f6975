namespace EdgeInference.ModelTraining.Search;

/// <summary>The difference of two candidates on the same rows: what both find hard cancels out, so that it is known better than either loss.</summary>
/// <param name="Mean">Mean difference.</param>
/// <param name="Error">Its standard error: the deviation of the differences over the root of their number.</param>
internal readonly record struct PairedDifference(double Mean, double Error)
{
    /// <summary>Of first − second, row by row.</summary>
    internal static PairedDifference Of(double[] first, double[] second)
    {
        double mean = 0;
        for (int i = 0; i < first.Length; i++)
        {
            mean += first[i] - second[i];
        }

        mean /= first.Length;
        double squares = 0;
        for (int i = 0; i < first.Length; i++)
        {
            double off = first[i] - second[i] - mean;
            squares += off * off;
        }

        return new PairedDifference(mean, Math.Sqrt(squares / Math.Max(1, first.Length - 1) / first.Length));
    }
}
