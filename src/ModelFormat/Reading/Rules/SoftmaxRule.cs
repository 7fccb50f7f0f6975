namespace ModelFormat.Rules
{
    /// <summary>Softmax over the last axis. int8: the three integer parameters are TensorFlow Lite's (docs/numerics.md).</summary>
    public static class SoftmaxRule
    {
        /// <summary>Position of β, float32 only.</summary>
        public const int Beta = 0;

        /// <summary>Position of the multiplier of a difference to the maximum, 0 to 2³¹ − 1.</summary>
        public const int Multiplier = 1;

        /// <summary>Position of its left shift, 0 to 31.</summary>
        public const int LeftShift = 2;

        /// <summary>Position of the lowest difference that still counts, −32768 to 0.</summary>
        public const int DifferenceMin = 3;

        /// <summary>Names of the parameters.</summary>
        public static readonly string[] Parameters = new string[] { "beta(f)", "multiplier", "left_shift", "difference_min" };

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Input(0).Rank >= 1, "needs an input of one dimension or more");
            check.Finite(Beta);
            if (check.Type == TensorType.Float32)
            {
                check.OutputLikeInput(TensorType.Float32);
                return;
            }

            check.Require(check.Type == TensorType.Int8, "takes float32 or int8");
            check.Quantized(check.Input(0));
            TensorType type = check.Operator.Outputs[0].Type;
            check.Require(type == TensorType.Int8 || type == TensorType.Int16, "writes int8 or int16");
            check.Quantized(check.OutputLikeInput(type));
            check.IntWithin(Multiplier, 0, int.MaxValue);
            check.IntWithin(LeftShift, 0, 31);
            check.IntWithin(DifferenceMin, -32768, 0);
            check.Require(check.Input(0).LastDimension < 4096, "has more classes than its accumulator can hold, 4095");
        }
    }
}
