using EdgeInference.ModelConverter.DecisionTuning;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelTraining.Search;

/// <summary>How well a candidate did on rows that it was not fitted to.</summary>
internal sealed class CandidateScore
{
    // As in BinaryMetrics: probabilities of 0 and 1 would make one row outweigh all others.
    private const double Clip = BinaryMetrics.LogLossClip;

    private const double RareShare = 0.2;

    // Counted errors tell candidates apart less surely than log loss does, above all on few rows.
    private const double ErrorWeight = 0.5;

    private readonly int[] rowOf;

    private CandidateScore(double[] losses, int[] rowOf)
    {
        this.rowOf = rowOf;
        Losses = losses;
    }

    /// <summary>Rows that were judged.</summary>
    internal int Rows => Losses.Length;

    /// <summary>Share of answers that are right.</summary>
    internal double Accuracy { get; private init; }

    /// <summary>Standard error of <see cref="Accuracy"/>: as far as it may be off by the choice of the rows.</summary>
    internal double AccuracyError { get; private init; }

    /// <summary>Mean of the recalls of the classes.</summary>
    internal double BalancedAccuracy { get; private init; }

    /// <summary>Mean −ln of the probability of the true class, in nats, after calibration.</summary>
    internal double LogLoss { get; private init; }

    /// <summary>Area under the ROC curve; null for more than two classes.</summary>
    internal double? Auc { get; private init; }

    /// <summary>Average precision of class 1, Σ (R[n] − R[n−1]) · P[n]; null for more than two classes.</summary>
    internal double? AveragePrecision { get; private init; }

    /// <summary>Values of the Calibration record; null where none was better.</summary>
    internal float[]? Calibration { get; private init; }

    /// <summary>The calibrated probabilities of each answer; a row has one of each division that judged it.</summary>
    internal float[][] Probabilities { get; private init; } = [];

    /// <summary>The class of the row of each answer.</summary>
    internal int[] Labels { get; private init; } = [];

    /// <summary>The threshold on the probability of class 1 that decides best by F1 where a class of two is rare; else null.</summary>
    internal float? Threshold { get; private init; }

    /// <summary>
    /// What is compared between candidates, row by row: −ln of the true class's probability, and more where another class is decided for:
    /// <see cref="ErrorWeight"/>, or where a class of two is rare n / (2 · rows of the class), so that its few rows count as much as all others.
    /// </summary>
    internal double[] Losses { get; }

    /// <summary>Mean of <see cref="Losses"/>.</summary>
    internal double Loss { get; private init; }

    /// <summary>Scores probabilities.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="given">What was given for the rows.</param>
    internal static CandidateScore Of(int[] labels, int classes, OutOfFold given)
    {
        int[] rows = given.Rows;
        int[] truth = Array.ConvertAll(rows, row => labels[row]);
        float[][] raw = given.Probabilities();
        float[][] probabilities = raw;
        float[]? calibration = Calibrated(truth, classes, raw) is { } fitted && IsBetter(truth, raw, fitted.Probabilities, rows) ? fitted.Values : null;
        if (calibration is not null)
        {
            probabilities = Apply(calibration, classes, raw);
        }

        float? threshold = IsRare(truth, classes) ? ThresholdTuner.Tune(truth, Array.ConvertAll(probabilities, p => p[1]), new ThresholdObjective(ThresholdGoal.F1)).Threshold : null;
        int[] called = Array.ConvertAll(probabilities, p => threshold is { } limit ? (p[1] >= limit ? 1 : 0) : Called(p));
        double[]? weights = threshold is null ? null : ClassWeights.Balanced(truth, classes);
        double[] losses = MeanByRow([.. LogLosses(truth, probabilities).Select((loss, i) => loss + (called[i] == truth[i] ? 0 : weights?[truth[i]] ?? ErrorWeight))], rows);
        double[] hits = [.. called.Select((c, i) => c == truth[i] ? 1.0 : 0.0)];
        BinaryMetrics? binary = classes == 2 && truth.Distinct().Count() == 2 ? BinaryMetrics.Of(truth, Array.ConvertAll(probabilities, p => p[1])) : null;
        return new CandidateScore(losses, rows)
        {
            Labels = truth,
            Probabilities = probabilities,
            Calibration = calibration,
            Threshold = threshold,
            Accuracy = hits.Average(),
            AccuracyError = Difference(hits, new double[hits.Length], rows).Error,
            BalancedAccuracy = Balanced(truth, called, classes),
            LogLoss = LogLosses(truth, probabilities).Average(),
            Loss = losses.Average(),
            Auc = binary?.AreaUnderRoc,
            AveragePrecision = binary is null ? null : AveragePrecisionOf(binary.PrecisionRecallCurve),
        };
    }

