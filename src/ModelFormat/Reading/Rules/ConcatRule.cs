namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Concat: tensors of one type and rank, one after the other along an axis. Quantized ones have the scale of the output.</summary>
    internal static class ConcatRule
    {
        /// <summary>Position of the axis.</summary>
        public const int Axis = 0;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.Rank >= 1 && output.Type == check.Type, "has an output of a different type, or a scalar output");
            int axis = check.IntWithin(Axis, 0, output.Rank - 1);
            long total = 0;
            for (int i = 0; i < check.Operator.Inputs.Length; i++)
            {
                TensorInfo input = check.Input(i);
                check.Require(input.Type == output.Type && input.Rank == output.Rank, "mixes types or numbers of dimensions");
                for (int k = 0; k < output.Rank; k++)
                {
                    check.Require(k == axis || input.Dimension(k) == output.Dimension(k), "has shapes that do not match");
                }

                total += input.Dimension(axis);
            }

            check.Require(total == output.Dimension(axis), "has an output whose size is not the sum of its inputs");
        }
    }
}
