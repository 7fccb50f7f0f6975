namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>Between which values a figure lies with 95 % confidence, by the choice of the rows.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct ConfidenceInterval(double Low, double High)
{
    // The 97.5 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>Of a share (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927).</summary>
    /// <param name="hits">Rows that count.</param>
    /// <param name="rows">All rows, 1 or more.</param>
    internal static ConfidenceInterval OfShare(int hits, int rows)
    {
        double p = (double)hits / rows;
        double middle = (p + (Z * Z / (2 * rows))) / (1 + (Z * Z / rows));
        double half = Z * Math.Sqrt((p * (1 - p) / rows) + (Z * Z / (4.0 * rows * rows))) / (1 + (Z * Z / rows));
        return new ConfidenceInterval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Of an area under the ROC curve (J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", Radiology 143, 1982).</summary>
    /// <param name="area">The area, 0 to 1.</param>
    /// <param name="positives">Rows of class 1, 1 or more.</param>
    /// <param name="negatives">Rows of class 0, 1 or more.</param>
    internal static ConfidenceInterval OfArea(double area, int positives, int negatives)
    {
        double q1 = area / (2 - area);
        double q2 = 2 * area * area / (1 + area);
        double variance = ((area * (1 - area)) + ((positives - 1) * (q1 - (area * area))) + ((negatives - 1) * (q2 - (area * area)))) / ((double)positives * negatives);
        double half = Z * Math.Sqrt(Math.Max(0, variance));
        return new ConfidenceInterval(Math.Max(0, area - half), Math.Min(1, area + half));
    }

    /// <summary>Of a mean, by its standard error.</summary>
    /// <param name="values">The values, one or more.</param>
    internal static ConfidenceInterval OfMean(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        double variance = values.Count < 2 ? 0 : values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        double half = Z * Math.Sqrt(variance / values.Count);
        return new ConfidenceInterval(mean - half, mean + half);
    }
}
