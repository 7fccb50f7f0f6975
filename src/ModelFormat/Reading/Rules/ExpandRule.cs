namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Expand: x of any type, output of the same type: x broadcast as in ONNX and numpy.</summary>
    internal static class ExpandRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo x = check.Input(0);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.Type == check.Type && output.Rank >= x.Rank, "changes the type or drops dimensions");
            for (int axis = 1; axis <= x.Rank; axis++)
            {
                int size = x.Dimension(-axis);
                check.Require(size == 1 || size == output.Dimension(-axis), "has shapes that do not broadcast");
            }
        }
    }
}
