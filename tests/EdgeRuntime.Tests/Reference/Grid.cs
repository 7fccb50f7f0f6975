namespace EdgeInference.Runtime.Tests.Reference;

/// <summary>Positions in row-major tensors.</summary>
internal static class Grid
{
    internal static int Count(ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int size in shape)
        {
            count *= size;
        }

        return count;
    }

    internal static int[] Position(int index, int[] shape)
    {
        int[] position = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            position[axis] = index % shape[axis];
            index /= shape[axis];
        }

        return position;
    }

    internal static int Index(int[] position, int[] shape)
    {
        int index = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            index = (index * shape[axis]) + position[axis];
        }

        return index;
    }

    /// <summary>The element of a tensor that shows at a position of a larger shape: axes are aligned at the last, a size of 1 repeats.</summary>
    internal static double Broadcast(Values tensor, int[] position)
    {
        int[] own = new int[tensor.Shape.Length];
        for (int axis = 0; axis < own.Length; axis++)
        {
            own[axis] = tensor.Shape[axis] == 1 ? 0 : position[position.Length - own.Length + axis];
        }

        return tensor.Data[Index(own, tensor.Shape)];
    }
}
