namespace EdgeInference.Runtime.Kernels;

/// <summary>Axes over which every operand goes on as it would along one: they are one, so that rows are long and loops few.</summary>
internal static unsafe class MergedAxes
{
    /// <summary>Merges in place. What is left lies at the end; before it sizes are 1 and strides 0.</summary>
    /// <param name="shape">A size for each axis.</param>
    /// <param name="strides">For each operand a stride for each axis.</param>
    /// <param name="operands">Operands.</param>
    /// <param name="axes">Axes.</param>
    internal static void Merge(int* shape, int* strides, int operands, int axes)
    {
        int to = axes;
        for (int from = axes - 1; from >= 0; from--)
        {
            int size = shape[from];
            if (size == 1)
            {
                continue;
            }

            if (to < axes && IsOne(shape, strides, operands, axes, from, to))
            {
                shape[to] *= size;
                continue;
            }

            to--;
            shape[to] = size;
            for (int i = 0; i < operands; i++)
            {
                strides[(i * axes) + to] = strides[(i * axes) + from];
            }
        }

        for (int axis = 0; axis < to; axis++)
        {
            shape[axis] = 1;
            for (int i = 0; i < operands; i++)
            {
                strides[(i * axes) + axis] = 0;
            }
        }
    }

    private static bool IsOne(int* shape, int* strides, int operands, int axes, int outer, int inner)
    {
        for (int i = 0; i < operands; i++)
        {
            if (strides[(i * axes) + outer] != (long)strides[(i * axes) + inner] * shape[inner])
            {
                return false;
            }
        }

        return true;
    }
}
