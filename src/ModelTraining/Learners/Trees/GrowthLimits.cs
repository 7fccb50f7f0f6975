namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>What keeps a boosted tree small.</summary>
/// <param name="MaxLeaves">Most leaves, 2 or more.</param>
/// <param name="MaxDepth">Most splits from root to leaf, 1 or more.</param>
/// <param name="MinRows">Fewest rows of a leaf, 1 or more.</param>
/// <param name="L2">What is added to a leaf's second derivative, 0 or more.</param>
internal sealed record GrowthLimits(int MaxLeaves, int MaxDepth, int MinRows, double L2)
{
    /// <summary>The smallest second derivative of a leaf: below it the rows are as good as decided.</summary>
    internal const double MinSecond = 1e-3;
}
