namespace EdgeInference.ModelConverter.Emit;

/// <summary>A model as C#.</summary>
/// <param name="Files">The files, in the order in which their assemblies build on each other; the last has the class that a program calls.</param>
/// <param name="Instructions">Machine instructions that one inference executes, estimated.</param>
/// <param name="NeedsEngine">Whether the code calls functions of EdgeInference.Nano.</param>
internal sealed record EmittedModel(IReadOnlyList<EmittedFile> Files, long Instructions, bool NeedsEngine)
{
    /// <summary>Time of one inference on an ESP32, estimated.</summary>
    public double Milliseconds => NanoBoard.Esp32.Milliseconds(Instructions);

    /// <summary>The model's bytes where they are their own file, else null.</summary>
    public EmittedResource? Resource { get; init; }
}
