using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>AVERAGE_POOL_2D and MAX_POOL_2D.</summary>
internal static class PoolConverter
{
    internal static void Average(TfliteNodeContext source) => Convert(source, Opcode.AveragePool);

    internal static void Max(TfliteNodeContext source) => Convert(source, Opcode.MaxPool);

    private static void Convert(TfliteNodeContext source, Opcode opcode)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        if (input.Shape.Length != 4 || output.Shape.Length != 4 || input.Type != output.Type)
        {
            throw TfliteNodeContext.Unsupported($"makes {output} of {input}; an image has four dimensions");
        }

        FusedActivation activation = source.Activation(5);
        bool real = output.Type == TensorType.Float32;
        Value before = real ? FusedActivations.Before(activation, output) : output;
        int height = source.Int(4);
        int width = source.Int(3);
        Node node = source.Add(opcode, [input], before);
        new Window(source.Int(2), source.Int(1), 1, 1).SetPool(node, input, output, height, width, source.Byte(0) == 0);
        if (real)
        {
            FusedActivations.Finish(source, activation, before, output);
            return;
        }

        (int min, int max) = FusedActivations.Clamp(activation, output);
        node.With(PoolRule.Min, min).With(PoolRule.Min + 1, max);
    }
}
