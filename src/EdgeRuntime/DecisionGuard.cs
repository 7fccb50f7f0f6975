namespace EdgeRuntime;

/// <summary>What a classifier checks before it decides: that the model can decide at all, and that no value is NaN or infinite.</summary>
internal static class DecisionGuard
{
    /// <summary>Throws where no classifier can decide on the model.</summary>
    /// <exception cref="ArgumentException">The model does not say what its output means, or it is no class; the message names the option that mends it.</exception>
    internal static void Check(EdgeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.File.Decision.Refusal is { } refusal)
        {
            throw new ArgumentException(refusal, nameof(model));
        }
    }

    /// <summary>Whether every value is finite, or NaN where the model defines missing values.</summary>
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
