using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>One of a layer's weights: shape and elements, row-major.</summary>
/// <param name="Shape">The sizes of the axes.</param>
/// <param name="Data">The elements; none if they are neither real numbers nor int8.</param>
/// <param name="IsInt8">Whether the file has them as int8, to be divided by a scale.</param>
internal sealed record KerasTensor(int[] Shape, float[] Data, bool IsInt8 = false)
{
    /// <summary>The axes in another order: axis i of the result is axis order[i] of this.</summary>
    internal KerasTensor Permute(params int[] order)
    {
        int[] shape = Array.ConvertAll(order, axis => Shape[axis]);
        var strides = new int[Shape.Length];
        for (int axis = Shape.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Shape[axis];
        }

        var result = new float[Data.Length];
        var position = new int[shape.Length];
        for (int i = 0, source = 0; i < result.Length; i++)
        {
            result[i] = Data[source];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                source += strides[order[axis]];
                if (++position[axis] < shape[axis])
                {
                    break;
                }

                source -= strides[order[axis]] * shape[axis];
                position[axis] = 0;
            }
        }

        return new KerasTensor(shape, result, IsInt8);
    }

    /// <summary>The tensor as a constant of a shape with as many elements.</summary>
    internal Value Constant(string name, params int[] shape) => Value.Constant(name, Data, shape);
}
