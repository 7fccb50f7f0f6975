using System.Globalization;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>A model cut where its integers begin and end, so that counts can go in and a decision be taken without float.</summary>
internal sealed class CountPlan
{
    private readonly ModelFile file;
    private readonly CountScaling scaling;
    private readonly OperatorRecord quantize;
    private readonly OperatorRecord? dequantize;

    private CountPlan(ModelFile file, CountScaling scaling, OperatorRecord quantize)
    {
        this.file = file;
        this.scaling = scaling;
        this.quantize = quantize;
        dequantize = file.Outputs.Length == 1 && Producer(file.Outputs[0]) is { Info.Opcode: Opcode.Dequantize } last && !IsRead(last.Outputs[0]) ? last : null;
        Decided = dequantize?.Inputs[0] ?? file.Outputs[^1];
    }

    /// <summary>The quantized input.</summary>
    internal TensorInfo Quantized => quantize.Outputs[0];

    /// <summary>The tensor that the decision is taken on: the last integers, or a float32 output that the model computes itself.</summary>
    internal TensorInfo Decided { get; }

    /// <summary>Whether the outputs are integers until a last Dequantize.</summary>
    internal bool HasIntegerOutput => dequantize is not null;

    /// <summary>Works out the plan.</summary>
    /// <exception cref="InputException">The model does not begin with one Quantize, or the numbers do not fit its features.</exception>
    internal static CountPlan Of(ModelFile file, CountScaling scaling)
    {
        TensorInfo input = file.Inputs[0];
        OperatorRecord[] readers = [.. file.Operators.Where(record => !IsView(record) && record.Inputs.Any(tensor => tensor is not null && Origin(file, tensor) == input))];
        bool isOutput = file.Outputs.Any(tensor => Origin(file, tensor) == input);
        if (file.Inputs.Length != 1 || isOutput || readers is not [{ Info.Opcode: Opcode.Quantize } quantize])
        {
            throw new InputException("--counts-scale needs a model with one float32 input that is read by one Quantize only; export with --precision int8 or int16, or omit --counts-scale.");
        }

        int features = quantize.Inputs[0].LastDimension;
        foreach ((string option, int count) in (ReadOnlySpan<(string, int)>)[("--counts-scale", scaling.Scales.Count), ("--counts-offset", scaling.Offsets.Count)])
        {
            if (count != 1 && count != features)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option} has {count} numbers but the model has {features} features; give one for all, or one for each."));
            }
        }

        return new CountPlan(file, scaling, quantize);
    }

    /// <summary>The stages, that of the counts first.</summary>
    internal IEnumerable<EmitStage> Stages()
    {
        TensorInfo[] outputs = dequantize is null ? file.Outputs : [Decided];
        yield return new EmitStage(EmitStage.Scale, [], [Quantized], []);
        yield return new EmitStage(EmitStage.Quantize, file.Inputs, [Quantized], [quantize]);
        yield return new EmitStage(EmitStage.Step, [Quantized], outputs, [.. file.Operators.Where(record => record != quantize && record != dequantize)]);
        if (dequantize is not null)
        {
            yield return new EmitStage(EmitStage.Dequantize, outputs, file.Outputs, [dequantize]);
        }
    }

    /// <summary>Emits what scales the counts.</summary>
    internal void EmitScale(EmitContext context)
    {
        ValueRange limits = EmitContext.Limits(Quantized.Type);
        int features = quantize.Inputs[0].LastDimension;
        for (int i = 0; i < Quantized.Elements; i++)
        {
            int feature = i % features;
            context.Room(120, 2);
            float offset = quantize.HasInput(1) ? context.Data<float>(quantize.Inputs[1])[feature] : 0f;
            float scale = quantize.HasInput(2) ? context.Data<float>(quantize.Inputs[2])[feature] : Quantized.Scale;
            if (!float.IsFinite(offset) || !float.IsFinite(scale) || scale == 0f)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"Feature {feature} of the model is quantized with offset {offset} and scale {scale}, which counts cannot be scaled by; omit --counts-scale."));
            }

            CountCode.Of(scaling.Scale(feature), scaling.Offset(feature), offset, scale, Quantized.ZeroPoint, limits).Write(context, Quantized, i);
        }
    }

    private bool IsRead(TensorInfo tensor) =>
        file.Operators.Any(record => !IsView(record) && record.Inputs.Any(input => input is not null && Origin(file, input) == tensor));

    private OperatorRecord? Producer(TensorInfo tensor) =>
        Array.Find(file.Operators, record => record.Outputs.Contains(Origin(file, tensor)));

    private static bool IsView(OperatorRecord record) => OperatorDefinitions.Of(record.Info.Opcode).IsView;

    // A view moves nothing.
    private static TensorInfo Origin(ModelFile file, TensorInfo tensor)
    {
        while (Array.Find(file.Operators, record => IsView(record) && record.Outputs[0] == tensor) is { } reshape)
        {
            tensor = reshape.Inputs[0];
        }

        return tensor;
    }
}
