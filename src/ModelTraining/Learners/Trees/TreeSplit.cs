namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>Where a node of a tree sends a row by the bin of one feature.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Bin">For numbers: this bin and those before it go left.</param>
/// <param name="MissingLeft">Whether a missing value goes left.</param>
/// <param name="Left">For categories: whether each bin goes left; else null.</param>
internal sealed record TreeSplit(int Feature, int Bin, bool MissingLeft, bool[]? Left)
{
    /// <summary>Whether each bin, the one of a missing value included, goes left.</summary>
    internal void Fill(FeatureBins bins, Span<byte> goes)
    {
        for (int bin = 0; bin < bins.Count; bin++)
        {
            goes[bin] = (byte)((Left is null ? bin <= Bin : Left[bin]) ? 1 : 0);
        }

        goes[bins.Missing] = (byte)(MissingLeft ? 1 : 0);
    }

    /// <summary>Whether a bin goes left.</summary>
    internal bool GoesLeft(FeatureBins bins, int bin) => bin == bins.Missing ? MissingLeft : Left is null ? bin <= Bin : Left[bin];
}
