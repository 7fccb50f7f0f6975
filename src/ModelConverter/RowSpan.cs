namespace EdgeInference.ModelConverter;

/// <summary>Where the samples of a row lie that was made of a window: rows of one stretch may have samples in common.</summary>
/// <param name="Stretch">The stretch of samples without a gap, from 0.</param>
/// <param name="First">The first sample, counted in the stretch from 0.</param>
/// <param name="Last">The last sample.</param>
internal readonly record struct RowSpan(int Stretch, int First, int Last)
{
    /// <summary>Whether two rows have a sample in common.</summary>
    internal bool Overlaps(RowSpan other) => Stretch == other.Stretch && First <= other.Last && other.First <= Last;
}
