using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// A convolution with int16 activations as Dense over its windows, which has the same integers: each place of the kernel is a
/// slice of the padded image, and the slices side by side are the rows. The weights of a group are 0 for other groups' channels.
/// </summary>
internal static class Int16Convolution
{
    // Depthwise weights grow by their number of channels.
    private const long MostWeights = 4 << 20;

    /// <summary>Adds the nodes; weights are [out, height, width, in / groups].</summary>
    internal static void Convert(TfliteNodeContext source, Value input, Value weights, int groups, Window window, bool same, FusedActivation activation, Value output)
    {
        int units = weights.Shape[0];
        Value rows = Rows(source, input, weights, window, same, output);
        (int min, int max) = FusedActivations.Clamp(activation, output);
        var layer = QuantizedLayer.Of(source, input, weights, output, units);
        source.Add(Opcode.Dense, [rows, Matrix(weights, groups), layer.Bias, layer.Multipliers, layer.Shifts], output)
            .With(DenseRule.Min, min)
            .With(DenseRule.Max, max);
    }

    // [out, height · width · in].
    private static Value Matrix(Value weights, int groups)
    {
        int units = weights.Shape[0];
        int taps = weights.Shape[1] * weights.Shape[2];
        int depth = weights.Shape[3];
        if (weights.Data is not sbyte[] data || (long)data.Length * groups > MostWeights)
        {
            throw TfliteNodeContext.Unsupported($"has weights {weights} in {groups} groups; int16 needs int8 weights, at most {MostWeights} with the zeros of other groups");
        }

        var matrix = new sbyte[data.Length * groups];
        for (int i = 0; i < data.Length / depth; i++)
        {
            int group = i / taps / (units / groups);
            data.AsSpan(i * depth, depth).CopyTo(matrix.AsSpan(((i * groups) + group) * depth));
        }

        return new Value(weights.Name + ".matrix", TensorType.Int8, units, taps * depth * groups) { Data = matrix, Quantization = weights.Quantization };
    }

    private static Value Rows(TfliteNodeContext source, Value input, Value weights, Window window, bool same, Value output)
    {
        Value image = Padded(source, input, weights, window, same, output);
        int channels = input.LastDimension;
        int[] places = [.. output.Shape[..3], channels];
        var taps = new List<Value>();
        for (int row = 0; row < weights.Shape[1]; row++)
        {
            for (int column = 0; column < weights.Shape[2]; column++)
            {
                var tap = new Value($"{source.Name}.tap_{row}_{column}", input.Type, places) { Quantization = input.Quantization };
                source.Add(Opcode.Slice, [image], tap)
                    .With(SliceRule.Start + 1, row * window.DilationHeight).With(SliceRule.Start + 2, column * window.DilationWidth)
                    .With(SliceRule.Step, 1).With(SliceRule.Step + 1, window.StrideHeight).With(SliceRule.Step + 2, window.StrideWidth).With(SliceRule.Step + 3, 1);
                taps.Add(tap);
            }
        }

        if (taps.Count == 1)
        {
            return taps[0];
        }

        var rows = new Value(source.Name + ".rows", input.Type, [.. output.Shape[..3], channels * taps.Count]) { Quantization = input.Quantization };
        source.Add(Opcode.Concat, [.. taps], rows).With(ConcatRule.Axis, 3);
        return rows;
    }

    private static Value Padded(TfliteNodeContext source, Value input, Value weights, Window window, bool same, Value output)
    {
        (int top, int bottom) = Window.Padding(input.Shape[1], output.Shape[1], weights.Shape[1], window.StrideHeight, window.DilationHeight, same);
        (int left, int right) = Window.Padding(input.Shape[2], output.Shape[2], weights.Shape[2], window.StrideWidth, window.DilationWidth, same);
        if (top + bottom + left + right == 0)
        {
            return input;
        }

        int[] shape = [input.Shape[0], input.Shape[1] + top + bottom, input.Shape[2] + left + right, input.Shape[3]];
        var padded = new Value(source.Name + ".padded", input.Type, shape) { Quantization = input.Quantization };
        source.Add(Opcode.Pad, [input], padded)
            .With(PadRule.Mode, (int)PadMode.Constant)
            .With(PadRule.Before + 1, top)
            .With(PadRule.Before + 2, left)
            .With(PadRule.Value, 0);
        return padded;
    }
}
