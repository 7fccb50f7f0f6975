using System.Globalization;
using System.Security.Cryptography;
using EdgeInference.ModelConverter.Emit.Operators;
using ModelFormat;

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
    public static EmittedModel Emit(ReadOnlyMemory<byte> bytes, EmitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EmitNames.Check(options);

        // Swedish writes another minus than C#.
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return EmitInvariant(bytes, options);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static EmittedModel EmitInvariant(ReadOnlyMemory<byte> bytes, EmitOptions options)
    {
        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        CheckInterface(file);
        if (options.Counts is not null && file.Decision.Refusal is { } refusal)
        {
            throw new InputException($"--counts-scale needs a model that decides. {refusal}");
        }

        CountPlan? counts = options.Counts is { } scaling ? CountPlan.Of(file, scaling) : null;
        EmitContext context = Walk(file, counts, isStaged: false);
        if (context.IsTooLarge)
        {
            context = Walk(file, counts, isStaged: true);
        }

        new ClassifierCode(file).Prepare(context);
        CheckLimits(context, options);
        return new EmittedModel(EmitText.Files(file, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)), context, counts, options), context.Instructions, NanoCost.StraightLineMilliseconds(context.Instructions), context.NeedsEngine);
    }

    private static EmitContext Walk(ModelFile file, CountPlan? counts, bool isStaged)
    {
        var context = new EmitContext(file, isStaged);
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
                EmitOperator(context, record);
            }

            context.CopyOutputs();
        }

        context.CloseMethod();
        return context;
    }

    private static void EmitOperator(EmitContext context, OperatorRecord record)
    {
        switch (record.Info.Opcode, record.Inputs[0].Type)
        {
            case (Opcode.Dense, TensorType.Float32):
                DenseFloat32Emitter.Emit(context, record);
                break;
            case (Opcode.Dense, TensorType.Int8 or TensorType.Int16):
                DenseFixedPointEmitter.Emit(context, record);
                break;
            case (Opcode.Activation, TensorType.Float32):
                ElementEmitter.Activation(context, record);
                break;
            case (Opcode.Table, TensorType.Int8):
                ElementEmitter.Table(context, record);
                break;
            case (Opcode.Table, TensorType.Int16):
                InterpolationEmitter.Emit(context, record);
                break;
            case (Opcode.Softmax, TensorType.Float32):
                SoftmaxEmitter.Float32(context, record);
                break;
            case (Opcode.Softmax, TensorType.Int8):
                SoftmaxEmitter.Int8(context, record);
                break;
            case (Opcode.Softmax, TensorType.Int16):
                SoftmaxInt16Emitter.Emit(context, record);
                break;
            case (Opcode.Quantize, TensorType.Float32):
                ElementEmitter.Quantize(context, record);
                break;
            case (Opcode.Dequantize, TensorType.Int8 or TensorType.Int16):
                ElementEmitter.Dequantize(context, record);
                break;
            case (Opcode.Add or Opcode.Sub or Opcode.Mul or Opcode.Div, TensorType.Float32):
                ElementEmitter.Binary(context, record);
                break;
            case (Opcode.Reshape, TensorType.Float32 or TensorType.Int8 or TensorType.Int16) when record.Inputs[0].Storage != TensorStorage.Constant:
                break;
            default:
                throw new InputException($"Code cannot be emitted for {record.Info.Name} on {record.Inputs[0].Type}; use the table form, --form table.");
        }
    }

    private static void CheckInterface(ModelFile file)
    {
        if (file.Tensors.Any(tensor => tensor.Storage == TensorStorage.State))
        {
            throw new InputException("The model keeps state between inferences, which emitted code cannot; use the table form, --form table.");
        }

        foreach (TensorRecord[] tensors in (TensorRecord[][])[file.Inputs, file.Outputs])
        {
            if (tensors.Any(tensor => tensor.Type != tensors[0].Type || tensor.Type is not (TensorType.Float32 or TensorType.Int8 or TensorType.Int16)))
            {
                throw new InputException("The model's inputs or outputs differ in type, or are neither float32, int8 nor int16; use the table form, --form table.");
            }
        }

        if (file.Operators.SelectMany(record => record.Outputs).GroupBy(tensor => tensor.Index).Any(group => group.Count() > 1) || file.Outputs.Distinct().Count() < file.Outputs.Length)
        {
            throw new InputException("The model writes or returns one tensor twice, which emitted code cannot; use the table form, --form table.");
        }
    }

    private static void CheckLimits(EmitContext context, EmitOptions options)
    {
        if (context.Parts.Count > options.MaxAssemblies)
        {
            long bytes = context.Parts.Sum(part => (long)part.Bytes);
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"The code takes about {bytes:N0} bytes of IL but a nanoFramework assembly holds {EmitContext.MaxAssemblyBytes:N0}: allow {context.Parts.Count} assemblies with --assemblies {context.Parts.Count}, or use the table form, --form table."));
        }

        foreach (EmittedPart part in context.Parts)
        {
            if (part.ConstantBytes > EmitContext.MaxConstantBytes)
            {
                throw new InputException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tables take {part.ConstantBytes:N0} bytes but a nanoFramework assembly holds {EmitContext.MaxConstantBytes:N0}; use the table form, --form table."));
            }
        }
    }
}
