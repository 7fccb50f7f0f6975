namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How far rounding disturbs outputs.</summary>
internal static class SignalToNoise
{
    /// <summary>10·log₁₀(Σ reference² / Σ (reference − outputs)²), in dB over all rows and outputs; +∞ where they are equal.</summary>
    internal static double Decibels(float[][] reference, float[][] outputs)
    {
        double signal = 0;
        double error = 0;
        for (int row = 0; row < reference.Length; row++)
        {
            for (int i = 0; i < reference[row].Length; i++)
            {
                signal += (double)reference[row][i] * reference[row][i];
                error += Math.Pow((double)reference[row][i] - outputs[row][i], 2);
            }
        }

        return error == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / error);
    }
}
