namespace EdgeInference.Devices;

/// <summary>Whether a model may follow the one in use.</summary>
internal static class ModelOrder
{
    /// <summary>Why it is not newer; null where it is.</summary>
    /// <param name="offered">The model that is offered.</param>
    /// <param name="used">Version of the model in use.</param>
    /// <param name="state">What the store remembers.</param>
    internal static string? Refusal(StoredModel offered, ulong used, StoreState state)
    {
        // Between two unsigned models there is no order but that of their use.
        if (offered.Version <= used && (offered.Version != 0 || used != 0))
        {
            return $"Its version {offered.Version} is not newer than version {used} in use.";
        }

        return offered.Version != 0 && offered.Version == state.Highest
            ? $"Its version {offered.Version} is not newer than version {state.Highest}, the highest that was accepted here."
            : state.Refusal(offered);
    }
}
