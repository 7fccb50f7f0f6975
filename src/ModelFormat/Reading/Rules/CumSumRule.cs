namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>CumSum: x float32; each element of the output is the sum of those before it on one axis and, unless exclusive, its own. Output like x.</summary>
    internal static class CumSumRule
    {
        /// <summary>Position of the axis.</summary>
        public const int Axis = 0;

        /// <summary>Position of 1 where an element's own value is left out.</summary>
        public const int Exclusive = 1;

        /// <summary>Position of 1 where the sums run from the end of the axis.</summary>
        public const int Reverse = 2;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            TensorInfo x = check.Input(0);
            check.Require(x.Rank >= 1, "needs an input of one dimension or more");
            check.IntWithin(Axis, 0, x.Rank - 1);
            check.IntWithin(Exclusive, 0, 1);
            check.IntWithin(Reverse, 0, 1);
            check.OutputLikeInput(TensorType.Float32);
        }
    }
}
