using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels;

/// <summary>
/// Goes through the rows (the last axis) of the broadcast of two tensors, in the order of the output, and says where each
/// tensor's row begins. An axis that a tensor repeats along has stride 0.
/// </summary>
internal unsafe struct BroadcastWalk
{
    private const int Axes = FormatLayout.MaxRank;

    internal nint OffsetA;
    internal nint OffsetB;
    internal nint RowLength;
    internal nint RowStrideA;
    internal nint RowStrideB;

    private fixed int shape[Axes];
    private fixed int stridesA[Axes];
    private fixed int stridesB[Axes];
    private fixed int position[Axes];

    internal static BroadcastWalk Of(TensorInfo a, TensorInfo b, TensorInfo output)
    {
        BroadcastWalk walk = default;
        int strideA = 1;
        int strideB = 1;
        for (int axis = 1; axis <= Axes; axis++)
        {
            int slot = Axes - axis;
            walk.shape[slot] = axis <= output.Rank ? output.Dimension(-axis) : 1;
            walk.stridesA[slot] = Stride(a, axis, ref strideA);
            walk.stridesB[slot] = Stride(b, axis, ref strideB);
        }

        walk.RowLength = walk.shape[Axes - 1];
        walk.RowStrideA = walk.stridesA[Axes - 1];
        walk.RowStrideB = walk.stridesB[Axes - 1];
        return walk;
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    internal bool Next()
    {
        for (int axis = Axes - 2; axis >= 0; axis--)
        {
            OffsetA += stridesA[axis];
            OffsetB += stridesB[axis];
            if (++position[axis] < shape[axis])
            {
                return true;
            }

            OffsetA -= (nint)stridesA[axis] * shape[axis];
            OffsetB -= (nint)stridesB[axis] * shape[axis];
            position[axis] = 0;
        }

        return false;
    }

    private static int Stride(TensorInfo tensor, int axis, ref int stride)
    {
        int size = axis <= tensor.Rank ? tensor.Dimension(-axis) : 1;
        int result = size == 1 ? 0 : stride;
        stride *= size;
        return result;
    }
}
