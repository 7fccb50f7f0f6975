namespace EdgeInference.Nano.Kernels
{
    /// <summary>Bias with the input's zero point folded in: Σ w(x − z) = Σ wx − z Σ w, exact modulo 2³².</summary>
    internal static class FoldedBias
    {
        /// <summary>The int32 bias of each unit of a Dense operator or a convolution.</summary>
        internal static int[] Make(BindContext context, DenseShape shape)
        {
            WeightChunks weights = new WeightChunks(context, shape);
            int zeroPoint = shape.ZeroPoint;
            int depth = shape.Depth;
            int[] bias = new int[shape.Units];
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

            if (shape.Bias >= 0 && context.Operator.HasInput(shape.Bias))
            {
                for (int unit = 0; unit < shape.Units; unit++)
                {
                    bias[unit] += context.ConstantInt(shape.Bias, shape.First + unit);
                }
            }

            return bias;
        }
    }
}
