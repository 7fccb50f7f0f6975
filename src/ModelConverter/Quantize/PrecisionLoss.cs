namespace EdgeInference.ModelConverter.Quantize;

/// <summary>What a mix of precisions loses against float32.</summary>
/// <param name="Decisions">Share of the rows, 0 to 1, that are decided otherwise.</param>
/// <param name="Deviation">Largest difference of an output.</param>
/// <param name="Accuracy">Accuracy lost; null without labels.</param>
/// <param name="Auc">Area under the ROC curve lost; null without labels and for more classes than two.</param>
/// <param name="Ranks">Root of the mean squared difference of the rows' ranks, as a share of their number; null where <paramref name="Auc"/> is. Rows that a model was trained on it puts in an order that no rounding disturbs, so that their area alone bounds nothing.</param>
/// <param name="LogLoss">By how many nats the log loss rises; null without labels.</param>
internal sealed record PrecisionLoss(double Decisions, double Deviation, double? Accuracy = null, double? Auc = null, double? Ranks = null, double? LogLoss = null)
{
    // Below these a loss is within what the rows can tell.
    private const double LeastDeviation = 0.1;
    private const double LeastAuc = 0.001;
    private const double LeastLogLoss = 0.005;

    // A few rare rows whose ranks differ by this each change the area by less than half of it.
    private const double RanksOfLoss = 2;
    private const double LeastRanks = 0.004;

    /// <summary>Float32 itself.</summary>
    internal static PrecisionLoss None(PrecisionLoss like) => new(0, 0, Null(like.Accuracy), Null(like.Auc), Null(like.Ranks), Null(like.LogLoss));

    /// <summary>Whether nothing is lost but what the limit allows.</summary>
    /// <param name="maxLoss">Share of decisions and of the area; nats of log loss.</param>
    /// <param name="isProbability">Whether outputs are probabilities, whose deviation has a limit.</param>
    internal bool Fits(double maxLoss, bool isProbability) =>
        Decisions <= maxLoss && (!isProbability || Deviation <= LeastDeviation)
        && !(Auc > Math.Max(maxLoss, LeastAuc)) && !(Ranks > Math.Max(RanksOfLoss * maxLoss, LeastRanks)) && !(LogLoss > Math.Max(maxLoss, LeastLogLoss));

    private static double? Null(double? value) => value is null ? null : 0;
}
