using ModelExporter.Graphs;
using ModelExporter.Import.Tflite.Tables;
using ModelFormat;

namespace ModelExporter.Import.Tflite.Operators;

/// <summary>QUANTIZE and DEQUANTIZE: between float32 and integers, and from one scale to another.</summary>
internal static class QuantizeConverter
{
    internal static void Quantize(OperatorConversion source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        if (output.Type is not (TensorType.Int8 or TensorType.Int16))
        {
            throw OperatorConversion.Unsupported($"writes {output.Type}; int8 and int16 are supported");
        }

        Quantization to = OperatorConversion.Quantized(output);
        if (input.Type == TensorType.Float32)
        {
            source.Add(Opcode.Quantize, [input], output);
            return;
        }

        if (input.Type is not (TensorType.Int8 or TensorType.Int16))
        {
            throw OperatorConversion.Unsupported($"reads {input.Type}; float32, int8 and int16 are supported");
        }

        var requantization = new Requantization(OperatorConversion.Quantized(input), to);
        UnaryTable.Add(source, input, output, requantization.Invoke);
    }

    internal static void Dequantize(OperatorConversion source)
    {
        Value input = source.Input(0);
        if (input.IsConstant)
        {
            source.Fold(source.FloatConstant(0));
            return;
        }

        OperatorConversion.Quantized(input);
        source.Add(Opcode.Dequantize, [input], source.Output());
    }
}
