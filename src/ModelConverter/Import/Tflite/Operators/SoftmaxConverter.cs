using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>SOFTMAX and LOG_SOFTMAX over the last axis.</summary>
internal static class SoftmaxConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        float beta = source.Float(0);
        if (input.Type == TensorType.Float32)
        {
            source.Add(Opcode.Softmax, [input], output).With(SoftmaxRule.Beta, beta);
            return;
        }

        Quantization result = TfliteNodeContext.Quantized(output);
        bool fits = (input.Type, output.Type) switch
        {
            (TensorType.Int8, TensorType.Int8) => result is { Scale: 1f / 256f, ZeroPoint: -128 },
            (TensorType.Int8, TensorType.Int16) => result.ZeroPoint == -32768 && IsNear(result.Scale * 65536),
            (TensorType.Int16, TensorType.Int16) => result.ZeroPoint == 0 && IsNear(result.Scale * 32768),
            _ => false,
        };
        if (!fits || !(beta > 0))
        {
            throw TfliteNodeContext.Unsupported($"makes {output.Type} of {input.Type} with an output scale of {result.Scale} and zero point {result.ZeroPoint}; int8 with 1/256 and -128, and int16 with 1/32768 and 0, are supported");
        }

        TfliteNodeContext.Quantized(input);
        Node node = source.Add(Opcode.Softmax, [input], output);
        if (input.Type == TensorType.Int8)
        {
            SoftmaxQuantizer.SetFactors(node, beta);
        }
        else
        {
            SoftmaxQuantizer.SetTables(node, beta);
        }
    }

    // TensorFlow Lite's own tolerance.
    private static bool IsNear(float one) => Math.Abs(one - 1) < 0.001;

    internal static void Log(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        if (input.Type != TensorType.Float32)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type}; float32 is supported");
        }

        source.Add(Opcode.LogSoftmax, [input], source.Output());
    }
}
