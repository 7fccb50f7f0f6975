using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>Activations: a function in float32, a table in int8 and int16.</summary>
internal static class ActivationConverter
{
    internal static void Relu(TfliteNodeContext source) =>
        Convert(source, ActivationKind.ReLU, null, (input, output) => RectifierTables.Clip(input, output, 0f, float.PositiveInfinity));

    internal static void Relu6(TfliteNodeContext source) =>
        Convert(source, ActivationKind.ReLU6, null, (input, output) => RectifierTables.Clip(input, output, 0f, 6f));

    internal static void ReluN1To1(TfliteNodeContext source)
    {
        if (source.OutputType == TfliteType.Float32)
        {
            FusedActivations.Finish(source, FusedActivation.ReluN1To1, source.Input(0), source.Output());
            return;
        }

        Convert(source, ActivationKind.Linear, null, (input, output) => RectifierTables.Clip(input, output, -1f, 1f));
    }

    internal static void LeakyRelu(TfliteNodeContext source)
    {
        float alpha = source.Float(0);
        Convert(source, ActivationKind.LeakyReLU, alpha, (input, output) => RectifierTables.LeakyReLU(input, output, alpha));
    }

    internal static void Elu(TfliteNodeContext source)
    {
        RefuseInt16(source);
        Convert(source, ActivationKind.ELU, 1f, EluTable.Of);
    }

    internal static void HardSwish(TfliteNodeContext source)
    {
        RefuseInt16(source);
        Convert(source, ActivationKind.HardSwish, null, HardSwish);
    }

    internal static void Logistic(TfliteNodeContext source)
    {
        if (source.OutputType == TfliteType.Int16)
        {
            Int16(source, ActivationKind.Sigmoid);
            return;
        }

        Convert(source, ActivationKind.Sigmoid, null, (input, output) => output is { Scale: 1f / 256f, ZeroPoint: -128 }
            ? new SigmoidTables(input).Logistic
            : throw TfliteNodeContext.Unsupported("has an output whose scale is not 1/256 with zero point -128"));
    }

    internal static void Tanh(TfliteNodeContext source)
    {
        if (source.OutputType == TfliteType.Int16)
        {
            Int16(source, ActivationKind.Tanh);
            return;
        }

        Convert(source, ActivationKind.Tanh, null, (input, output) => output is { Scale: 1f / 128f, ZeroPoint: 0 }
            ? new SigmoidTables(input).Tanh
            : throw TfliteNodeContext.Unsupported("has an output whose scale is not 1/128 with zero point 0"));
    }

    private static void Int16(TfliteNodeContext source, ActivationKind kind)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        Quantization from = TfliteNodeContext.Quantized(input);
        Quantization to = TfliteNodeContext.Quantized(output);
        if (input.Type != TensorType.Int16 || from.ZeroPoint != 0 || to.ZeroPoint != 0 || !Int16SigmoidTables.IsPowerOfTwo(to.Scale, -15))
        {
            throw TfliteNodeContext.Unsupported("has an output whose scale is not 1/32768, a zero point other than 0, or another type of input");
        }

        int[] segments = Int16SigmoidTables.Table(kind, from.Scale, to.Scale).Segments;
        source.Add(Opcode.Table, [input, Value.Constant(output.Name + ".table", segments, segments.Length)], output);
    }

    private static Func<int, int> HardSwish(Quantization input, Quantization output)
    {
        var table = new HardSwishTable(input, output);
        return table.Fits ? table.Invoke : throw TfliteNodeContext.Unsupported("has an output scale that is too small, which TensorFlow Lite refuses as well");
    }

    // TensorFlow Lite defines no integers for these.
    private static void RefuseInt16(TfliteNodeContext source)
    {
        if (source.OutputType == TfliteType.Int16)
        {
            throw TfliteNodeContext.Unsupported("works on Int16; float32 and int8 are supported");
        }
    }

    private static void Convert(
        TfliteNodeContext source, ActivationKind kind, float? alpha, Func<Quantization, Quantization, Func<int, int>> table)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        if (input.Type == TensorType.Float32 && output.Type == TensorType.Float32)
        {
            source.Add(Opcode.Activation, [input], output).WithActivation(ActivationRule.Kind, kind, alpha);
            return;
        }

        if (input.Type is not (TensorType.Int8 or TensorType.Int16) || output.Type != input.Type)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type} and {output.Type}; float32, int8 and int16 are supported");
        }

        UnaryTable.Add(source, input, output, table(TfliteNodeContext.Quantized(input), TfliteNodeContext.Quantized(output)));
    }
}
