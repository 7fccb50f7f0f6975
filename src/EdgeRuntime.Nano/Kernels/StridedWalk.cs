using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Goes through the rows of a shape in order and says where in each of some arrays a row begins. Axes that all arrays go through
    /// in one stride are one, so that rows are as long as can be: to the interpreter a row costs as much as several elements.
    /// </summary>
    internal sealed class StridedWalk
    {
        private readonly int axes;
        private readonly int[] shape = new int[FormatLayout.MaxRank];
        private readonly int[] position = new int[FormatLayout.MaxRank];
        private readonly int[][] strides;

        /// <param name="tensor">Its shape is what is gone through.</param>
        /// <param name="steps">For each array the elements to skip along each axis of the shape.</param>
        internal StridedWalk(TensorInfo tensor, int[][] steps)
        {
            strides = new int[steps.Length][];
            for (int k = 0; k < steps.Length; k++)
            {
                strides[k] = new int[FormatLayout.MaxRank];
            }

            int count = 0;
            for (int axis = 0; axis < tensor.Rank; axis++)
            {
                int size = tensor.Dimension(axis);
                bool merges = count > 0;
                for (int k = 0; k < steps.Length && merges; k++)
                {
                    merges = strides[k][count - 1] == steps[k][axis] * size;
                }

                if (size == 1)
                {
                    continue;
                }

                int slot = merges ? count - 1 : count++;
                shape[slot] = merges ? shape[slot] * size : size;
                for (int k = 0; k < steps.Length; k++)
                {
                    strides[k][slot] = steps[k][axis];
                }
            }

            if (count == 0)
            {
                shape[count++] = 1;
            }

            axes = count - 1;
            RowLength = shape[axes];
            RowSteps = new int[steps.Length];
            Offsets = new int[steps.Length];
            for (int k = 0; k < steps.Length; k++)
            {
                RowSteps[k] = strides[k][axes];
            }
        }

        /// <summary>Elements of a row.</summary>
        internal readonly int RowLength;

        /// <summary>For each array the elements from one of a row to the next.</summary>
        internal readonly int[] RowSteps;

        /// <summary>For each array where the row begins.</summary>
        internal readonly int[] Offsets;

        /// <summary>Goes to the next row; false after the last, when the first one is next again.</summary>
        internal bool Next()
        {
            int[] offsets = Offsets;
            for (int axis = axes - 1; axis >= 0; axis--)
            {
                position[axis]++;
                for (int k = 0; k < offsets.Length; k++)
                {
                    offsets[k] += strides[k][axis];
                }

                if (position[axis] < shape[axis])
                {
                    return true;
                }

                for (int k = 0; k < offsets.Length; k++)
                {
                    offsets[k] -= strides[k][axis] * shape[axis];
                }

                position[axis] = 0;
            }

            return false;
        }

        /// <summary>The steps of a tensor along its own axes.</summary>
        internal static int[] Steps(TensorInfo tensor)
        {
            return Broadcast(tensor, tensor, false);
        }

        /// <summary>The steps of a tensor along the axes of one that it is broadcast to: 0 if it repeats.</summary>
        internal static int[] Broadcast(TensorInfo tensor, TensorInfo to)
        {
            return Broadcast(tensor, to, true);
        }

        private static int[] Broadcast(TensorInfo tensor, TensorInfo to, bool repeats)
        {
            int[] steps = new int[to.Rank];
            int step = 1;
            for (int axis = 1; axis <= tensor.Rank; axis++)
            {
                int size = tensor.Dimension(-axis);
                steps[to.Rank - axis] = repeats && size == 1 ? 0 : step;
                step *= size;
            }

            return steps;
        }
    }
}
