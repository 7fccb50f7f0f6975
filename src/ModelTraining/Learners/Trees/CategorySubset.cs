namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// A split of categories by their codes. A category without rows in the node goes with its neighbour, so that the codes change sides as
/// seldom as possible: each change is a comparison in the file. What is no category goes to the larger side.
/// </summary>
internal static class CategorySubset
{
    /// <summary>The split that sends some bins to either side.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="bins">Its bins.</param>
    /// <param name="left">Bins, the missing one perhaps included, that go left; one at least.</param>
    /// <param name="right">Those that go right; one at least.</param>
    /// <param name="isLeftLarger">Whether more rows go left.</param>
    internal static TreeSplit Split(int feature, FeatureBins bins, ReadOnlySpan<int> left, ReadOnlySpan<int> right, bool isLeftLarger)
    {
        Span<int> sides = stackalloc int[bins.Count + 1];
        foreach (int bin in left)
        {
            sides[bin] = -1;
        }

        foreach (int bin in right)
        {
            sides[bin] = 1;
        }

        int larger = isLeftLarger ? -1 : 1;
        bool missingLeft = (sides[bins.Missing] == 0 ? larger : sides[bins.Missing]) < 0;
        if (sides[bins.Count - 1] == 0)
        {
            sides[bins.Count - 1] = larger;
        }

        var goes = new bool[bins.Count];
        int side = sides[bins.Count - 1];
        for (int bin = bins.Count - 1; bin >= 0; bin--)
        {
            side = sides[bin] == 0 ? side : sides[bin];
            goes[bin] = side < 0;
        }

        return new TreeSplit(feature, 0, missingLeft, goes);
    }
}
