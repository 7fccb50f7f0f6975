namespace EdgeInference.Runtime;

/// <summary>What a classifier checks of its inputs before it decides.</summary>
internal static class DecisionGuard
{
    /// <summary>Whether every value is finite, or NaN if the model defines missing values.</summary>
    internal static bool Accepts(ReadOnlySpan<float> values, bool missing)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value) && !(missing && float.IsNaN(value)))
            {
                return false;
            }
        }

        return true;
    }
}
