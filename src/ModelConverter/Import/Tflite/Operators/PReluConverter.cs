using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>PRELU with one slope, or one for each channel of the last axis.</summary>
internal static class PReluConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        Value slopes = source.Constant(1);
        Value output = source.Output();
        int channels = input.LastDimension;
        if (slopes.Elements != 1 && (slopes.LastDimension != slopes.Elements || slopes.Elements != channels))
        {
            throw TfliteNodeContext.Unsupported($"has slopes of shape [{string.Join(", ", slopes.Shape)}]; one, or one for each channel, is supported");
        }

        if (input.Type == TensorType.Float32)
        {
            float[] values = source.FloatConstant(1).Floats;
            float[] each = values.Length == channels ? values : [.. Enumerable.Repeat(values[0], channels)];
            source.Add(Opcode.Activation, [input, Value.Constant(slopes.Name, each, channels)], output).With(ActivationRule.Kind, (int)ActivationKind.PReLU);
            return;
        }

        if (input.Type != TensorType.Int8 || slopes.Data is not sbyte[] quantized || output.Type != TensorType.Int8)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type}; float32 and int8 are supported");
        }

        var entries = new List<sbyte>();
        foreach (sbyte slope in quantized)
        {
            entries.AddRange(IntegerTable.ToInt8(RectifierTables.PReLU(TfliteNodeContext.Quantized(input), TfliteNodeContext.Quantized(slopes), TfliteNodeContext.Quantized(output), slope)));
        }

        source.Add(Opcode.Table, [input, Value.Constant(source.Name + ".table", [.. entries], entries.Count)], output);
    }
}
