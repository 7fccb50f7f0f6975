using System.Globalization;
using EdgeInference.ModelConverter.Emit.Operators;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>A model cut where its integers begin and end, so that counts can go in and a decision be taken without float.</summary>
internal sealed class CountPlan
{
    private readonly ModelFile file;
    private readonly CountScaling scaling;
    private readonly OperatorRecord first;
    private readonly OperatorRecord? dequantize;

    private CountPlan(ModelFile file, CountScaling scaling, OperatorRecord first)
    {
        this.file = file;
        this.scaling = scaling;
        this.first = first;
        dequantize = file.Outputs.Length == 1 && Producer(file.Outputs[0]) is { Info.Opcode: Opcode.Dequantize } last && !IsRead(last.Outputs[0]) ? last : null;
        Decided = dequantize?.Inputs[0] ?? file.Outputs[^1];
    }

    /// <summary>The quantized input, or the outputs of trees that read counts.</summary>
    internal TensorInfo Quantized => first.Outputs[0];

    /// <summary>Whether trees read the counts.</summary>
    internal bool HasTrees => first.Info.Opcode == Opcode.TreeEnsemble;

    /// <summary>The name of <see cref="Quantized"/> in the code.</summary>
    internal string ArrayName => HasTrees ? "treeOutputs" : "quantized";

    /// <summary>The tensor that the decision is taken on: the last integers, or a float32 output that the model computes itself.</summary>
    internal TensorInfo Decided { get; }

    /// <summary>Whether the outputs are integers until a last Defirst.</summary>
    internal bool HasIntegerOutput => dequantize is not null;

    /// <summary>Works out the plan.</summary>
    /// <exception cref="InputException">The model does not begin with one Quantize, or the numbers do not fit its features.</exception>
    internal static CountPlan Of(ModelFile file, CountScaling scaling)
    {
        TensorInfo input = file.Inputs[0];
        OperatorRecord[] readers = [.. file.Operators.Where(record => !IsView(record) && record.Inputs.Any(tensor => tensor is not null && Origin(file, tensor) == input))];
        bool isOutput = file.Outputs.Any(tensor => Origin(file, tensor) == input);
        if (file.Inputs.Length != 1 || isOutput || readers is not [{ Info.Opcode: Opcode.Quantize or Opcode.TreeEnsemble } first])
        {
            throw new InputException("--counts-scale needs a model with one float32 input that is read by one Quantize or one TreeEnsemble only; export with --precision int8 or int16, or omit --counts-scale.");
        }

        int features = first.Inputs[0].LastDimension;
        foreach ((string option, int count) in (ReadOnlySpan<(string, int)>)[("--counts-scale", scaling.Scales.Count), ("--counts-offset", scaling.Offsets.Count)])
        {
            if (count != 1 && count != features)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option} has {count} numbers but the model has {features} features; give one for all, or one for each."));
            }
        }

        return new CountPlan(file, scaling, first);
    }

    /// <summary>The stages, that of the counts first.</summary>
    internal IEnumerable<EmitStage> Stages()
    {
        TensorInfo[] outputs = dequantize is null ? file.Outputs : [Decided];
        yield return new EmitStage(EmitStage.Scale, [], [Quantized], []) { Name = HasTrees ? "CountTrees" : EmitStage.Scale };
        yield return new EmitStage(EmitStage.Quantize, file.Inputs, [Quantized], [first]) { Name = HasTrees ? "Trees" : EmitStage.Quantize };
        yield return new EmitStage(EmitStage.Step, [Quantized], outputs, [.. file.Operators.Where(record => record != first && record != dequantize)]);
        if (dequantize is not null)
        {
            yield return new EmitStage(EmitStage.Dequantize, outputs, file.Outputs, [dequantize]);
        }
    }

    /// <summary>Emits what scales the counts, or decides trees on them.</summary>
    internal void EmitScale(EmitContext context)
    {
        if (HasTrees)
        {
            TreeEnsembleEmitter.Emit(context, first, scaling);
            return;
        }

        ValueRange limits = EmitContext.Limits(Quantized.Type);
        int features = first.Inputs[0].LastDimension;
        for (int i = 0; i < Quantized.Elements; i++)
        {
            int feature = i % features;
            context.Room(120, 2);
            float offset = first.HasInput(1) ? context.Data<float>(first.Inputs[1])[feature] : 0f;
            float scale = first.HasInput(2) ? context.Data<float>(first.Inputs[2])[feature] : Quantized.Scale;
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
