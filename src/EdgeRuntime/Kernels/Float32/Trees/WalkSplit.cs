using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>A split of any order comparison as "key ≤ limit": the same way for every value as the comparison that the file has.</summary>
internal readonly struct WalkSplit
{
    /// <summary>The split of a comparison and a threshold.</summary>
    /// <param name="mode">≤ &lt; ≥ &gt; as 0 to 3, and <see cref="TreeEnsembleRule.MissingIsTrue"/>.</param>
    /// <param name="threshold">What is compared with; NaN is below, above and equal to nothing.</param>
    internal WalkSplit(int mode, float threshold)
    {
        int comparison = mode & ~TreeEnsembleRule.MissingIsTrue;
        bool missingIsTrue = (mode & TreeEnsembleRule.MissingIsTrue) != 0;
        IsSwapped = comparison >= 2;
        MissingIsFirst = missingIsTrue != IsSwapped;

        // x < t is key(x) ≤ key(t) − 1, and x ≥ t and x > t are what is not < and not ≤.
        bool withoutEqual = comparison is 1 or 2;
        Limit = !float.IsNaN(threshold) ? TreeRow.Key(threshold) - (withoutEqual ? 1 : 0) : IsSwapped ? int.MaxValue - 1 : TreeRow.Lowest;
    }

    /// <summary>The largest key that goes to the first of the two below.</summary>
    internal int Limit { get; }

    /// <summary>Whether the first of the two is where the file goes when its comparison does not hold.</summary>
    internal bool IsSwapped { get; }

    /// <summary>Whether a missing value goes to the first.</summary>
    internal bool MissingIsFirst { get; }

    /// <summary>Whether a comparison is one of order.</summary>
    internal static bool IsOrder(int mode) => (mode & ~TreeEnsembleRule.MissingIsTrue) < 4;
}
