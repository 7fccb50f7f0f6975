using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// Splits of float32 features as tests that come out alike on .NET and nanoFramework, which takes a NaN for greater than any number
/// and both infinities for equal.
/// </summary>
internal static class FloatSplits
{
    private const int Equal = 4;
    private const int NotEqual = 5;

    /// <summary>Adds a split to a graph; its node.</summary>
    internal static int Add(TreeGraph graph, ForestRecord forest, int split, int whenTrue, int whenFalse)
    {
        int feature = forest.Features[split];
        bool isMissingTrue = (forest.Comparisons[split] & TreeEnsembleRule.MissingIsTrue) != 0;
        int comparison = forest.Comparisons[split] & ~TreeEnsembleRule.MissingIsTrue;
        float threshold = forest.Thresholds[split] == 0f ? 0f : forest.Thresholds[split];
        if (comparison == NotEqual)
        {
            // A missing value is different from every number.
            return float.IsNaN(threshold) ? whenTrue : Test(graph, feature, TreeTest.Equal, threshold, whenFalse, whenTrue);
        }

        if (float.IsNaN(threshold))
        {
            return isMissingTrue ? Test(graph, feature, TreeTest.AtMost, float.PositiveInfinity, whenFalse, whenTrue) : whenFalse;
        }

        if (comparison == Equal && isMissingTrue)
        {
            return Test(graph, feature, TreeTest.Below, threshold, whenFalse, Test(graph, feature, TreeTest.Above, threshold, whenFalse, whenTrue));
        }

        // A test holds for no missing value, so that the opposite one does where the comparison should hold for them.
        return isMissingTrue
            ? Test(graph, feature, comparison switch { 0 => TreeTest.Above, 1 => TreeTest.AtLeast, 2 => TreeTest.Below, _ => TreeTest.AtMost }, threshold, whenFalse, whenTrue)
            : Test(graph, feature, comparison switch { 0 => TreeTest.AtMost, 1 => TreeTest.Below, 2 => TreeTest.AtLeast, 3 => TreeTest.Above, _ => TreeTest.Equal }, threshold, whenTrue, whenFalse);
    }

    private static int Test(TreeGraph graph, int feature, TreeTest test, float threshold, int whenTrue, int whenFalse)
    {
        (TreeTest? same, float finite) = float.IsInfinity(threshold) ? Finite(test, threshold > 0f) : (test, threshold);
        return same is { } known ? graph.Split(feature, known, finite, whenTrue, whenFalse) : whenFalse;
    }

    // The same test without a comparison of two infinities; null where no value passes it. All but NaN are at most +∞, on both.
    private static (TreeTest? Test, float Threshold) Finite(TreeTest test, bool isPositive) => (test, isPositive) switch
    {
        (TreeTest.AtMost, true) or (TreeTest.AtLeast, false) => (TreeTest.AtMost, float.PositiveInfinity),
        (TreeTest.Below, true) => (TreeTest.AtMost, float.MaxValue),
        (TreeTest.AtLeast or TreeTest.Equal, true) => (TreeTest.Above, float.MaxValue),
        (TreeTest.Above, false) => (TreeTest.AtLeast, float.MinValue),
        (TreeTest.AtMost or TreeTest.Equal, false) => (TreeTest.Below, float.MinValue),
        _ => (null, 0f),
    };
}
