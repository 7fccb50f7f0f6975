namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>Counts of a binary classifier's decisions, and the rates that follow. A rate whose denominator is 0 is 0, as in scikit-learn.</summary>
/// <param name="TruePositives">1 and called 1.</param>
/// <param name="FalsePositives">0 and called 1.</param>
/// <param name="TrueNegatives">0 and called 0.</param>
/// <param name="FalseNegatives">1 and called 0.</param>
internal readonly record struct ConfusionMatrix(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>Rows of class 1.</summary>
    public int Positives => TruePositives + FalseNegatives;

    /// <summary>Rows of class 0.</summary>
    public int Negatives => FalsePositives + TrueNegatives;

    /// <summary>(TP + TN) / rows.</summary>
    public double Accuracy => Ratio(TruePositives + TrueNegatives, Positives + Negatives);

    /// <summary>TP / (TP + FP).</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>TP / (TP + FN), also called sensitivity and true positive rate.</summary>
    public double Recall => Ratio(TruePositives, Positives);

    /// <summary>TN / (TN + FP).</summary>
    public double Specificity => Ratio(TrueNegatives, Negatives);

    /// <summary>FP / (TN + FP).</summary>
    public double FalsePositiveRate => Ratio(FalsePositives, Negatives);

    /// <summary>2·TP / (2·TP + FP + FN), the harmonic mean of precision and recall.</summary>
    public double F1 => Ratio(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>Youden's J: recall + specificity − 1 (W. J. Youden, "Index for rating diagnostic tests", Cancer 3, 1950).</summary>
    public double Youden => Recall + Specificity - 1;

    /// <summary>Counts rows by their true class and the class that they were called, 0 or 1 each.</summary>
    internal static ConfusionMatrix Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> called)
    {
        Span<int> counts = stackalloc int[4];
        for (int i = 0; i < labels.Length; i++)
        {
            counts[(labels[i] * 2) + called[i]]++;
        }

        return new ConfusionMatrix(counts[3], counts[1], counts[0], counts[2]);
    }

    private static double Ratio(int numerator, int denominator) => denominator == 0 ? 0 : (double)numerator / denominator;
}
