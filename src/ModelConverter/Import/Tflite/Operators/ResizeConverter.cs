using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// RESIZE_NEAREST_NEIGHBOR: the pixels that it repeats or drops, gathered along both axes. RESIZE_BILINEAR, float32: the two
/// neighbours of each place, weighted, along one axis and then the other.
/// </summary>
internal static class ResizeConverter
{
    internal static void Nearest(TfliteNodeContext source)
    {
        Value output = source.Output();
        Value input = Image(source, output);
        MovementConverter.SameScale(input, output);
        bool align = source.Bool(0);
        bool centers = source.Bool(1);
        Value rows = Part(input, output, 1, ".rows");
        GatherConverter.Add(source, input, 1, Nearest(input.Shape[1], output.Shape[1], align, centers), [output.Shape[1]], rows);
        GatherConverter.Add(source, rows, 2, Nearest(input.Shape[2], output.Shape[2], align, centers), [output.Shape[2]], output);
    }

    internal static void Bilinear(TfliteNodeContext source)
    {
        Value output = source.OutputLike(0);
        Value input = Image(source, output);
        if (input.Type != TensorType.Float32)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type}; float32 is supported");
        }

        // Two fields that the schema gave up come first.
        bool align = source.Bool(2);
        bool centers = source.Bool(3);
        var builder = new GraphBuilder(source.Owner.Graph) { Name = source.Name };
        Value rows = builder.Interpolate(input, 1, Places(input.Shape[1], output.Shape[1], align, centers));
        source.Fold(builder.Interpolate(rows, 2, Places(input.Shape[2], output.Shape[2], align, centers)));
    }

    private static Value Image(TfliteNodeContext source, Value output)
    {
        Value input = source.Input(0);
        return input.Shape.Length == 4 && output.Shape.Length == 4 && input.Type == output.Type && input.Shape[0] == output.Shape[0] && input.Shape[3] == output.Shape[3]
            ? input
            : throw TfliteNodeContext.Unsupported($"makes {output} of {input}; an image has four dimensions, of which it changes the second and third");
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

    private static float[] Places(int size, int places, bool align, bool centers)
    {
        float scale = Scale(size, places, align);
        return [.. Enumerable.Range(0, places).Select(i => centers ? ((i + 0.5f) * scale) - 0.5f : i * scale)];
    }

    private static float Scale(int size, int places, bool align) => align && places > 1 ? (size - 1) / (float)(places - 1) : size / (float)places;
}
