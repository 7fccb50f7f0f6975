using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Transpose, Slice and Expand: the output in its own order, read from the input with a step for each axis. float32, int8, int16 or int32.</summary>
    internal sealed class StridedCopy : NanoKernel
    {
        private readonly Array input;
        private readonly Array output;
        private readonly TensorType type;
        private readonly int offset;
        private readonly StridedWalk walk;

        internal StridedCopy(BindContext context)
        {
            TensorInfo x = context.Input(0);
            input = context.InputElements(0);
            output = context.OutputElements();
            type = x.Type;
            int[] own = StridedWalk.Steps(x);
            int[] steps = own;
            switch (context.Operator.Opcode)
            {
                case Opcode.Transpose:
                    steps = new int[x.Rank];
                    for (int axis = 0; axis < x.Rank; axis++)
                    {
                        steps[axis] = own[context.Operator.Int(TransposeRule.Permutation + axis)];
                    }

                    break;
                case Opcode.Slice:
                    for (int axis = 0; axis < x.Rank; axis++)
                    {
                        offset += context.Operator.Int(SliceRule.Start + axis) * own[axis];
                        steps[axis] = own[axis] * context.Operator.Int(SliceRule.Step + axis);
                    }

                    break;
                default:
                    steps = StridedWalk.Broadcast(x, context.Output());
                    break;
            }

            walk = new StridedWalk(context.Output(), new int[][] { steps });
        }

        internal override void Run()
        {
            int index = 0;
            int length = walk.RowLength;
            int step = walk.RowSteps[0];
            do
            {
                int from = offset + walk.Offsets[0];
                if (step == 1)
                {
                    Array.Copy(input, from, output, index, length);
                }
                else
                {
                    CopyRow(from, step, index, length);
                }

                index += length;
            }
            while (walk.Next());
        }

        private void CopyRow(int from, int step, int index, int length)
        {
            switch (type)
            {
                case TensorType.Float32:
                    CopyFloats((float[])input, from, step, (float[])output, index, length);
                    break;
                case TensorType.Int8:
                    CopyInt8s((sbyte[])input, from, step, (sbyte[])output, index, length);
                    break;
                case TensorType.Int16:
                    CopyInt16s((short[])input, from, step, (short[])output, index, length);
                    break;
                default:
                    CopyInt32s((int[])input, from, step, (int[])output, index, length);
                    break;
            }
        }

        private static void CopyFloats(float[] from, int offset, int step, float[] to, int index, int count)
        {
            for (int end = index + count; index < end; index++)
            {
                to[index] = from[offset];
                offset += step;
            }
        }

        private static void CopyInt8s(sbyte[] from, int offset, int step, sbyte[] to, int index, int count)
        {
            for (int end = index + count; index < end; index++)
            {
                to[index] = from[offset];
                offset += step;
            }
        }

        private static void CopyInt16s(short[] from, int offset, int step, short[] to, int index, int count)
        {
            for (int end = index + count; index < end; index++)
            {
                to[index] = from[offset];
                offset += step;
            }
        }

        private static void CopyInt32s(int[] from, int offset, int step, int[] to, int index, int count)
        {
            for (int end = index + count; index < end; index++)
            {
                to[index] = from[offset];
                offset += step;
            }
        }
    }
}
