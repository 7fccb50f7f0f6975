namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>
/// Whether two models that decide the same rows differ in accuracy: only rows that one decides rightly and the other wrongly tell
/// (Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", Psychometrika 12, 1947; the
/// exact binomial form).
/// </summary>
internal static class McNemar
{
    /// <summary>The probability of a difference as large by chance alone, 0 to 1.</summary>
    /// <param name="onlyFirst">Rows that the first alone decides rightly.</param>
    /// <param name="onlySecond">Rows that the second alone decides rightly.</param>
    internal static double Probability(int onlyFirst, int onlySecond)
    {
        int all = onlyFirst + onlySecond;
        int fewer = Math.Min(onlyFirst, onlySecond);

        // Σ C(n, k) / 2ⁿ up to the smaller number, by logarithms: C overflows from n = 1030 on.
        double log = -all * Math.Log(2);
        double sum = Math.Exp(log);
        for (int k = 1; k <= fewer; k++)
        {
            log += Math.Log((double)(all - k + 1) / k);
            sum += Math.Exp(log);
        }

        return Math.Min(1, 2 * sum);
    }
}
