namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Pad: x of any type, output of the same type and rank; what is not before x on an axis is after it.</summary>
    internal static class PadRule
    {
        /// <summary>Position of the first of six numbers of elements before x.</summary>
        public const int Before = 0;

        /// <summary>Position of the <see cref="PadMode"/>.</summary>
        public const int Mode = 6;

        /// <summary>Position of the value: float32 bits for a float32 tensor, an integer for another.</summary>
        public const int Value = 7;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo x = check.Input(0);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.Type == check.Type && output.Rank == x.Rank, "changes the type or the number of dimensions");
            int mode = check.IntWithin(Mode, 0, (int)PadMode.Wrap);
            if (mode == (int)PadMode.Constant && (check.Type == TensorType.Int8 || check.Type == TensorType.Int16))
            {
                check.IntWithin(Value, check.Type == TensorType.Int8 ? sbyte.MinValue : short.MinValue, check.Type == TensorType.Int8 ? sbyte.MaxValue : short.MaxValue);
            }

            for (int axis = 0; axis < x.Rank; axis++)
            {
                int size = x.Dimension(axis);
                int before = check.IntWithin(Before + axis, 0, output.Dimension(axis));
                long after = (long)output.Dimension(axis) - before - size;
                check.Require(after >= 0, "has an output smaller than its input");
                check.Require(mode != (int)PadMode.Reflect || (before < size && after < size), "reflects more elements than there are");
            }
        }
    }
}
