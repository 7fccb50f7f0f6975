namespace EdgeInference.ModelConverter.Operators;

/// <summary>Where a tensor holds its frames.</summary>
/// <param name="Axis">The axis that they follow each other on.</param>
/// <param name="Width">Elements of that axis in one frame: above 1 where a flat row holds the frames one after the other.</param>
internal readonly record struct TimeAxis(int Axis, int Width)
{
    /// <summary>Where the same elements hold their frames in another shape, or null if a frame does not stay in one piece.</summary>
    internal TimeAxis? Reshaped(int[] from, int[] to, int steps)
    {
        long before = Product(from.AsSpan(0, Axis));
        long outer = 1;
        for (int axis = 0; axis < to.Length && outer <= before; axis++)
        {
            if (outer == before && to[axis] % steps == 0 && (to[axis] > 1 || steps == 1))
            {
                return new TimeAxis(axis, to[axis] / steps);
            }

            outer *= to[axis];
        }

        return null;
    }

    /// <summary>A shape with another number of frames.</summary>
    internal int[] Resize(int[] shape, int steps)
    {
        int[] result = [.. shape];
        result[Axis] = steps * Width;
        return result;
    }

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (int size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
