using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// Weights with a zero point, as uint8 models have them. Less their zero point they span up to 511 integers; where these do not
/// fit int8 they become a sum of two or three int8 weights, each for a copy of the input, so that every accumulator is the same.
/// </summary>
internal static class AsymmetricWeights
{
    private const int Most = 127;

    /// <summary>Input and weights [out, ..., in] of a layer that sums over the last axis of both; weights without a zero point stay.</summary>
    internal static (Value Input, Value Weights) Resolve(TfliteNodeContext source, Value input, Value weights) =>
        Resolve(source, input, weights, depthwise: false);

    /// <summary>The same for depthwise weights [out, height, width, 1].</summary>
    internal static (Value Input, Value Weights) ResolveDepthwise(TfliteNodeContext source, Value input, Value weights) =>
        Resolve(source, input, weights, depthwise: true);

    private static (Value Input, Value Weights) Resolve(TfliteNodeContext source, Value input, Value weights, bool depthwise)
    {
        if (input.Type != TensorType.Int8 || weights is not { Data: sbyte[] data, Quantization: { Scales: null } quantization } || quantization.ZeroPoint == 0)
        {
            return (input, weights);
        }

        int[] differences = Array.ConvertAll(data, value => value - quantization.ZeroPoint);
        int parts = Math.Max(1, (differences.Max(Math.Abs) + Most - 1) / Most);
        int depth = weights.LastDimension;
        int[] shape = [.. weights.Shape[..^1], depth * parts];
        var whole = new Value(weights.Name, TensorType.Int8, shape)
        {
            Data = Split(differences, depth, parts),
            Quantization = quantization with { ZeroPoint = 0 },
        };
        return (parts == 1 ? input : Copies(source, input, parts, depthwise), whole);
    }

    // Rows of the depth, each as many times as there are parts; the parts of a weight add up to it.
    private static sbyte[] Split(int[] weights, int depth, int parts)
    {
        var result = new sbyte[weights.Length * parts];
        for (int i = 0; i < weights.Length; i++)
        {
            int rest = weights[i];
            for (int part = 0; part < parts; part++)
            {
                int value = Math.Clamp(rest, -Most, Most);
                rest -= value;
                result[(((i / depth * parts) + part) * depth) + (i % depth)] = (sbyte)value;
            }
        }

        return result;
    }

    // All channels again and again, or, depthwise, each channel with its copies beside it.
    private static Value Copies(TfliteNodeContext source, Value input, int parts, bool depthwise)
    {
        int channels = input.LastDimension;
        Value one = depthwise ? Operators.MovementConverter.Reshaped(source, input, [.. input.Shape, 1]) : input;
        int[] shape = depthwise ? [.. input.Shape, parts] : [.. input.Shape[..^1], channels * parts];
        var all = new Value($"{source.Name}.copies", input.Type, shape) { Quantization = input.Quantization };
        source.Add(Opcode.Concat, Enumerable.Repeat<Value?>(one, parts).ToArray(), all).With(ConcatRule.Axis, shape.Length - 1);
        return depthwise ? Operators.MovementConverter.Reshaped(source, all, [.. input.Shape[..^1], channels * parts]) : all;
    }
}
