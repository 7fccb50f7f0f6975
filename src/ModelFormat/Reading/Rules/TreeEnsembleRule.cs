namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// TreeEnsemble: x [..., features] float32, output [..., targets]. Constants: nodes int32 [n, 4], thresholds float32 [n],
    /// roots int32 [trees], leaf targets int32 [m] and leaf weights float32 [m]. A node holds its feature, its comparison
    /// (x ≤ &lt; ≥ &gt; = ≠ threshold as 0 to 5; 8 is added where a missing value, NaN, counts as true), and the nodes to go to
    /// when true and when false, both after it, so that every walk ends. A leaf has feature −1, and in the place of the two
    /// nodes its first weight and its number of weights.
    /// </summary>
    internal static class TreeEnsembleRule
    {
        /// <summary>Position of 0 for the sum over trees, 1 for the mean, 2 for the smallest, 3 for the largest.</summary>
        public const int Aggregate = 0;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.IntWithin(Aggregate, 0, 3);
            TensorInfo x = check.Input(0);
            TensorInfo nodes = check.Constant(1, TensorType.Int32);
            check.Require(nodes.Rank == 2 && nodes.Dimension(1) == 4, "needs nodes of four numbers");
            int count = nodes.Dimension(0);
            check.Constant(2, TensorType.Float32, count);
            check.ConstantWithin(3, 0, count - 1);
            TensorInfo targets = check.Constant(4, TensorType.Int32);
            check.Constant(5, TensorType.Float32, targets.Elements);
            TensorInfo output = check.Operator.Outputs[0];
            check.ConstantWithin(4, 0, output.LastDimension - 1);
            check.Output(0, TensorType.Float32, (long)(x.Elements / x.LastDimension) * output.LastDimension);
            for (int i = 0; i < count; i++)
            {
                int feature = check.ConstantInt(1, i * 4);
                int mode = check.ConstantInt(1, (i * 4) + 1);
                int first = check.ConstantInt(1, (i * 4) + 2);
                int second = check.ConstantInt(1, (i * 4) + 3);
                if (feature < 0)
                {
                    check.Require(first >= 0 && second >= 0 && first <= targets.Elements - second, "has a leaf outside its weights");
                    continue;
                }

                check.Require(feature < x.LastDimension && (mode & ~8) >= 0 && (mode & ~8) <= 5, "has a node with an unknown feature or comparison");
                check.Require(first > i && first < count && second > i && second < count, "has a node whose children do not follow it");
            }
        }
    }
}
