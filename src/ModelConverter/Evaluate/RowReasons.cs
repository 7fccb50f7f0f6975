namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>What moved a decision most: a feature, and how much the probability of the true class rises when the feature has its usual value.</summary>
/// <param name="Feature">Position of the feature.</param>
/// <param name="Value">Its value in the row.</param>
/// <param name="Usual">Its usual value in the data, a median or the most frequent category.</param>
/// <param name="Rise">Rise of the true class's probability, 0 to 1.</param>
internal sealed record RowReason(int Feature, float Value, float Usual, double Rise);

/// <summary>Finds reasons by occlusion: one feature after the other is given its usual value, all others stay (M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", 2014, for images).</summary>
internal static class RowReasons
{
    /// <summary>The usual value of each feature over rows: the median of a number, the most frequent of a category; NaN is left out, and stays where all are.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="categories">For each feature its categories, or none; no list at all where no feature has any.</param>
    internal static float[] Usual(IReadOnlyList<float[]> rows, IReadOnlyList<IReadOnlyList<string>> categories) => [.. Enumerable.Range(0, rows[0].Length).Select(feature =>
    {
        float[] values = [.. rows.Select(row => row[feature]).Where(value => !float.IsNaN(value)).Order()];
        return values.Length == 0 ? float.NaN
            : feature < categories.Count && categories[feature].Count > 0 ? values.GroupBy(value => value).MaxBy(group => group.Count())!.Key
            : values[(values.Length - 1) / 2];
    })];

    /// <summary>The largest reasons of a row, the largest first; features without effect are left out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="usual">The usual values.</param>
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
