namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>How the trees of a forest grow.</summary>
/// <param name="Features">Features that each split chooses from, 1 or more.</param>
/// <param name="MaxDepth">Most splits from root to leaf, 1 or more.</param>
/// <param name="MinRows">Fewest rows of a leaf, 1 or more.</param>
/// <param name="IsExtra">Whether thresholds are drawn and not searched.</param>
internal sealed record ForestGrowth(int Features, int MaxDepth, int MinRows, bool IsExtra);
