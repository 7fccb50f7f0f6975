namespace EdgeInference.ModelConverter.Emit;

/// <summary>A model as C#.</summary>
/// <param name="Files">The files, in the order in which their assemblies build on each other; the last has the class that a program calls.</param>
/// <param name="Instructions">IL instructions that one inference executes, estimated; 0 where the engine runs the file.</param>
/// <param name="MachineInstructions">Machine instructions of the interpreter for it, estimated.</param>
/// <param name="NeedsEngine">Whether the code calls functions of EdgeInference.Nano.</param>
internal sealed record EmittedModel(IReadOnlyList<EmittedFile> Files, long Instructions, long MachineInstructions, bool NeedsEngine)
{
    /// <summary>Time of one inference on an ESP32, estimated.</summary>
    public double Milliseconds => NanoBoard.Esp32.Milliseconds(MachineInstructions);

    /// <summary>The model's bytes where they are their own file, else null.</summary>
    public EmittedResource? Resource { get; init; }
}
