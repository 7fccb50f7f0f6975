namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>MatMul: a [..., m, k] and b [..., k, n], float32, output [..., m, n]; the axes before broadcast.</summary>
    internal static class MatMulRule
    {
        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo a = check.Input(0);
            TensorInfo b = check.Input(1);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(a.Type == TensorType.Float32 && b.Type == TensorType.Float32 && output.Type == TensorType.Float32, "takes float32");
            int rank = a.Rank > b.Rank ? a.Rank : b.Rank;
            check.Require(a.Rank >= 2 && b.Rank >= 2 && output.Rank == rank, "needs matrices");
            check.Require(a.Dimension(-1) == b.Dimension(-2), "has matrices whose shapes do not match");
            check.Require(output.Dimension(-2) == a.Dimension(-2) && output.Dimension(-1) == b.Dimension(-1), "has an output of the wrong shape");
            for (int axis = 3; axis <= rank; axis++)
            {
                int left = axis <= a.Rank ? a.Dimension(-axis) : 1;
                int right = axis <= b.Rank ? b.Dimension(-axis) : 1;
                int size = left > right ? left : right;
                check.Require((left == size || left == 1) && (right == size || right == 1) && output.Dimension(-axis) == size, "has shapes that do not broadcast");
            }
        }
    }
}
