using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>GATHER with constant indices.</summary>
internal static class GatherConverter
{
    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        int axis = MovementConverter.Axis(source.Int(0), input.Shape.Length);
        int size = input.Shape[axis];
        int[] indices = source.Integers(1);
        if (source.Int(1) != 0)
        {
            throw TfliteNodeContext.Unsupported("has batch_dims, which is not supported");
        }

        if (Array.Exists(indices, index => index < 0 || index >= size))
        {
            throw TfliteNodeContext.Unsupported($"has index {indices.First(index => index < 0 || index >= size)} of {size}");
        }

        if (input.Data is int[] constant && input.Shape.Length == 1)
        {
            MovementConverter.Fold(source, Array.ConvertAll(indices, index => constant[index]));
            return;
        }

        Value output = source.Output();
        MovementConverter.SameScale(input, output);
        Add(source, input, axis, indices, source.InputTensor(1).Shape, output);
    }

    /// <summary>Adds the node for indices of a shape along an axis.</summary>
    internal static void Add(TfliteNodeContext source, Value input, int axis, int[] indices, int[] shape, Value output) =>
        source.Add(Opcode.Gather, [input, Value.Constant(output.Name + ".indices", indices, shape)], output).With(GatherRule.Axis, axis);
}
