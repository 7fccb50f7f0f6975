using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>MatMul in float32; an element's products are added in their order.</summary>
    internal sealed class MatMulFloat32 : NanoKernel
    {
        private const int Group = 4;

        private readonly float[] a;
        private readonly float[] b;
        private readonly float[] output;
        private readonly int depth;
        private readonly int columns;
        private readonly StridedWalk walk;

        internal MatMulFloat32(BindContext context)
        {
            TensorInfo left = context.Input(0);
            TensorInfo right = context.Input(1);
            TensorInfo y = context.Output();
            a = context.InputFloats(0);
            b = context.InputFloats(1);
            output = context.OutputFloats(0);
            depth = left.Dimension(-1);
            columns = right.Dimension(-1);
            int[] stepsA = StridedWalk.Broadcast(left, y);
            int[] stepsB = StridedWalk.Broadcast(right, y);

            // What the two last axes of the output are to each matrix: a's rows and b's columns.
            stepsA[y.Rank - 1] = 0;
            stepsA[y.Rank - 2] = depth;
            stepsB[y.Rank - 1] = 1;
            stepsB[y.Rank - 2] = 0;
            walk = new StridedWalk(y, new int[][] { stepsA, stepsB });
        }

        internal override void Run()
        {
            int index = 0;
            int length = walk.RowLength;
            bool isRow = walk.RowSteps[0] == 0 && walk.RowSteps[1] == 1;
            do
            {
                if (isRow)
                {
                    Row(walk.Offsets[0], walk.Offsets[1], index);
                }
                else
                {
                    Dots(walk.Offsets[0], walk.Offsets[1], index);
                }

                index += length;
            }
            while (walk.Next());
        }

        // A row of the output: the sum of b's rows, each times an element of a.
        private void Row(int fromA, int fromB, int index)
        {
            float[] x = a;
            float[] w = b;
            float[] y = output;
            int step = columns;
            int length = walk.RowLength;
            int end = index + length;
            Array.Clear(y, index, length);
            int k = 0;
            for (; k + Group <= depth; k += Group)
            {
                float x0 = x[fromA];
                float x1 = x[fromA + 1];
                float x2 = x[fromA + 2];
                float x3 = x[fromA + 3];
                fromA += Group;
                int k1 = step;
                int k2 = 2 * step;
                int k3 = 3 * step;
                int j = fromB;
                for (int i = index; i < end; i++)
                {
                    y[i] = y[i] + (x0 * w[j]) + (x1 * w[j + k1]) + (x2 * w[j + k2]) + (x3 * w[j + k3]);
                    j++;
                }

                fromB += Group * step;
            }

            for (; k < depth; k++)
            {
                float x0 = x[fromA];
                fromA++;
                int j = fromB;
                for (int i = index; i < end; i++)
                {
                    y[i] += x0 * w[j];
                    j++;
                }

                fromB += step;
            }
        }

        // Elements one by one, where b has one column.
        private void Dots(int fromA, int fromB, int index)
        {
            float[] x = a;
            float[] w = b;
            int step = columns;
            int stepA = walk.RowSteps[0];
            int stepB = walk.RowSteps[1];
            int d = depth;
            for (int i = 0; i < walk.RowLength; i++)
            {
                float sum = 0f;
                int j = fromB;
                for (int k = 0; k < d; k++)
                {
                    sum += x[fromA + k] * w[j];
                    j += step;
                }

                output[index + i] = sum;
                fromA += stepA;
                fromB += stepB;
            }
        }
    }
}
