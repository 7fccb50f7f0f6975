namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>What moved a decision most: a feature, and how much the probability of the true class rises when the feature has its usual value.</summary>
/// <param name="Feature">Position of the feature.</param>
/// <param name="Value">Its value in the row.</param>
/// <param name="Usual">Its median in the data.</param>
/// <param name="Rise">Rise of the true class's probability, 0 to 1.</param>
internal sealed record RowReason(int Feature, float Value, float Usual, double Rise);

/// <summary>Finds reasons by occlusion: one feature after the other is given its median, all others stay (M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", 2014, for images).</summary>
internal static class RowReasons
{
    /// <summary>The medians of each feature over rows; NaN is left out, and stays where all are.</summary>
    internal static float[] Medians(IReadOnlyList<float[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(feature =>
    {
        float[] values = [.. rows.Select(row => row[feature]).Where(value => !float.IsNaN(value)).Order()];
        return values.Length == 0 ? float.NaN : values[(values.Length - 1) / 2];
    })];

    /// <summary>The largest reasons of a row, the largest first; features without effect are left out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="usual">The medians.</param>
    /// <param name="count">Most reasons.</param>
    /// <param name="ofTruth">The probability of the row's true class, for rows.</param>
    internal static RowReason[] Of(float[] row, float[] usual, int count, Func<IReadOnlyList<float[]>, float[]> ofTruth)
    {
        float[][] tried = [row, .. Enumerable.Range(0, row.Length).Select(feature =>
        {
            float[] changed = [.. row];
            changed[feature] = usual[feature];
            return changed;
        })];
        float[] probabilities = ofTruth(tried);
        return [.. Enumerable.Range(0, row.Length)
            .Select(feature => new RowReason(feature, row[feature], usual[feature], probabilities[feature + 1] - probabilities[0]))
            .Where(reason => reason.Rise > 0)
            .OrderByDescending(reason => reason.Rise)
            .Take(count)];
    }
}
