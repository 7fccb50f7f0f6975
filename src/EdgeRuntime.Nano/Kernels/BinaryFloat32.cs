using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Add, Sub, Mul and Div of two float32 tensors with broadcasting.</summary>
    internal sealed class BinaryFloat32 : NanoKernel
    {
        private readonly float[] a;
        private readonly float[] b;
        private readonly float[] output;
        private readonly int elements;
        private readonly Opcode opcode;
        private readonly int last;
        private readonly int[] shape = new int[FormatLayout.MaxRank];
        private readonly int[] stridesA = new int[FormatLayout.MaxRank];
        private readonly int[] stridesB = new int[FormatLayout.MaxRank];
        private readonly int[] counters = new int[FormatLayout.MaxRank];

        internal BinaryFloat32(BindContext context)
        {
            a = context.InputFloats(0);
            b = context.InputFloats(1);
            output = (float[])context.OutputElements();
            elements = context.Output().Elements;
            opcode = context.Operator.Info.Opcode;
            last = FormatLayout.MaxRank - 1;
            int strideA = 1;
            int strideB = 1;
            for (int axis = 1; axis <= FormatLayout.MaxRank; axis++)
            {
                int slot = FormatLayout.MaxRank - axis;
                shape[slot] = axis <= context.Output().Rank ? context.Output().Dimension(-axis) : 1;
                stridesA[slot] = Stride(context.Input(0), axis, ref strideA);
                stridesB[slot] = Stride(context.Input(1), axis, ref strideB);
            }
        }

        internal override void Run()
        {
            int i = 0;
            int offsetA = 0;
            int offsetB = 0;
            while (i < elements)
            {
                i = RunRow(offsetA, offsetB, i);

                // On to the next row: the counters of the outer axes, with carry.
                int axis = last - 1;
                while (axis >= 0)
                {
                    counters[axis]++;
                    offsetA += stridesA[axis];
                    offsetB += stridesB[axis];
                    if (counters[axis] < shape[axis])
                    {
                        break;
                    }

                    offsetA -= stridesA[axis] * shape[axis];
                    offsetB -= stridesB[axis] * shape[axis];
                    counters[axis] = 0;
                    axis--;
                }
            }
        }

        private int RunRow(int offsetA, int offsetB, int index)
        {
            float[] left = a;
            float[] right = b;
            float[] y = output;
            int stepA = stridesA[last];
            int stepB = stridesB[last];
            int end = index + shape[last];
            switch (opcode)
            {
                case Opcode.Add:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        y[index] = left[offsetA] + right[offsetB];
                    }

                    break;
                case Opcode.Sub:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        y[index] = left[offsetA] - right[offsetB];
                    }

                    break;
                case Opcode.Mul:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        y[index] = left[offsetA] * right[offsetB];
                    }

                    break;
                default:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        y[index] = FloatMath.Divide(left[offsetA], right[offsetB]);
                    }

                    break;
            }

            return index;
        }

        private static int Stride(TensorRecord tensor, int axis, ref int stride)
        {
            int size = axis <= tensor.Rank ? tensor.Dimension(-axis) : 1;
            int result = size == 1 ? 0 : stride;
            stride *= size;
            return result;
        }
    }
}
