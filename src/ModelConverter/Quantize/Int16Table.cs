namespace EdgeInference.ModelConverter.Quantize;

/// <summary>A table for <see cref="EdgeInference.ModelFormat.Numerics.InterpolationTable"/> and what all 65,536 inputs gave when it was tried.</summary>
/// <param name="Segments">The table as it goes into a file.</param>
/// <param name="Misrounded">Inputs whose output is not the correctly rounded one.</param>
/// <param name="MaxError">Largest distance from the unrounded value, clamped to the type, in units of the output's last bit.</param>
internal sealed record Int16Table(int[] Segments, int Misrounded, double MaxError)
{
    /// <summary>Size in bytes.</summary>
    internal int Bytes => Segments.Length * sizeof(int);
}
