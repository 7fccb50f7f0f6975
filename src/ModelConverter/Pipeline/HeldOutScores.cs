using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>How well a model did on rows that it was not fitted to, as its file says it.</summary>
/// <param name="Rows">Rows that were judged.</param>
/// <param name="Folds">Divisions of the rows.</param>
/// <param name="Accuracy">Share decided rightly.</param>
/// <param name="AccuracyError">Its standard error.</param>
/// <param name="BalancedAccuracy">Mean of the recalls of the classes.</param>
/// <param name="LogLoss">Mean −ln of the true class's probability, in nats.</param>
/// <param name="Auc">Area under the ROC curve; null for more than two classes.</param>
/// <param name="Baseline">Accuracy of always deciding for the most frequent class.</param>
internal sealed record HeldOutScores(int Rows, int Folds, float Accuracy, float AccuracyError, float BalancedAccuracy, float LogLoss, float? Auc, float Baseline)
{
    /// <summary>The record of the contract. Only tools read it, so that devices have no name for it.</summary>
    internal const MetadataKey Key = (MetadataKey)137;

    private const int Count = 8;

    // What the record holds where there is no area.
    private const float None = -1;

    /// <summary>The record's values.</summary>
    internal float[] Values => [Rows, Folds, Accuracy, AccuracyError, BalancedAccuracy, LogLoss, Auc ?? None, Baseline];

    /// <summary>What a file says; null where it says nothing.</summary>
    internal static HeldOutScores? Of(ModelMetadata metadata) =>
        metadata.PayloadLength(Key) == 4 * Count && metadata.Floats(Key) is [var rows, var folds, var accuracy, var error, var balanced, var loss, var auc, var baseline]
            ? new HeldOutScores((int)rows, (int)folds, accuracy, error, balanced, loss, auc == None ? null : auc, baseline)
            : null;
}
