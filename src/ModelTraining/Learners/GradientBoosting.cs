using System.Numerics;
using EdgeInference.ModelTraining.Learners.Trees;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>
/// Gradient-boosted trees on histograms (Friedman, "Greedy function approximation", 2001; Ke et al., "LightGBM", 2017): log loss for two
/// classes, else softmax with a tree for each class in each round. Missing values have a learned side, and categories are split into
/// subsets.
/// </summary>
internal sealed record GradientBoosting : ILearner
{
    /// <summary>Rounds, 1 or more; fewer where held-out rows say so. A round is one tree, or one for each of three classes and more.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Most leaves of a tree, 2 or more.</summary>
    public int MaxLeaves { get; init; } = 31;

    /// <summary>Most splits from root to leaf, 1 or more.</summary>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <summary>Fewest rows of a leaf, 1 or more; a twentieth of the rows where that is less.</summary>
    public int MinRows { get; init; } = 10;

    /// <summary>The share of a tree's answer that is added, above 0.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Penalty on leaves, 0 or more.</summary>
    public double L2 { get; init; } = 5;

    /// <summary>Share of rows that each round is grown from, above 0 to 1; drawn anew for each.</summary>
    public double RowShare { get; init; } = 0.7;

    /// <summary>Share of features that each tree may split on, above 0 to 1; drawn anew for each.</summary>
    public double FeatureShare { get; init; } = 0.5;

    /// <summary>Share of each class's rows that is kept out to decide how many rounds there are, 0 to below 1; 0 takes all rounds.</summary>
    public double HeldOutShare { get; init; }

    /// <summary>Rounds without a lower loss of the rows kept out after which no more are grown, 1 or more.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Threads, 1 or more; without effect on the result.</summary>
    public int Threads { get; init; } = 1;

    /// <inheritdoc/>
    public string Name => "boosting";

    /// <inheritdoc/>
    public string Settings => $"{Rounds} rounds, {MaxLeaves} leaves";

    /// <inheritdoc/>
    public long Work(int rows, int features, int classes)
    {
        // Each level of a tree adds up half of the rows; a split looks at all bins.
        long trees = (long)Rounds * (classes == 2 ? 1 : classes);
        int levels = 2 + BitOperations.Log2((uint)MaxLeaves);
        return trees * ((long)(rows * RowShare * features * FeatureShare * levels) + ((long)MaxLeaves * (long)(features * FeatureShare) * Math.Min(rows, FeatureBins.Most) * 4) + (rows * 20L));
    }

    /// <inheritdoc/>
    IFittedClassifier ILearner.Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress, CancellationToken cancellation) =>
        Fit(table, rows, classWeights, seed, progress, cancellation);

    /// <inheritdoc cref="ILearner.Fit"/>
    internal TreeClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights = null, ulong seed = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LearnerTable.Check(table, rows, classWeights);
        Check();
        return new BoostingRun(this, table, rows, classWeights, seed).Run(progress, cancellation);
    }

    private void Check()
    {
        LearnerTable.Require(Rounds >= 1, $"The number of rounds is {Rounds}; give 1 or more.");
        LearnerTable.Require(MaxLeaves >= 2, $"The most leaves of a tree are {MaxLeaves}; give 2 or more.");
        LearnerTable.Require(MaxDepth >= 1, $"The depth of trees is {MaxDepth}; give 1 or more.");
        LearnerTable.Require(MinRows >= 1, $"The fewest rows of a leaf are {MinRows}; give 1 or more.");
        LearnerTable.Require(double.IsFinite(LearningRate) && LearningRate > 0, $"The learning rate is {LearningRate}; give a number above 0.");
        LearnerTable.Require(double.IsFinite(L2) && L2 >= 0, $"L2 is {L2}; give 0 or more.");
        LearnerTable.Require(RowShare is > 0 and <= 1, $"The share of rows is {RowShare}; give a number above 0, at most 1.");
        LearnerTable.Require(FeatureShare is > 0 and <= 1, $"The share of features is {FeatureShare}; give a number above 0, at most 1.");
        LearnerTable.Require(HeldOutShare is >= 0 and < 1, $"The share of rows kept out is {HeldOutShare}; give 0 to below 1.");
        LearnerTable.Require(Patience >= 1, $"The patience is {Patience}; give 1 or more rounds.");
        LearnerTable.Require(Threads >= 1, $"The number of threads is {Threads}; give 1 or more.");
    }
}
