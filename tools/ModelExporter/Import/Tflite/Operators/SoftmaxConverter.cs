using ModelExporter.Graphs;
using ModelExporter.Quantize;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Import.Tflite.Operators;

/// <summary>SOFTMAX and LOG_SOFTMAX over the last axis.</summary>
internal static class SoftmaxConverter
{
    internal static void Convert(OperatorConversion source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        float beta = source.Float(0);
        Node node = source.Add(Opcode.Softmax, [input], output).With(SoftmaxRule.Beta, beta);
        if (input.Type == TensorType.Float32)
        {
            return;
        }

        Quantization result = OperatorConversion.Quantized(output);
        bool fits = output.Type == TensorType.Int8
            ? result is { Scale: 1f / 256f, ZeroPoint: -128 }
            : result.ZeroPoint == -32768 && Math.Abs((result.Scale * 65536) - 1) < 0.001;
        if (input.Type != TensorType.Int8 || !fits || !(beta > 0))
        {
            throw OperatorConversion.Unsupported($"works on {input.Type} with an output scale of {result.Scale} and zero point {result.ZeroPoint}; int8 with 1/256 and -128 is supported");
        }

        SoftmaxScaling scaling = SoftmaxScaling.From(beta, OperatorConversion.Quantized(input).Scale);
        node.With(SoftmaxRule.Multiplier, scaling.Multiplier)
            .With(SoftmaxRule.LeftShift, scaling.LeftShift)
            .With(SoftmaxRule.DifferenceMin, scaling.DifferenceMin);
    }

    internal static void Log(OperatorConversion source)
    {
        Value input = source.Input(0);
        if (input.Type != TensorType.Float32)
        {
            throw OperatorConversion.Unsupported($"works on {input.Type}; float32 is supported");
        }

        source.Add(Opcode.LogSoftmax, [input], source.Output());
    }
}
