using System.Numerics;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>MEAN, SUM, REDUCE_MAX and REDUCE_MIN over constant axes.</summary>
internal static class ReduceConverter
{
    internal static void Mean(TfliteNodeContext source) => Convert(source, ReduceKind.Mean);

    internal static void Sum(TfliteNodeContext source) => Convert(source, ReduceKind.Sum);

    internal static void Max(TfliteNodeContext source) => Convert(source, ReduceKind.Max);

    internal static void Min(TfliteNodeContext source) => Convert(source, ReduceKind.Min);

    private static void Convert(TfliteNodeContext source, ReduceKind kind)
    {
        Value input = source.Input(0);
        int rank = input.Shape.Length;
        int axes = 0;
        foreach (int axis in source.Integers(1))
        {
            int own = axis < 0 ? axis + rank : axis;
            axes |= own >= 0 && own < rank ? 1 << own : throw TfliteNodeContext.Unsupported($"has axis {axis} of {rank}");
        }

        Value output = source.Output();
        Node node = source.Add(Opcode.Reduce, [input], output).With(ReduceRule.Kind, (int)kind).With(ReduceRule.Axes, axes);
        if (input.Type == TensorType.Float32 || kind is ReduceKind.Max or ReduceKind.Min)
        {
            return;
        }

        var factor = TfliteNodeContext.Multiplier((double)TfliteNodeContext.Quantized(input).Scale / TfliteNodeContext.Quantized(output).Scale);
        if (kind == ReduceKind.Mean)
        {
            factor = Divide(factor, input.Elements / Math.Max(output.Elements, 1));
        }

        node.With(ReduceRule.Multiplier, factor.Multiplier).With(ReduceRule.Shift, factor.Shift);
    }

    // TensorFlow Lite's rule: the multiplier takes in 1 / count, truncated, after as many bits to the left as count has.
    private static QuantizedMultiplier Divide(QuantizedMultiplier factor, int count)
    {
        int shift = Math.Min(BitOperations.Log2((uint)Math.Max(count, 1)), 31 + factor.Shift);
        return new QuantizedMultiplier((int)(((long)factor.Multiplier << shift) / Math.Max(count, 1)), factor.Shift - shift);
    }
}
