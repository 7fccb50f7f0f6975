using System.Globalization;
using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// What a model takes on nanoFramework: machine instructions, time, RAM and flash, for each form. Operators count their terms
/// (<see cref="OperatorDefinition.Cost"/>); <see cref="MeasuredTerms"/> has what a term takes on a 32-bit interpreter.
/// </summary>
internal static class NanoCost
{
    // Terms that are not an operator's.
    private const string ModelTerm = "model: once";
    private const string ArenaTerm = "model: byte of an array";
    private const string EmittedInstruction = "emitted: IL instruction";
    private const string EmittedComparison = "emitted: comparison of a tree";
    private const string EmittedOnce = "emitted: once";

    // An element's heap block, and a header of an array.
    private const int Block = 12;

    // The engine with every operator; 'edge emit --engine' writes smaller ones.
    private const int EngineBytes = 106_000;

    /// <summary>Machine instructions of emitted code.</summary>
    /// <param name="il">IL instructions.</param>
    /// <param name="comparisons">Those of them that compare in trees, which take more.</param>
    internal static long EmittedInstructions(long il, long comparisons = 0) => (long)(Measured(MeasuredTerms.Instructions, EmittedOnce)
        + (il * Measured(MeasuredTerms.Instructions, EmittedInstruction)) + (comparisons == 0 ? 0 : comparisons * Measured(MeasuredTerms.Instructions, EmittedComparison)));

    /// <summary>Machine instructions of one operator in the table form.</summary>
    internal static long Instructions(ModelFile file, OperatorRecord record)
    {
        var terms = new CostTerms();
        terms.Add(record);
        return (long)Sum(MeasuredTerms.Instructions, terms.Runs);
    }

    /// <summary>The terms of a model.</summary>
    /// <param name="file">The model.</param>
    /// <param name="isChunked">Whether its weights are read in chunks.</param>
    internal static CostTerms Terms(ModelFile file, bool isChunked = false)
    {
        var terms = new CostTerms();
        terms.RunShared(ModelTerm, 1);
        foreach (TensorInfo tensor in file.Inputs)
        {
            terms.RunShared("model: input " + tensor.Type, 1);
            terms.RunShared("model: element of an input " + tensor.Type, tensor.Elements);
        }

        foreach (TensorInfo tensor in file.Outputs)
        {
            terms.RunShared("model: output " + tensor.Type, 1);
            terms.RunShared("model: element of an output " + tensor.Type, tensor.Elements);
        }

        terms.HoldShared(isChunked ? "chunks: once" : ModelTerm, 1);
        terms.HoldShared("model: for a moment", 1);
        terms.HoldShared("model: tensor", file.Tensors.Length);
        terms.HoldShared("model: operator", file.Operators.Length);
        terms.HoldShared("model: input or output of an operator", file.Operators.Sum(record => record.Inputs.Length + record.Outputs.Length));
        terms.HoldShared("model: dimension", file.Tensors.Sum(tensor => tensor.Rank));

        // One array for all tensors of a type in one place.
        foreach (var place in file.Tensors.Where(tensor => tensor.Storage != TensorStorage.Constant).GroupBy(tensor => (tensor.Type, tensor.Storage, tensor.Offset)))
        {
            terms.HoldShared("model: array", 1);
            terms.HoldShared(ArenaTerm, (place.Max(tensor => tensor.Bytes) + Block - 1) / Block * Block);
        }

        foreach (OperatorRecord record in file.Operators)
        {
            terms.Add(record, isChunked);
        }

        return terms;
    }

    /// <summary>The cost of a model in all forms.</summary>
    /// <param name="bytes">The .edge file.</param>
    /// <param name="board">The board that warnings are for; an ESP32 where none is named.</param>
    /// <exception cref="ModelFormatException">The file is not a valid model.</exception>
    public static NanoEstimate Of(ReadOnlyMemory<byte> bytes, NanoBoard? board = null)
    {
        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        NanoForm table = Engine(file, Terms(file), bytes.Length);
        (NanoForm? emitted, string reason) = Emitted(file, bytes);
        NanoForm? resource = ResourceForm.Obstacle(file) is null ? Resource(file, bytes.Length) : null;
        return new NanoEstimate(table, emitted, reason, Warnings(table, emitted, resource, board ?? NanoBoard.Esp32)) { Resource = resource };
    }

