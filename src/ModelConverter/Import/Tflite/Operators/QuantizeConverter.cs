using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>QUANTIZE and DEQUANTIZE: between float32 and integers, and from one scale to another.</summary>
internal static class QuantizeConverter
{
    internal static void Quantize(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        if (source.OutputType == TfliteType.Int32)
        {
            Narrow(source, input);
            return;
        }

        Value output = source.Output();
        if (output.Type is not (TensorType.Int8 or TensorType.Int16))
        {
            throw TfliteNodeContext.Unsupported($"writes {output.Type}; int8 and int16 are supported");
        }

        Quantization to = TfliteNodeContext.Quantized(output);
        if (input.Type == TensorType.Float32)
        {
            source.Add(Opcode.Quantize, [input], output);
            return;
        }

        if (input.Type is not (TensorType.Int8 or TensorType.Int16))
        {
            throw TfliteNodeContext.Unsupported($"reads {input.Type}; float32, int8 and int16 are supported");
        }

        var requantization = new Requantization(TfliteNodeContext.Quantized(input), to);
        UnaryTable.Add(source, input, output, requantization.Invoke);
    }

    // int32 whose integers fit int16 is written as int16.
    private static void Narrow(TfliteNodeContext source, Value input)
    {
        TfliteTensor declared = source.OutputTensor(0);
        if (input.Type is not (TensorType.Int8 or TensorType.Int16) || declared is not { Scales: [> 0], ZeroPoints: [] or [0] })
        {
            throw TfliteNodeContext.Unsupported($"makes {declared} of {input.Type}; int32 is supported from int8 and int16, with one scale and zero point 0");
        }

        var to = new Quantization(declared.Scales[0], 0);
        var requantization = new Requantization(TfliteNodeContext.Quantized(input), to);
        (int low, int high) = input.Type == TensorType.Int8 ? (sbyte.MinValue, (int)sbyte.MaxValue) : (short.MinValue, short.MaxValue);
        if (requantization.Invoke(low) < short.MinValue || requantization.Invoke(high) > short.MaxValue)
        {
            throw TfliteNodeContext.Unsupported($"makes {declared} of integers of more than 16 bits");
        }

        var narrow = new Value(declared.Name, TensorType.Int16, declared.Shape) { Quantization = to };
        UnaryTable.Add(source, input, narrow, requantization.Invoke);
        source.Fold(narrow);
    }

    internal static void Dequantize(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        if (input.IsConstant)
        {
            source.Fold(source.FloatConstant(0));
            return;
        }

        TfliteNodeContext.Quantized(input);
        source.Add(Opcode.Dequantize, [input], source.Output());
    }
}
