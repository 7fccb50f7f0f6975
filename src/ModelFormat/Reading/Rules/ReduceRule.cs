namespace ModelFormat.Rules
{
    /// <summary>Reduce: x float32; the output has the elements of the axes that are left, with or without ones in the place of the others.</summary>
    public static class ReduceRule
    {
        /// <summary>Position of the <see cref="ReduceKind"/>.</summary>
        public const int Kind = 0;

        /// <summary>Position of a set of axes: bit i for axis i.</summary>
        public const int Axes = 1;

        /// <summary>Names of the parameters.</summary>
        public static readonly string[] Parameters = new string[] { "reduction", "axes" };

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.IntWithin(Kind, 0, (int)ReduceKind.LogSumExp);
            TensorRecord x = check.Input(0);
            int axes = check.IntWithin(Axes, 0, (1 << x.Rank) - 1);
            int left = 1;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                left *= (axes & (1 << axis)) == 0 ? x.Dimension(axis) : 1;
            }

            check.Output(0, TensorType.Float32, left);
        }
    }
}
