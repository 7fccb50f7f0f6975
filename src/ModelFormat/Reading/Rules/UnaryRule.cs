namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Unary: x float32, output of the same shape.</summary>
    internal static class UnaryRule
    {
        /// <summary>Position of the <see cref="UnaryKind"/>.</summary>
        public const int Kind = 0;

        /// <summary>Position of α.</summary>
        public const int Alpha = 1;

        /// <summary>Position of β.</summary>
        public const int Beta = 2;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.OutputLikeInput(TensorType.Float32);
            check.IntWithin(Kind, 0, UnaryKinds.Count - 1);
        }
    }
}
