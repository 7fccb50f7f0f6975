using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Add, Sub, Mul and Div of two float32 tensors with broadcasting.</summary>
    internal sealed class BinaryFloat32 : BroadcastFloat32
    {
        private readonly Opcode opcode;

        internal BinaryFloat32(BindContext context)
            : base(context)
        {
            opcode = context.Operator.Opcode;
        }

        protected override void RunRow(float[] left, float[] right, float[] y, int offsetA, int offsetB, int stepA, int stepB, int index, int end)
        {
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
