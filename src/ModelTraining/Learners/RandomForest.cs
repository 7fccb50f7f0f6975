namespace EdgeInference.ModelTraining.Learners;

/// <summary>
/// A random forest (Breiman, 2001): each tree is grown from rows drawn with replacement, each split chooses from some features, and the
/// mean of the leaves' shares of classes is the probability. With drawn thresholds and all rows, extremely randomized trees (Geurts et
/// al., 2006).
/// </summary>
internal sealed record RandomForest : ILearner
{
    /// <summary>Trees, 1 or more.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>Most splits from root to leaf, 1 or more.</summary>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <summary>Fewest rows of a leaf, 1 or more.</summary>
    public int MinRows { get; init; } = 1;

    /// <summary>Features that a split chooses from, 1 or more; null for the square root of their number.</summary>
    public int? FeaturesOfSplit { get; init; }

    /// <summary>Whether thresholds are drawn, and each tree grown from all rows.</summary>
    public bool IsExtra { get; init; }

    /// <summary>Rows of the whole table's mix of classes that each leaf is given, 0 or more.</summary>
    public double Smoothing { get; init; } = 0.3;

    /// <summary>Threads, 1 or more; without effect on the result.</summary>
    public int Threads { get; init; } = 1;

    /// <inheritdoc/>
    public string Name => IsExtra ? "extra trees" : "forest";

    /// <inheritdoc/>
    public string Settings => MaxDepth == int.MaxValue ? $"{Trees} trees" : $"{Trees} trees, depth {MaxDepth}";

    /// <inheritdoc/>
    public long Work(int rows, int features, int classes)
    {
        int levels = Math.Min(MaxDepth, 2 + System.Numerics.BitOperations.Log2((uint)Math.Max(1, rows / MinRows)));
        return (long)Trees * rows * SplitFeatures(features) * levels * 4;
    }

    /// <inheritdoc/>
    IFittedClassifier ILearner.Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress, CancellationToken cancellation) =>
        Fit(table, rows, classWeights, seed, progress, cancellation).Classifier;

    /// <inheritdoc cref="ILearner.Fit"/>
    internal ForestFit Fit(LabelledTable table, int[] rows, double[]? classWeights = null, ulong seed = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LearnerTable.Check(table, rows, classWeights);
        LearnerTable.Require(Trees >= 1, $"The number of trees is {Trees}; give 1 or more.");
        LearnerTable.Require(MaxDepth >= 1, $"The depth of trees is {MaxDepth}; give 1 or more.");
        LearnerTable.Require(MinRows >= 1, $"The fewest rows of a leaf are {MinRows}; give 1 or more.");
        LearnerTable.Require(FeaturesOfSplit is null or >= 1, $"The features of a split are {FeaturesOfSplit}; give 1 or more.");
        LearnerTable.Require(double.IsFinite(Smoothing) && Smoothing >= 0, $"The smoothing of leaves is {Smoothing}; give 0 or more.");
        LearnerTable.Require(Threads >= 1, $"The number of threads is {Threads}; give 1 or more.");
        return new ForestRun(this, table, rows, classWeights, seed).Run(progress, cancellation);
    }

    /// <summary>Features that a split chooses from.</summary>
    internal int SplitFeatures(int features) => Math.Min(features, FeaturesOfSplit ?? Math.Max(1, (int)Math.Sqrt(features)));
}
