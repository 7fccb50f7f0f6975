namespace EdgeInference.ModelConverter.Build;

/// <summary>
/// Whether a standardisation z = s·x + t may be folded into the layer W·z + b that reads it, decided from the numbers.
/// <para>
/// Folded, the layer computes (W·diag s)·x + (b + W·t). Near the mean, where z is about 0, its terms are as large as
/// |Wᵢ|·|tᵢ|, |t| being |mean| / deviation, and cancel. Each of them is rounded by 2⁻²⁴ of its size, so that a unit loses up to
/// 2⁻²⁴·Σ|Wᵢ|·|tᵢ|. Not folded, x − mean is exact where x is within a factor of 2 of the mean, and the terms are of the size
/// |Wᵢ|·|zᵢ|. A fold is done where each unit loses at most 1e-5, or no more than an input four deviations from its mean would
/// cost the layer that is not folded: 2⁻²⁴·Σ|Wᵢ|·4.
/// </para>
/// <para>
/// Elsewhere the subtraction stays, and all else is folded: W·z + b = (W·diag s)·(x − m) + (b + W·(t + s·m)), m being −t / s
/// rounded to float32 and t + s·m what the rounding left, taken in double precision.
/// </para>
/// </summary>
internal static class StandardisationFold
{
    /// <summary>The most that a unit may lose, for outputs of about 1.</summary>
    internal const double LargestLoss = 1e-5;

    /// <summary>Largest relative error of rounding to float32.</summary>
    internal const double Rounding = 1.0 / (1 << 24);

    // How many deviations from its mean an ordinary input is.
    private const double OrdinaryInput = 4;

    /// <summary>What to subtract from each channel first, or null if the fold loses nothing that matters.</summary>
    /// <param name="weights">The layer's weights before the fold, [units, depth].</param>
    /// <param name="units">Number of units.</param>
    /// <param name="channel">The channel that a weight of a unit multiplies.</param>
    /// <param name="scale">s of each channel.</param>
    /// <param name="shift">t of each channel.</param>
    internal static float[]? Centre(double[] weights, int units, Func<int, int, int> channel, double[] scale, double[] shift)
    {
        // A mere subtraction tells nothing of the deviations.
        double ordinary = Array.TrueForAll(scale, value => value == 1) ? 0 : OrdinaryInput;
        int depth = weights.Length / units;
        for (int unit = 0; unit < units; unit++)
        {
            double folded = 0;
            double plain = 0;
            for (int i = 0; i < depth; i++)
            {
                double weight = Math.Abs(weights[(unit * depth) + i]);
                folded += weight * Math.Abs(shift[channel(unit, i)]);
                plain += weight * ordinary;
            }

            if (Rounding * folded > Math.Max(LargestLoss, Rounding * plain))
            {
                return [.. shift.Zip(scale, (t, s) => float.IsFinite((float)(-t / s)) ? (float)(-t / s) : 0f)];
            }
        }

        return null;
    }
}
