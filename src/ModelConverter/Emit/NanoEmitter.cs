using System.Globalization;
using System.Security.Cryptography;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// Turns a model into C# for nanoFramework: straight-line code with the weights as constants, because the interpreter's time goes
/// by instructions. The results are those of the engines, to the bit in fixed point. The same model gives the same text.
/// </summary>
internal static class NanoEmitter
{
    /// <summary>Emits a model.</summary>
    /// <param name="bytes">The .edge file.</param>
    /// <param name="options">Names, and how many assemblies the code may be spread over.</param>
    /// <exception cref="ModelFormatException">The file is not a valid model.</exception>
    /// <exception cref="InputException">The model has an operator that code cannot be emitted for, or does not fit the limits of nanoFramework.</exception>
    public static EmittedModel Emit(ReadOnlyMemory<byte> bytes, EmitOptions options) => TryEmit(bytes, options, out string obstacle) ?? throw new InputException(obstacle);

    /// <summary>Emits a model, or says why it cannot be.</summary>
    /// <param name="bytes">The .edge file.</param>
    /// <param name="options">Names, and how many assemblies the code may be spread over.</param>
    /// <param name="obstacle">Why the result is null, or an empty text.</param>
    /// <exception cref="ModelFormatException">The file is not a valid model.</exception>
    /// <exception cref="InputException">The options do not fit the model.</exception>
    internal static EmittedModel? TryEmit(ReadOnlyMemory<byte> bytes, EmitOptions options, out string obstacle)
    {
        ArgumentNullException.ThrowIfNull(options);
        EmitNames.Check(options);

        // Swedish writes another minus than C#.
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return EmitInvariant(bytes, options, out obstacle);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>Emits a model with weights in arrays wherever they can be, for tests.</summary>
    internal static EmittedModel EmitPacked(ReadOnlyMemory<byte> bytes, EmitOptions options)
    {
        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        EmitContext context = Walk(file, null, isStaged: true, new ArrayPlan(file, file.Operators.ToHashSet()));
        new ClassifierCode(file).Prepare(context);
        return new EmittedModel(EmitText.Files(file, "", context, null, options), context.Instructions, 0, context.NeedsEngine);
    }

    private static EmittedModel? EmitInvariant(ReadOnlyMemory<byte> bytes, EmitOptions options, out string obstacle)
    {
        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        obstacle = InterfaceObstacle(file) ?? "";
        if (obstacle.Length > 0)
        {
            return null;
        }

        if (options.Counts is not null && file.Decision.Refusal is { } refusal)
        {
            throw new InputException($"--counts-scale needs a model that decides. {refusal:own}");
        }

        CountPlan? counts = options.Counts is { } scaling ? CountPlan.Of(file, scaling) : null;
        obstacle = file.Operators.Select(record => OperatorDefinitions.Of(record.Info.Opcode).CodeObstacle(record)).FirstOrDefault(problem => problem is not null) ?? "";
        if (obstacle.Length > 0)
        {
            return null;
        }

        EmitContext context = Walk(file, counts, isStaged: false);
        if (context.NeedsArrays)
        {
            context = WithArrays(file, counts, options.MaxAssemblies);
        }
        else if (context.IsTooLarge)
        {
            context = Walk(file, counts, isStaged: true);
        }

        new ClassifierCode(file).Prepare(context);
        obstacle = context.Obstacle ?? LimitObstacle(context, options) ?? "";
        return obstacle.Length > 0 ? null : new EmittedModel(
            EmitText.Files(file, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)), context, counts, options), context.Instructions, NanoCost.EmittedInstructions(context.Instructions, context.Comparisons), context.NeedsEngine);
    }

    // Weights go from the code into arrays, those first that lose least time for the room they leave, until the code fits.
    private static EmitContext WithArrays(ModelFile file, CountPlan? counts, int assemblies)
    {
        var packed = new HashSet<OperatorRecord>();
        EmitContext best = Walk(file, counts, isStaged: true, new ArrayPlan(file, packed));
        EmitContext context = best;
        while (context.Parts.Count > assemblies && context.Matrices.Where(matrix => !packed.Contains(matrix.Record)).MinBy(matrix => (double)matrix.Products / matrix.Bytes) is { } next)
        {
            packed.Add(next.Record);
            context = Walk(file, counts, isStaged: true, new ArrayPlan(file, packed));
            best = context.Parts.Count < best.Parts.Count ? context : best;
        }

        return best;
    }

    private static EmitContext Walk(ModelFile file, CountPlan? counts, bool isStaged, ArrayPlan? arrays = null)
    {
        var context = new EmitContext(file, isStaged, arrays);
        var writer = new OperatorWriter(context);
        OperatorRecord? learns = LearningCode.Layer(file);
        foreach (EmitStage stage in counts?.Stages() ?? [new EmitStage(EmitStage.Step, file.Inputs, file.Outputs, file.Operators)])
        {
            context.Begin(stage);
            if (stage.Prefix == EmitStage.Scale)
            {
                counts!.EmitScale(context);
                continue;
            }

            foreach (OperatorRecord record in stage.Operators)
            {
                if (record == learns)
                {
                    LearningCode.Keep(context, record.Inputs[0]);
                }

                OperatorDefinitions.Of(record.Info.Opcode).Code(record)!(writer, record);
            }

            context.CopyOutputs();
        }

        context.CloseMethod();
        return context;
    }

    private static string? InterfaceObstacle(ModelFile file)
    {
        if (file.Tensors.Any(tensor => tensor.Storage == TensorStorage.State))
        {
            return "The model keeps state between inferences, which emitted code cannot; use the table form, --form table.";
        }

        foreach (TensorInfo[] tensors in (TensorInfo[][])[file.Inputs, file.Outputs])
        {
            if (tensors.Any(tensor => tensor.Type != tensors[0].Type || tensor.Type is not (TensorType.Float32 or TensorType.Int8 or TensorType.Int16)))
            {
                return "The model's inputs or outputs differ in type, or are neither float32, int8 nor int16; use the table form, --form table.";
            }
        }

        if (file.Operators.SelectMany(record => record.Outputs).GroupBy(tensor => tensor.Index).Any(group => group.Count() > 1) || file.Outputs.Distinct().Count() < file.Outputs.Length)
        {
            return "The model writes or returns one tensor twice, which emitted code cannot; use the table form, --form table.";
        }

        return null;
    }

    private static string? LimitObstacle(EmitContext context, EmitOptions options)
    {
        if (context.HasImpossible)
        {
            return "A layer is too large for a method of nanoFramework, whose branches reach over 32,767 bytes; use the table form, --form table.";
        }

        if (context.Parts.Count > options.MaxAssemblies)
        {
            long bytes = context.Parts.Sum(part => (long)part.Bytes);
            long tables = context.Parts.Sum(part => (long)part.ConstantBytes);
            string and = tables > EmitContext.MaxConstantBytes ? string.Create(CultureInfo.InvariantCulture, $" and {tables:N0} bytes of tables") : "";
            string most = and.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {EmitContext.MaxConstantBytes:N0}") : "";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The code takes about {bytes:N0} bytes of IL{and} but a nanoFramework assembly holds {EmitContext.MaxAssemblyBytes:N0}{most}: allow {context.Parts.Count} assemblies with --assemblies {context.Parts.Count}, or use the table form, --form table.");
        }

        foreach (EmittedPart part in context.Parts)
        {
            if (part.ConstantBytes > EmitContext.MaxConstantBytes)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tables take {part.ConstantBytes:N0} bytes but a nanoFramework assembly holds {EmitContext.MaxConstantBytes:N0}; use the table form, --form table.");
            }
        }

        return null;
    }
}
