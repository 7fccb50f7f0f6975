namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>ArgReduce: x float32; for each position of the other axes, where along one axis the largest or smallest element is, as float32.</summary>
    internal static class ArgReduceRule
    {
        /// <summary>Position of 0 for the largest, 1 for the smallest.</summary>
        public const int Smallest = 0;

        /// <summary>Position of the axis.</summary>
        public const int Axis = 1;

        /// <summary>Position of 0 for the first of equals, 1 for the last.</summary>
        public const int Last = 2;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            TensorInfo x = check.Input(0);
            check.Require(x.Rank >= 1, "needs an input of one dimension or more");
            int axis = check.IntWithin(Axis, 0, x.Rank - 1);
            check.IntWithin(Smallest, 0, 1);
            check.IntWithin(Last, 0, 1);
            check.Output(0, TensorType.Float32, x.Elements / x.Dimension(axis));
        }
    }
}
