namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How good a binary classifier's probabilities and decisions are on labelled rows. Sums are in double precision.</summary>
internal sealed class BinaryMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 for the logarithm: the spacing of float32 below 1 times two, as in scikit-learn.</summary>
    internal const double LogLossClip = 1.1920928955078125e-7;

    private const int CalibrationBins = 10;

    private BinaryMetrics(ThresholdCurve curve, ConfusionMatrix confusion, float threshold)
    {
        Confusion = confusion;
        Threshold = threshold;
        RocCurve = curve.Roc;
        PrecisionRecallCurve = curve.PrecisionRecall;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => Confusion.Positives + Confusion.Negatives;

    /// <summary>The threshold that decisions were taken with.</summary>
    public float Threshold { get; }

    /// <summary>The decisions, counted; precision, recall, F1 and the like with them.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Share of right decisions.</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>
    /// Area under the ROC curve: the probability that a row of class 1 is given a higher probability than one of class 0,
    /// equal ones counting half (Mann and Whitney's U over the number of pairs, by mid-ranks). NaN if a class has no row.
    /// </summary>
    public double AreaUnderRoc { get; private init; }

    /// <summary>Mean of −ln of the probability given to the true class, in nats; probabilities kept 2⁻²³ from 0 and 1.</summary>
    public double LogLoss { get; private init; }

    /// <summary>Mean of (probability − label)² (G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950).</summary>
    public double BrierScore { get; private init; }

    /// <summary>
    /// Σ share · |share of class 1 − mean probability| over ten bins of equal width, [0, 0.1), …, [0.9, 1] (Naeini, Cooper and
    /// Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015).
    /// </summary>
    public double ExpectedCalibrationError { get; private init; }

    /// <summary>The ROC curve from (0, 0) to (1, 1): a point for each probability that occurs.</summary>
    public IReadOnlyList<CurvePoint> RocCurve { get; }

    /// <summary>The precision-recall curve from recall 0 (precision 1 by convention) to recall 1.</summary>
    public IReadOnlyList<CurvePoint> PrecisionRecallCurve { get; }

    /// <summary>Measures.</summary>
    /// <param name="labels">The true class of each row, 0 or 1.</param>
    /// <param name="probabilities">The probability of class 1 for each row, 0 to 1.</param>
    /// <param name="threshold">Label 1 when the probability is at least this.</param>
    /// <param name="called">The class that each row was decided for; empty if the threshold says it.</param>
    /// <exception cref="ArgumentException">There are no rows, or not as many labels as probabilities.</exception>
    /// <exception cref="InputException">A probability is NaN.</exception>
    public static BinaryMetrics Of(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, float threshold = 0.5f, ReadOnlySpan<int> called = default)
    {
        var curve = new ThresholdCurve(labels, probabilities);
        double logLoss = 0;
        double brier = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double p = probabilities[i];
            double ofTruth = Math.Clamp(labels[i] == 1 ? p : 1 - p, LogLossClip, 1 - LogLossClip);
            logLoss -= Math.Log(ofTruth);
            brier += (p - labels[i]) * (p - labels[i]);
        }

        return new BinaryMetrics(curve, called.IsEmpty ? curve.At(threshold) : ConfusionMatrix.Of(labels, called), threshold)
        {
            AreaUnderRoc = curve.AreaUnderRoc,
            LogLoss = logLoss / labels.Length,
            BrierScore = brier / labels.Length,
            ExpectedCalibrationError = CalibrationError(labels, probabilities),
        };
    }

    private static double CalibrationError(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities)
    {
        var difference = new double[CalibrationBins];
        for (int i = 0; i < labels.Length; i++)
        {
            int bin = Math.Clamp((int)(probabilities[i] * (double)CalibrationBins), 0, CalibrationBins - 1);
            difference[bin] += labels[i] - (double)probabilities[i];
        }

        return difference.Sum(Math.Abs) / labels.Length;
    }
}
