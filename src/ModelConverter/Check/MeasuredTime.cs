namespace EdgeInference.ModelConverter.Check;

/// <summary>A time that was measured several times, in nanoseconds.</summary>
/// <param name="Nanoseconds">The median.</param>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest.</param>
/// <param name="Runs">How often it was measured.</param>
internal sealed record MeasuredTime(double Nanoseconds, double Least, double Most, int Runs)
{
    /// <summary>Sums up measurements, of which there is one at least.</summary>
    internal static MeasuredTime Of(double[] nanoseconds)
    {
        double[] sorted = [.. nanoseconds.Order()];
        return new MeasuredTime(sorted[sorted.Length / 2], sorted[0], sorted[^1], sorted.Length);
    }
}
