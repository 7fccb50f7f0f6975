namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Transpose: x of any type, output of the same type; axis i of the output is axis perm[i] of x. Entries beyond the rank are not used.</summary>
    internal static class TransposeRule
    {
        /// <summary>Position of the first of six entries of the permutation.</summary>
        public const int Permutation = 0;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo x = check.Input(0);
            TensorInfo output = check.Output(0, check.Type, x.Elements);
            check.Require(output.Rank == x.Rank, "changes the number of dimensions");
            int seen = 0;
            for (int i = 0; i < x.Rank; i++)
            {
                int axis = check.IntWithin(Permutation + i, 0, x.Rank - 1);
                check.Require((seen & (1 << axis)) == 0, "names an axis twice");
                seen |= 1 << axis;
                check.Require(output.Dimension(i) == x.Dimension(axis), "has an output whose shape does not match its permutation");
            }
        }
    }
}
