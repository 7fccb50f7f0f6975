using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Bias with the input's zero point folded in: Σ w(x − z) = Σ wx − z Σ w, exact modulo 2³².</summary>
    internal static class FoldedBias
    {
        /// <summary>The int32 bias of each unit of a Dense operator, and zeros up to <paramref name="length"/>.</summary>
        internal static int[] Make(BindContext context, int units, int depth, int length)
        {
            byte[] bytes = context.FileBytes;
            int weights = context.Input(1).Offset;
            int zeroPoint = context.Input(0).ZeroPoint;
            int[] bias = new int[length];
            for (int unit = 0; unit < units; unit++)
            {
                int sum = 0;
                for (int i = 0; i < depth; i++)
                {
                    sum += (sbyte)bytes[weights + (unit * depth) + i];
                }

                bias[unit] = -(zeroPoint * sum);
            }

            if (context.Operator.HasInput(2))
            {
                int[] stored = (int[])context.InputElements(2);
                for (int unit = 0; unit < units; unit++)
                {
                    bias[unit] += stored[unit];
                }
            }

            return bias;
        }
    }
}
