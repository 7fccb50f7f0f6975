using ModelFormat;
using ModelFormat.Numerics;
using ModelFormat.Rules;

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

    // An array, its header and the object that holds it.
    private const int ArrayOverhead = 24;

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
    internal static long Instructions(OperatorRecord record) => Kernel(record).Instructions;

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
            (long run, int memory) = Kernel(record);
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
            (long run, int memory) = record.Info.Opcode == Opcode.Dense ? ChunkedDense(record) : Kernel(record);
            instructions += run;
            ram += memory + KernelBytes;
        }

        return new NanoForm(instructions, LoopMilliseconds(instructions), ram, length + EngineBytes);
    }

    private static (NanoForm? Form, string Reason) Emitted(ModelFile file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            EmittedModel model = NanoEmitter.Emit(bytes, new EmitOptions(MaxAssemblies: int.MaxValue));
            int code = model.Files.Sum(part => part.InstructionBytes + part.ConstantBytes);
            int ram = model.Files.Sum(part => part.TableBytes) + ((file.Inputs.Sum(tensor => tensor.Bytes) + file.Outputs.Sum(tensor => tensor.Bytes)) * 2) + (ArrayOverhead * 4);
            int flash = code + 1_000 + (model.NeedsEngine ? EngineBytes : 0);
            return (new NanoForm(model.Instructions, StraightLineMilliseconds(model.Instructions), ram, flash) { Assemblies = model.Files.Count }, "");
        }
        catch (InputException exception)
        {
            return (null, exception.Message);
        }
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

    // Instructions per inference, and RAM besides tensors: counted in the IL of EdgeRuntime.Nano's kernels.
    private static (long Instructions, int Ram) Kernel(OperatorRecord record)
    {
        TensorRecord input = record.Inputs[0];
        long elements = record.Outputs[0].Elements;
        switch (record.Info.Opcode)
        {
            case Opcode.Dense:
                return Dense(record);
            case Opcode.Conv:
                return Conv(record);
            case Opcode.MaxPool or Opcode.AveragePool:
                return (elements * (90 + (18L * record.Int(PoolRule.Kernel) * record.Int(PoolRule.Kernel + 1))), input.LastDimension * sizeof(int));
            case Opcode.Softmax:
                return (elements * (input.Type == TensorType.Float32 ? 130 : 140), 1_024 + ArrayOverhead);
            case Opcode.Activation:
                return (elements * 110, 0);
            case Opcode.Quantize:
                return (elements * 85, record.Inputs.Skip(1).Where(tensor => tensor is not null).Sum(tensor => tensor.Bytes + ArrayOverhead));
            case Opcode.Table:
                return input.Type == TensorType.Int8
                    ? (elements * 15, record.Inputs[1].Bytes + ArrayOverhead)
                    : (elements * 90, (2 * record.Inputs[1].Bytes) + ((InterpolationTable.Cells + 1) * sizeof(int)) + (2 * ArrayOverhead));
            case Opcode.Dequantize:
                return (elements * 16, 0);
            case Opcode.Reshape:
                return (30, 0);
            default:
                return (elements * 30, record.Inputs.Where(tensor => tensor?.Storage == TensorStorage.Constant).Sum(tensor => tensor.Bytes));
        }
    }

    // Dense for each window, which is copied line by line; one channel in each group: a plane of one channel, and its sums.
    private static (long Instructions, int Ram) Conv(OperatorRecord record)
    {
        TensorRecord input = record.Inputs[0];
        TensorRecord weights = record.Inputs[1];
        TensorRecord output = record.Outputs[0];
        int taps = weights.Dimension(1) * weights.Dimension(2);
        if (record.Int(ConvRule.Groups) > 1 && weights.Dimension(3) == 1)
        {
            int place = output.Dimension(1) * output.Dimension(2);
            int plane = input.Dimension(1) * input.Dimension(2) * TensorTypes.SizeOf(input.Type);
            return ((long)output.Elements * (95 + (8 * taps)), (int)((place * 4L) + plane + (weights.Dimension(0) * 16)) + (7 * ArrayOverhead));
        }

        (long instructions, int ram) = Dense(record);
        long places = output.Elements / weights.Dimension(0);
        return (instructions + (places * (60 + (45 * weights.Dimension(1)))), ram + (2 * weights.Elements / weights.Dimension(0) * TensorTypes.SizeOf(input.Type)));
    }

    // As Dense with weights in place, a little more for each chunk; each unit has a sum, bias, multiplier and shifts.
    private static (long Instructions, int Ram) ChunkedDense(OperatorRecord record)
    {
        const int GroupInputs = 8;
        long units = record.Inputs[1].Dimension(0);
        long depth = record.Inputs[1].Dimension(1);
        long rows = record.Outputs[0].Elements / units;
        long groups = (depth + GroupInputs - 1) / GroupInputs;
        long chunks = ((units * depth) + ResourceForm.ChunkBytes - 1) / ResourceForm.ChunkBytes;
        int unitBytes = record.Inputs[0].Type == TensorType.Int16 ? 36 : 24;
        return ((rows * (chunks + 1) * groups * 64) + (rows * ((groups * units * 90) + (units * 60))) + (chunks * 200), (int)(units * unitBytes) + (7 * ArrayOverhead) + (record.HasInput(5) ? 512 : 0));
    }

    private static (long Instructions, int Ram) Dense(OperatorRecord record)
    {
        const int GroupInputs = 8;
        const int Lanes = 3;
        long units = record.Inputs[1].Dimension(0);
        long depth = record.Inputs[1].Elements / units;
        long rows = record.Outputs[0].Elements / units;
        long groups = (depth + GroupInputs - 1) / GroupInputs;
        if (record.Inputs[0].Type == TensorType.Float32)
        {
            return (rows * ((groups * (70 + (units * 80))) + (units * 30)), (int)(units * (depth + 2) * 4) + (3 * ArrayOverhead));
        }

        if (record.Inputs[0].Type == TensorType.Int16)
        {
            // Eight bytes hold the weights of two units; each unit has a sum, bias, multiplier and shift.
            long pairs = (units + 1) / 2;
            return (rows * ((groups * (90 + (pairs * 84))) + (pairs * 30) + (units * 50)), (int)((groups * GroupInputs * pairs * 8) + (pairs * 8) + (units * 28)) + (7 * ArrayOverhead) + (record.HasInput(5) ? 512 : 0));
        }

        // Eight bytes hold the weights of three units for one input; each unit has a sum, bias, multiplier and two shifts.
        long triples = (units + Lanes - 1) / Lanes;
        long instructions = rows * ((groups * (90 + (triples * 84))) + (triples * 45) + (units * 60));
        return (instructions, (int)((groups * GroupInputs * triples * 8) + (triples * 8) + (units * 20)) + (7 * ArrayOverhead) + (record.HasInput(5) ? 256 : 0));
    }
}
