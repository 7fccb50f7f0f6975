namespace EdgeInference.ModelConverter.Emit;

/// <summary>What one form of a model takes on nanoFramework.</summary>
/// <param name="Instructions">IL instructions of one inference.</param>
/// <param name="Milliseconds">Time of one inference on an ESP32 at 240 MHz, estimated.</param>
/// <param name="RamBytes">Managed heap.</param>
/// <param name="FlashBytes">Bytes of the deployment region, the engine included where it is needed.</param>
internal sealed record NanoForm(long Instructions, double Milliseconds, int RamBytes, int FlashBytes)
{
    /// <summary>Assemblies that the form is spread over.</summary>
    public int Assemblies { get; init; } = 1;
}

/// <summary>What a model takes on nanoFramework, in both forms.</summary>
/// <param name="Table">The .edge file run by EdgeInference.Nano, with packed weights.</param>
/// <param name="Emitted">Straight-line code, or null if it cannot be emitted.</param>
/// <param name="NotEmitted">Why it cannot be emitted, or an empty text.</param>
/// <param name="Warnings">What will not fit, one sentence each.</param>
internal sealed record NanoEstimate(NanoForm Table, NanoForm? Emitted, string NotEmitted, IReadOnlyList<string> Warnings)
{
    /// <summary>The .edge file as a resource whose weights EdgeInference.Nano reads in chunks, or null if an operator needs them in RAM.</summary>
    public NanoForm? Resource { get; init; }
}