    /// <summary>Index of the class decided for: the first of the most probable.</summary>
    internal static int Called(float[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    /// <summary>The difference of something of each answer; answers for the same row are one, as they are not independent.</summary>
    internal PairedDifference Difference(double[] first, double[] second) => Difference(first, second, rowOf);

    private static PairedDifference Difference(double[] first, double[] second, int[] rows) => PairedDifference.Of(MeanByRow(first, rows), MeanByRow(second, rows));

    private static double[] MeanByRow(double[] ofAnswers, int[] rows)
    {
        var sums = new double[rows.Max() + 1];
        var counts = new int[sums.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            sums[rows[i]] += ofAnswers[i];
            counts[rows[i]]++;
        }

        return [.. Enumerable.Range(0, sums.Length).Where(row => counts[row] > 0).Select(row => sums[row] / counts[row])];
    }

    // A class with a smaller share says little by accuracy.
    private static bool IsRare(int[] truth, int classes)
    {
        int ones = truth.Count(label => label == 1);
        int rare = Math.Min(ones, truth.Length - ones);
        return classes == 2 && rare > 0 && rare < RareShare * truth.Length;
    }

    private static double[] LogLosses(int[] truth, float[][] probabilities) => [.. truth.Select((label, i) => -PortableMath.Log(Math.Clamp(probabilities[i][label], Clip, 1 - Clip)))];

    private static (float[] Values, float[][] Probabilities)? Calibrated(int[] truth, int classes, float[][] raw)
    {
        if (truth.Distinct().Count() < 2)
        {
            return null;
        }

        float[] values;
        try
        {
            values = classes == 2 ? Calibrator.Fit(CalibrationMethod.Platt, truth, Array.ConvertAll(raw, p => p[1])) : Calibrator.FitTemperature(truth, raw);
        }
        catch (InputException)
        {
            // Probabilities that fall where the labels rise: no better than chance.
            return null;
        }

        return (values, Apply(values, classes, raw));
    }

    private static float[][] Apply(float[] values, int classes, float[][] raw)
    {
        var calibration = new ProbabilityCalibration(values);
        return Array.ConvertAll(raw, given =>
        {
            if (classes == 2)
            {
                float p = calibration.Apply(given[1]);
                return [1 - p, p];
            }

            float[] all = [.. given];
            calibration.ApplyToAll(all);
            return all;
        });
    }

    // A calibration is two more numbers fitted to these very rows: it has to be worth it.
    private static bool IsBetter(int[] truth, float[][] raw, float[][] calibrated, int[] rows)
    {
        PairedDifference difference = Difference(LogLosses(truth, raw), LogLosses(truth, calibrated), rows);
        return difference.Mean > 2 * difference.Error;
    }

    private static double Balanced(int[] truth, int[] called, int classes)
    {
        double[] recalls = [.. Enumerable.Range(0, classes).Where(truth.Contains).Select(c =>
            (double)Enumerable.Range(0, truth.Length).Count(i => truth[i] == c && called[i] == c) / truth.Count(label => label == c))];
        return recalls.Average();
    }

    private static double AveragePrecisionOf(IReadOnlyList<CurvePoint> curve)
    {
        double sum = 0;
        for (int i = 1; i < curve.Count; i++)
        {
            sum += (curve[i].X - curve[i - 1].X) * curve[i].Y;
        }

        return sum;
    }
}
