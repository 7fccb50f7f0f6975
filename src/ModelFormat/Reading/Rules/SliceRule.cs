namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Slice: x of any type, output of the same type and rank: element i of an axis is element start + i·step of x. Steps may be negative.</summary>
    internal static class SliceRule
    {
        /// <summary>Position of the first of six starts.</summary>
        public const int Start = 0;

        /// <summary>Position of the first of six steps.</summary>
        public const int Step = 6;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo x = check.Input(0);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.Type == check.Type && output.Rank == x.Rank, "changes the type or the number of dimensions");
            for (int axis = 0; axis < x.Rank; axis++)
            {
                int size = x.Dimension(axis);
                int start = check.IntWithin(Start + axis, 0, size - 1);
                int step = check.IntWithin(Step + axis, -size, size);
                long last = start + ((output.Dimension(axis) - 1L) * step);
                check.Require(last >= 0 && last < size, "reads outside its input");
            }
        }
    }
}
