using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Add, Sub, Mul and Div of two float32 tensors with broadcasting.</summary>
    internal sealed class BinaryFloat32 : NanoKernel
    {
        private readonly float[] a;
        private readonly float[] b;
        private readonly float[] output;
        private readonly Opcode opcode;
        private readonly StridedWalk walk;

        internal BinaryFloat32(BindContext context)
        {
            a = context.InputFloats(0);
            b = context.InputFloats(1);
            output = context.OutputFloats(0);
            opcode = context.Operator.Info.Opcode;
            walk = new StridedWalk(context.Output(), new int[][] { StridedWalk.Broadcast(context.Input(0), context.Output()), StridedWalk.Broadcast(context.Input(1), context.Output()) });
        }

        internal override void Run()
        {
            int index = 0;
            do
            {
                RunRow(walk.Offsets[0], walk.Offsets[1], index);
                index += walk.RowLength;
            }
            while (walk.Next());
        }

        private void RunRow(int offsetA, int offsetB, int index)
        {
            float[] left = a;
            float[] right = b;
            float[] y = output;
            int stepA = walk.RowSteps[0];
            int stepB = walk.RowSteps[1];
            int end = index + walk.RowLength;
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
        }
    }
}
