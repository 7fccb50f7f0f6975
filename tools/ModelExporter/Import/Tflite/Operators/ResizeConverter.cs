using ModelExporter.Graphs;
using ModelFormat;

namespace ModelExporter.Import.Tflite.Operators;

/// <summary>
/// RESIZE_NEAREST_NEIGHBOR: the pixels that it repeats or drops, gathered along both axes. RESIZE_BILINEAR, float32: the two
/// neighbours of each place, weighted, along one axis and then the other.
/// </summary>
internal static class ResizeConverter
{
    internal static void Nearest(OperatorConversion source)
    {
        (Value input, Value output) = Images(source);
        MovementConverter.SameScale(input, output);
        bool align = source.Bool(0);
        bool centers = source.Bool(1);
        Value rows = Part(input, output, 1, ".rows");
        GatherConverter.Add(source, input, 1, Nearest(input.Shape[1], output.Shape[1], align, centers), [output.Shape[1]], rows);
        GatherConverter.Add(source, rows, 2, Nearest(input.Shape[2], output.Shape[2], align, centers), [output.Shape[2]], output);
    }

    internal static void Bilinear(OperatorConversion source)
    {
        // Two fields that the schema gave up come first.
        (Value input, Value output) = Images(source);
        if (input.Type != TensorType.Float32)
        {
            throw OperatorConversion.Unsupported($"works on {input.Type}; float32 is supported");
        }

        bool align = source.Bool(2);
        bool centers = source.Bool(3);
        Value rows = Part(input, output, 1, ".rows");
        Between(source, input, 1, rows, align, centers);
        Between(source, rows, 2, output, align, centers);
    }

    private static (Value Input, Value Output) Images(OperatorConversion source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        return input.Shape.Length == 4 && output.Shape.Length == 4 && input.Type == output.Type && input.Shape[0] == output.Shape[0] && input.Shape[3] == output.Shape[3]
            ? (input, output)
            : throw OperatorConversion.Unsupported($"makes {output} of {input}; an image has four dimensions, of which it changes the second and third");
    }

    // The image with one axis as the output has it.
    private static Value Part(Value input, Value output, int axis, string suffix)
    {
        int[] shape = [.. input.Shape];
        shape[axis] = output.Shape[axis];
        return new Value(output.Name + suffix, output.Type, shape) { Quantization = output.Quantization };
    }

    // TensorFlow Lite's rule, in single precision as there.
    private static int[] Nearest(int size, int places, bool align, bool centers)
    {
        float scale = Scale(size, places, align);
        float offset = centers ? 0.5f : 0f;
        var indices = new int[places];
        for (int i = 0; i < places; i++)
        {
            float position = (i + offset) * scale;
            indices[i] = Math.Clamp((int)(align ? MathF.Round(position, MidpointRounding.AwayFromZero) : MathF.Floor(position)), 0, size - 1);
        }

        return indices;
    }

    private static void Between(OperatorConversion source, Value input, int axis, Value output, bool align, bool centers)
    {
        int size = input.Shape[axis];
        int places = output.Shape[axis];
        float scale = Scale(size, places, align);
        var lower = new int[places];
        var upper = new int[places];
        var lowerWeights = new float[places];
        var upperWeights = new float[places];
        for (int i = 0; i < places; i++)
        {
            float position = centers ? ((i + 0.5f) * scale) - 0.5f : i * scale;
            lower[i] = Math.Max((int)MathF.Floor(position), 0);
            upper[i] = Math.Min((int)MathF.Ceiling(position), size - 1);
            upperWeights[i] = position - lower[i];
            lowerWeights[i] = 1 - upperWeights[i];
        }

        Value low = Weighted(source, input, axis, lower, lowerWeights, output, ".low");
        Value high = Weighted(source, input, axis, upper, upperWeights, output, ".high");
        source.Add(Opcode.Add, [low, high], output);
    }

    private static Value Weighted(OperatorConversion source, Value input, int axis, int[] indices, float[] weights, Value output, string suffix)
    {
        var taken = new Value(output.Name + suffix, output.Type, output.Shape);
        GatherConverter.Add(source, input, axis, indices, [indices.Length], taken);
        int[] shape = [1, 1, 1, 1];
        shape[axis] = weights.Length;
        var weighted = new Value(taken.Name + ".weighted", output.Type, output.Shape);
        source.Add(Opcode.Mul, [taken, Value.Constant(taken.Name + ".weights", weights, shape)], weighted);
        return weighted;
    }

    private static float Scale(int size, int places, bool align) => align && places > 1 ? (size - 1) / (float)(places - 1) : size / (float)places;
}
