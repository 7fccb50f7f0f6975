using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// What a model takes on nanoFramework: instructions, time, RAM and flash, for both forms. The interpreter's time goes by the
/// IL instruction and hardly by what it computes.
/// </summary>
/// <remarks>
/// The instructions of a kernel were counted in its compiled IL; docs/esp32.md has the measurements on nanoCLR that they were
/// checked against. The factor from there to an ESP32 is an estimate: no board was at hand.
/// </remarks>
internal static class NanoCost
{
    /// <summary>Nanoseconds per IL instruction of emitted code on nanoCLR, built optimised, on the machine of docs/esp32.md.</summary>
    public const double HostStraightLineNanoseconds = 2.5;

    /// <summary>Nanoseconds per IL instruction of the engine's loops there: they read arrays, which takes longer.</summary>
    public const double HostLoopNanoseconds = 3.3;

    /// <summary>
    /// How much longer an ESP32 at 240 MHz takes for an instruction: an estimate, not a measurement. 2.5 ns are some 8 cycles of the
    /// host at four instructions a cycle, so about 34 machine instructions; an in-order core that runs from flash through a cache is
    /// taken to need 60 cycles for them, 250 ns.
    /// </summary>
    public const double Esp32Factor = 100;

    private const int KernelBytes = 120;
    private const int FileRecordBytes = 160;

    // What ModelBytes reads at a time besides weights.
    private const int WindowBytes = 512;

    // The managed heap of an ESP32 without PSRAM after the firmware's reserve.
    internal const int SmallHeapBytes = 100_000;

    // Deployment region of an ESP32 with 4 MB of flash.
    internal const int DeploymentBytes = 1_792 * 1024;

    // The same of an ESP32-S3 with 16 MB.
    internal const int LargeDeploymentBytes = 2_944 * 1024;

    // What nanoFramework's own libraries and the engine take of it.
    private const int EngineBytes = 84 * 1024;

    /// <summary>Milliseconds of emitted code on an ESP32 at 240 MHz: an estimate.</summary>
    public static double StraightLineMilliseconds(long instructions) => instructions * HostStraightLineNanoseconds * Esp32Factor / 1e6;

    /// <summary>Milliseconds of the table form on an ESP32 at 240 MHz: an estimate.</summary>
    public static double LoopMilliseconds(long instructions) => instructions * HostLoopNanoseconds * Esp32Factor / 1e6;

    /// <summary>IL instructions of one operator in the table form: an estimate.</summary>
    internal static long Instructions(OperatorRecord record) => OperatorDefinitions.Of(record.Info.Opcode).TableCost(record).Instructions;

    /// <summary>The cost of a model in both forms.</summary>
    /// <param name="bytes">The .edge file.</param>
    /// <exception cref="ModelFormatException">The file is not a valid model.</exception>
    public static NanoEstimate Of(ReadOnlyMemory<byte> bytes)
    {
        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        long instructions = 200;
        int ram = bytes.Length + (file.Tensors.Length * FileRecordBytes) + file.ArenaBytes;
        foreach (OperatorRecord record in file.Operators)
        {
            (long run, int memory) = OperatorDefinitions.Of(record.Info.Opcode).TableCost(record);
            instructions += run;
            ram += memory + KernelBytes;
        }

        NanoForm table = new(instructions, LoopMilliseconds(instructions), ram, bytes.Length + EngineBytes);
        (NanoForm? emitted, string reason) = Emitted(file, bytes);
        NanoForm? resource = ResourceForm.Obstacle(file) is null ? Resource(file, bytes.Length) : null;
        return new NanoEstimate(table, emitted, reason, Warnings(table, emitted, resource)) { Resource = resource };
    }

    private static NanoForm Resource(ModelFile file, int length)
    {
        long instructions = 200;
        int ram = ResourceForm.ChunkBytes + WindowBytes + (file.Tensors.Length * FileRecordBytes) + file.ArenaBytes;
        foreach (OperatorRecord record in file.Operators)
        {
            (long run, int memory) = OperatorDefinitions.Of(record.Info.Opcode).ChunkedCost(record);
            instructions += run;
            ram += memory + KernelBytes;
        }

        return new NanoForm(instructions, LoopMilliseconds(instructions), ram, length + EngineBytes);
    }

    private static (NanoForm? Form, string Reason) Emitted(ModelFile file, ReadOnlyMemory<byte> bytes)
    {
        if (NanoEmitter.TryEmit(bytes, new EmitOptions(MaxAssemblies: int.MaxValue), out string obstacle) is not { } model)
        {
            return (null, obstacle);
        }

        int code = model.Files.Sum(part => part.InstructionBytes + part.ConstantBytes);
        int ram = model.Files.Sum(part => part.TableBytes) + ((file.Inputs.Sum(tensor => tensor.Bytes) + file.Outputs.Sum(tensor => tensor.Bytes)) * 2) + (KernelCost.ArrayOverhead * 4);
        int flash = code + 1_000 + (model.NeedsEngine ? EngineBytes : 0);
        return (new NanoForm(model.Instructions, StraightLineMilliseconds(model.Instructions), ram, flash) { Assemblies = model.Files.Count }, "");
    }

    private static List<string> Warnings(NanoForm table, NanoForm? emitted, NanoForm? resource)
    {
        var warnings = new List<string>();
        if (table.RamBytes > SmallHeapBytes)
        {
            warnings.Add($"The table form takes {table.RamBytes} bytes of RAM and an ESP32 without PSRAM has about {SmallHeapBytes}: {(resource is { } chunked && chunked.RamBytes <= SmallHeapBytes ? $"emit with --form resource, which takes {chunked.RamBytes}" : "use packWeights: false, a smaller model, or a board with PSRAM")}.");
        }

        if (emitted is { Assemblies: > 1 })
        {
            warnings.Add($"The emitted form needs {emitted.Assemblies} assemblies of at most 65,535 bytes of IL: emit with --assemblies {emitted.Assemblies}.");
        }

        if (table.FlashBytes > DeploymentBytes || emitted?.FlashBytes > DeploymentBytes)
        {
            warnings.Add($"An ESP32 with 4 MB of flash has {DeploymentBytes} bytes for programs, less than a form of this model takes.");
        }

        return warnings;
    }
}
