namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How far a feature of some rows is from what a model was trained on.</summary>
/// <param name="Feature">Position of the feature.</param>
/// <param name="Shift">(mean of the rows − mean of the training rows) / standard deviation of the training rows.</param>
/// <param name="Spread">Standard deviation of the rows over that of the training rows.</param>
/// <param name="Outside">Share of rows outside the training rows' smallest and largest value, 0 to 1.</param>
/// <param name="Missing">Share of rows without a value, 0 to 1.</param>
internal sealed record FeatureDrift(int Feature, double Shift, double Spread, double Outside, double Missing)
{
    // A shift of half a deviation moves a third of the rows past what was seen on one side.
    private const double ShiftLimit = 0.5;
    private const double SpreadLimit = 2;
    private const double OutsideLimit = 0.05;

    /// <summary>Whether the model is asked about something else than it has learned.</summary>
    internal bool IsNotable => Math.Abs(Shift) > ShiftLimit || Spread > SpreadLimit || Spread < 1 / SpreadLimit || Outside > OutsideLimit;

    /// <summary>The drift of each feature.</summary>
    /// <param name="statistics">For each feature mean, standard deviation, smallest and largest value of the training rows, as the file has them.</param>
    /// <param name="rows">The rows.</param>
    internal static FeatureDrift[] Of(float[] statistics, IReadOnlyList<float[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(feature =>
    {
        float mean = statistics[4 * feature];
        float deviation = statistics[(4 * feature) + 1];
        float low = statistics[(4 * feature) + 2];
        float high = statistics[(4 * feature) + 3];
        double[] values = [.. rows.Select(row => (double)row[feature]).Where(double.IsFinite)];
        if (values.Length == 0)
        {
            return new FeatureDrift(feature, 0, 1, 0, 1);
        }

        double own = values.Average();
        double spread = Math.Sqrt(values.Sum(value => (value - own) * (value - own)) / values.Length);
        return new FeatureDrift(feature, (own - mean) / deviation, spread / deviation, values.Count(value => value < low || value > high) / (double)values.Length, 1 - ((double)values.Length / rows.Count));
    })];
}
