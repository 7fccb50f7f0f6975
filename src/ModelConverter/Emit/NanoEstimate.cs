namespace EdgeInference.ModelConverter.Emit;

/// <summary>What one form of a model takes on nanoFramework.</summary>
/// <param name="Instructions">Machine instructions of one inference, as a 32-bit Arm takes them.</param>
/// <param name="HeapBytes">Managed heap besides the file: model, session, arena, packed weights.</param>
/// <param name="RamBytes">The same with the file, where it lies in RAM.</param>
/// <param name="FlashBytes">Bytes of the deployment region, the engine included where it is needed.</param>
internal sealed record NanoForm(long Instructions, int HeapBytes, int RamBytes, int FlashBytes)
{
    /// <summary>Time of one inference on an ESP32 at 240 MHz.</summary>
    public double Milliseconds => NanoBoard.Esp32.Milliseconds(Instructions);

    /// <summary>That time on the boards of <see cref="NanoBoard.Usual"/>.</summary>
    public IReadOnlyDictionary<string, double> MillisecondsByBoard => NanoBoard.Usual.ToDictionary(board => board.Name, board => board.Milliseconds(Instructions));

    /// <summary>Bytes of the tensors between operators, part of <see cref="HeapBytes"/>.</summary>
    public int ArenaBytes { get; init; }

    /// <summary>What is neither: objects and copies of small constants.</summary>
    public int SessionBytes => HeapBytes - ArenaBytes - PackedBytes;

    /// <summary>Bytes of weights that the session holds in another form, part of <see cref="HeapBytes"/>.</summary>
    public int PackedBytes { get; init; }

    /// <summary>Assemblies that the form is spread over.</summary>
    public int Assemblies { get; init; } = 1;
}

/// <summary>What a model takes on nanoFramework, in each form.</summary>
/// <param name="Table">The .edge file run by EdgeInference.Nano, with packed weights.</param>
/// <param name="Emitted">Straight-line code, or null if it cannot be emitted.</param>
/// <param name="NotEmitted">Why it cannot be emitted, or an empty text.</param>
/// <param name="Warnings">What will not fit, one sentence each.</param>
internal sealed record NanoEstimate(NanoForm Table, NanoForm? Emitted, string NotEmitted, IReadOnlyList<string> Warnings)
{
    /// <summary>The .edge file as a resource whose weights EdgeInference.Nano reads in chunks, or null if an operator needs them in RAM.</summary>
    public NanoForm? Resource { get; init; }

    /// <summary>The forms that there are, by name.</summary>
    internal IEnumerable<(string Name, NanoForm Form)> Forms
    {
        get
        {
            yield return ("EdgeInference.Nano", Table);
            if (Emitted is not null)
            {
                yield return ("emitted C#", Emitted);
            }

            if (Resource is not null)
            {
                yield return ("read in chunks", Resource);
            }
        }
    }
}
