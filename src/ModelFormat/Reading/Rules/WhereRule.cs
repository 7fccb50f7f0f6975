namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Where: condition, a and b float32; the output, of a shape that all three broadcast to, is a where the condition is not 0, else b.</summary>
    internal static class WhereRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.Type == TensorType.Float32, "writes float32");
            for (int i = 0; i < 3; i++)
            {
                TensorInfo input = check.Input(i);
                check.Require(input.Type == TensorType.Float32 && input.Rank <= output.Rank, "takes float32 of no more dimensions than its output");
                for (int axis = 1; axis <= input.Rank; axis++)
                {
                    int size = input.Dimension(-axis);
                    check.Require(size == 1 || size == output.Dimension(-axis), "has shapes that do not broadcast");
                }
            }
        }
    }
}
