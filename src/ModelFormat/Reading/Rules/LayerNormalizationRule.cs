namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// LayerNormalization: x float32; over the elements of the last axes together, y = (x − mean) / √(variance + ε), or
    /// x / √(mean of x² + ε) where center is 0; then times a scale and plus a bias (optional, float32 constants) for each of
    /// these elements.
    /// </summary>
    internal static class LayerNormalizationRule
    {
        /// <summary>Position of the number of last axes that are normalised together.</summary>
        public const int Axes = 0;

        /// <summary>Position of 1 where the mean is subtracted.</summary>
        public const int Center = 1;

        /// <summary>Position of ε.</summary>
        public const int Epsilon = 2;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.OutputLikeInput(TensorType.Float32);
            TensorInfo x = check.Input(0);
            int axes = check.IntWithin(Axes, 1, x.Rank);
            check.IntWithin(Center, 0, 1);
            check.Finite(Epsilon);
            int depth = 1;
            for (int axis = 1; axis <= axes; axis++)
            {
                depth *= x.Dimension(-axis);
            }

            for (int i = 1; i <= 2; i++)
            {
                if (check.Operator.HasInput(i))
                {
                    check.Constant(i, TensorType.Float32, depth);
                }
            }
        }
    }
}