    private static NanoForm Engine(ModelFile file, CostTerms terms, int inRam)
    {
        int heap = (int)Sum(MeasuredTerms.Bytes, terms.Holds);
        return new NanoForm((long)Sum(MeasuredTerms.Instructions, terms.Runs), heap, heap + inRam, file.Length + EngineBytes) { PackedBytes = (int)terms.PackedBytes, ArenaBytes = (int)terms.Holds.GetValueOrDefault(ArenaTerm) };
    }

    private static NanoForm Resource(ModelFile file, int length)
    {
        // A part of the file is in RAM while it is read.
        return Engine(file, Terms(file, isChunked: true), Math.Min(ResourceForm.ChunkBytes, length));
    }

    private static (NanoForm? Form, string Reason) Emitted(ModelFile file, ReadOnlyMemory<byte> bytes)
    {
        long least = LeastEmittedBytes(file);
        int most = NanoBoard.All.Max(board => board.DeploymentBytes);
        if (least > most)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"As code its weights alone take {least:N0} bytes of flash or more, and no board has more than {most:N0} for programs: the code was not written to count its instructions."));
        }

        string obstacle = "";
        // One assembly is what a user gets who asks for no more; weights may lie in arrays then.
        if ((NanoEmitter.TryEmit(bytes, new EmitOptions(), out _) ?? NanoEmitter.TryEmit(bytes, new EmitOptions(MaxAssemblies: int.MaxValue), out obstacle)) is not { } model)
        {
            return (null, obstacle);
        }

        return (EmittedForm(file, model), "");
    }

    /// <summary>What code that was emitted takes.</summary>
    internal static NanoForm EmittedForm(ModelFile file, EmittedModel model)
    {
        int code = model.Files.Sum(part => part.InstructionBytes + part.ConstantBytes);
        double heap = Measured(MeasuredTerms.Bytes, EmittedOnce) + model.Files.Sum(part => part.TableBytes) + ((file.Inputs.Sum(tensor => tensor.Bytes) + file.Outputs.Sum(tensor => tensor.Bytes)) * 2);
        int flash = code + 1_000 + (model.NeedsEngine ? EngineBytes : 0);
        return new NanoForm(model.MachineInstructions, (int)heap, (int)heap, flash) { Assemblies = model.Files.Count };
    }

    /// <summary>A lower bound of the flash that a model takes as code: its constants other than 0, which code leaves out, each of its own size.</summary>
    internal static long LeastEmittedBytes(ModelFile file)
    {
        long bytes = 0;
        foreach (TensorInfo tensor in file.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant))
        {
            ReadOnlySpan<byte> data = file.Bytes.Memory.Span.Slice(tensor.Offset, tensor.Bytes);
            bytes += tensor.Type == TensorType.Float32
                ? sizeof(float) * (long)(tensor.Elements - MemoryMarshal.Cast<byte, int>(data).Count(0))
                : tensor.Bytes - data.Count((byte)0);
        }

        return bytes;
    }

    private static double Sum(IReadOnlyDictionary<string, double> measured, Dictionary<string, double> terms) => terms.Sum(term => term.Value * Measured(measured, term.Key));

    private static double Measured(IReadOnlyDictionary<string, double> measured, string term) =>
        measured.TryGetValue(term, out double value) ? value : throw new InvalidOperationException($"The cost model lacks the term '{term}': run benchmarks -- nano-cost (docs/esp32.md).");

    private static List<string> Warnings(NanoForm table, NanoForm? emitted, NanoForm? resource, NanoBoard board)
    {
        var warnings = new List<string>();
        if (table.RamBytes > board.HeapBytes)
        {
            warnings.Add($"The table form takes {table.RamBytes} bytes of RAM and {board.WithArticle}{(board.PsramBytes > 0 ? " without PSRAM" : "")} has about {board.HeapBytes}: {(resource is { } chunked && chunked.RamBytes <= board.HeapBytes ? $"emit with --form resource, which takes {chunked.RamBytes}" : "use packWeights: false, a smaller model, or a board with PSRAM")}.");
        }

        if (emitted is { Assemblies: > 1 })
        {
            warnings.Add($"The emitted form needs {emitted.Assemblies} assemblies of at most 65,535 bytes of IL: emit with --assemblies {emitted.Assemblies}.");
        }

        if (table.FlashBytes > board.DeploymentBytes || emitted?.FlashBytes > board.DeploymentBytes)
        {
            string name = board.WithArticle;
            warnings.Add($"{char.ToUpperInvariant(name[0])}{name[1..]} with {board.FlashText} of flash has {board.DeploymentBytes} bytes for programs, less than a form of this model takes.");
        }

        return warnings;
    }
}
