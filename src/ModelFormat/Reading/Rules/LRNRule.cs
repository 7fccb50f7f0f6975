namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// LRN, local response normalisation over the last axis: y = x / (bias + α/size · Σx²)^β, the sum over the channels from
    /// ⌊(size − 1)/2⌋ before to ⌈(size − 1)/2⌉ after.
    /// </summary>
    internal static class LRNRule
    {
        /// <summary>Position of the number of channels in the sum.</summary>
        public const int Size = 0;

        /// <summary>Position of α.</summary>
        public const int Alpha = 1;

        /// <summary>Position of β.</summary>
        public const int Beta = 2;

        /// <summary>Position of the bias.</summary>
        public const int Bias = 3;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.OutputLikeInput(TensorType.Float32);
            check.IntWithin(Size, 1, 1 << 24);
            for (int i = Alpha; i <= Bias; i++)
            {
                check.Finite(i);
            }
        }
    }
}
