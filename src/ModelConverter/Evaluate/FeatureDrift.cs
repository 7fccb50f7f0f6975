using EdgeInference.ModelFormat.Training;


namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How far a feature of some rows is from what a model was trained on.</summary>
/// <param name="Feature">Position of the feature.</param>
/// <param name="Shift">(mean of the rows − mean of the training rows) / standard deviation of the training rows; 0 for a category.</param>
/// <param name="Spread">Standard deviation of the rows over that of the training rows; 1 for a category.</param>
/// <param name="Outside">Share of rows outside the training rows' smallest and largest value, or of a category that was none of theirs, 0 to 1.</param>
/// <param name="Missing">Share of rows without a value, 0 to 1.</param>
internal sealed record FeatureDrift(int Feature, double Shift, double Spread, double Outside, double Missing)
{
    // A shift of half a deviation moves a third of the rows past what was seen on one side.
    private const double ShiftLimit = 0.5;
    private const double SpreadLimit = 2;
    private const double OutsideLimit = 0.05;
    private const double MissingLimit = 0.1;
    private const double MixLimit = 0.2;

    /// <summary>Share of training rows without a value, 0 to 1; null where the file does not say it.</summary>
    public double? MissingInTraining { get; init; }

    /// <summary>Of a category: half the sum of the differences of all shares, 0 for the same mix to 1 for another; 0 for a number.</summary>
    public double Mix { get; init; }

    /// <summary>Whether the model is asked about something else than it has learned.</summary>
    public bool IsNotable => Math.Abs(Shift) > ShiftLimit || Spread > SpreadLimit || Spread < 1 / SpreadLimit || Outside > OutsideLimit || Mix > MixLimit || MoreMissing > MissingLimit;

    // Where the training rows are not known in this, only a feature without any value is told.
    private double MoreMissing => MissingInTraining is { } before ? Math.Abs(Missing - before) : Missing < 1 ? 0 : 1;

    /// <summary>How notable it is, for an order.</summary>
    internal double Size => new[] { Math.Abs(Shift) / ShiftLimit, Math.Abs(Math.Log2(Math.Max(Spread, 1e-9))), Outside / OutsideLimit, Mix / MixLimit, MoreMissing / MissingLimit }.Max();

    /// <summary>The drift of each feature.</summary>
    /// <param name="statistics">What each feature was like in training.</param>
    /// <param name="categories">For each feature its categories, or none; no list at all where no feature has any.</param>
    /// <param name="rows">The rows.</param>
    internal static FeatureDrift[] Of(IReadOnlyList<FeatureStatistics> statistics, IReadOnlyList<IReadOnlyList<string>> categories, IReadOnlyList<float[]> rows) => [.. statistics.Select((was, feature) =>
    {
        double[] values = [.. rows.Select(row => (double)row[feature]).Where(double.IsFinite)];
        double missing = 1 - ((double)values.Length / rows.Count);
        if (values.Length == 0)
        {
            return new FeatureDrift(feature, 0, 1, 0, 1) { MissingInTraining = was.Missing };
        }

        int texts = feature < categories.Count ? categories[feature].Count : 0;
        if (texts > 0)
        {
            double Share(int category) => values.Count(value => value == category) / (double)values.Length;
            double unknown = values.Count(value => value >= texts) / (double)values.Length;
            double mix = was.Shares.Count == texts ? (unknown + Enumerable.Range(0, texts).Sum(category => Math.Abs(Share(category) - was.Shares[category]))) / 2 : 0;
            return new FeatureDrift(feature, 0, 1, unknown, missing) { MissingInTraining = was.Missing, Mix = mix };
        }

        double deviation = was.Deviation > 0 ? was.Deviation : 1;
        double own = values.Average();
        double spread = Math.Sqrt(values.Sum(value => (value - own) * (value - own)) / values.Length);
        bool isFixed = was.Deviation == 0 && spread == 0;
        return new FeatureDrift(feature, (own - was.Mean) / deviation, isFixed ? 1 : spread / deviation, values.Count(value => value < was.Low || value > was.High) / (double)values.Length, missing) { MissingInTraining = was.Missing };
    })];
}
