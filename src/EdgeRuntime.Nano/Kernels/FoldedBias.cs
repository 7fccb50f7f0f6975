namespace EdgeInference.Nano.Kernels
{
    /// <summary>Bias with the input's zero point folded in: Σ w(x − z) = Σ wx − z Σ w, exact modulo 2³².</summary>
    internal static class FoldedBias
    {
        /// <summary>The int32 bias of each unit of a Dense operator or a convolution, and zeros up to <paramref name="length"/>.</summary>
        internal static int[] Make(BindContext context, DenseShape shape, int length)
        {
            WeightChunks weights = new WeightChunks(context, shape);
            int zeroPoint = context.Input(0).ZeroPoint;
            int depth = shape.Depth;
            int[] bias = new int[length];
            for (int unit = 0; unit < shape.Units;)
            {
                weights.Read(unit);
                byte[] bytes = weights.Bytes;
                int k = weights.Start;
                for (; unit < weights.End; unit++)
                {
                    int sum = 0;
                    for (int end = k + depth; k < end; k++)
                    {
                        sum += (sbyte)bytes[k];
                    }

                    bias[unit] = -(zeroPoint * sum);
                }
            }

            if (context.Operator.HasInput(2))
            {
                for (int unit = 0; unit < shape.Units; unit++)
                {
                    bias[unit] += context.ConstantInt(2, shape.First + unit);
                }
            }

            return bias;
        }
    }
}
