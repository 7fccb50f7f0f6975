namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Gather: x of any type, and indices along an axis of it, which the output has the indices' shape in the place of.
    /// Indices are int32 constants from 0 on, or a float32 tensor whose numbers the kernel brings into range.
    /// </summary>
    internal static class GatherRule
    {
        /// <summary>Position of the axis.</summary>
        public const int Axis = 0;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo x = check.Input(0);
            TensorInfo indices = check.Input(1);
            check.Require(x.Rank >= 1, "needs an input of one dimension or more");
            int axis = check.IntWithin(Axis, 0, x.Rank - 1);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.Type == check.Type && output.Rank == x.Rank - 1 + indices.Rank, "has an output of a different type or number of dimensions");
            for (int i = 0; i < output.Rank; i++)
            {
                int size = i < axis ? x.Dimension(i) : i < axis + indices.Rank ? indices.Dimension(i - axis) : x.Dimension(i - indices.Rank + 1);
                check.Require(output.Dimension(i) == size, "has an output whose shape does not match its indices");
            }

            if (indices.Type == TensorType.Float32)
            {
                return;
            }

            check.Constant(1, TensorType.Int32);
            check.ConstantWithin(1, 0, x.Dimension(axis) - 1);
        }
    }
}
