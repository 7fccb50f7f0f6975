namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// TreeEnsemble: x [..., features] float32, output [..., targets]. A tree is a run of splits; the trees follow each other. Constants:
    /// trees [t], the number of splits of each tree, or [t, 2], with the number of its leaves; features [n]; children [n, 2], where to
    /// go when a comparison holds and when it does not; thresholds [n], float32, or int16 with an exponent for each feature, int8
    /// [features]: threshold = q · 2^exponent; weights float32 [leaves, width]. Numbers of splits and leaves, features and targets are int8, int16 or int32, of which the first two hold unsigned numbers; children are signed.
    /// A child of 0 or more skips so many splits of the same tree, so that every walk ends; −1 − i is leaf i: of all leaves, or of those of its
    /// tree where their number is given. A tree of one leaf is a split with that leaf on both sides.
    /// </summary>
    internal static class TreeEnsembleRule
    {
        /// <summary>Position of 0 for the sum over trees, 1 for the mean, 2 for the smallest, 3 for the largest.</summary>
        public const int Aggregate = 0;

        /// <summary>
        /// Position of the comparison of all splits: x ≤ &lt; ≥ &gt; = ≠ threshold as 0 to 5; 8 is added where a missing value, NaN, counts as
        /// true. 0 where <see cref="Comparisons"/> has one for each.
        /// </summary>
        public const int Comparison = 1;

        /// <summary>Position of what a leaf's weights are for: a <see cref="TreeTargets"/>.</summary>
        public const int Targets = 2;

        /// <summary>Position among the inputs of the number of splits, and perhaps leaves, of each tree.</summary>
        public const int Trees = 1;

        /// <summary>Position among the inputs of the feature that each split compares.</summary>
        public const int Features = 2;

        /// <summary>Position among the inputs of the children.</summary>
        public const int Children = 3;

        /// <summary>Position among the inputs of the thresholds.</summary>
        public const int Thresholds = 4;

        /// <summary>Position among the inputs of the weights of the leaves.</summary>
        public const int Weights = 5;

        /// <summary>Position among the inputs of the targets, absent for <see cref="TreeTargets.All"/>.</summary>
        public const int TargetInput = 6;

        /// <summary>Position among the inputs of the comparison of each split, int8 [n], absent where all are the same.</summary>
        public const int Comparisons = 7;

        /// <summary>Position among the inputs of the exponent of each feature, absent where thresholds are float32.</summary>
        public const int Exponents = 8;

        /// <summary>What is added to a comparison for which a missing value counts as true.</summary>
        public const int MissingIsTrue = 8;

        private const int LastComparison = 5;

        // Between these every int16 threshold is exact in float32: zero or normal, and finite.
        private const int LowestExponent = -126;
        private const int HighestExponent = 112;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.IntWithin(Aggregate, 0, 3);
            TensorInfo x = check.Input(0);
            TensorInfo features = check.ConstantIntegers(Features);
            int splits = features.Elements;
            TensorInfo children = check.ConstantIntegers(Children);
            check.Require(children.Elements == 2L * splits, "needs two children for each split");
            CheckThresholds(check, splits, x.LastDimension);
            TensorInfo weights = check.Constant(Weights, TensorType.Float32);
            check.Require(weights.Rank == 2, "needs weights of two dimensions");
            TensorInfo trees = check.ConstantIntegers(Trees);
            check.Require(trees.Rank == 1 || (trees.Rank == 2 && trees.Dimension(1) == 2), "needs one or two numbers for each tree");
            int outputs = check.Operator.Outputs[0].LastDimension;
            check.Output(0, TensorType.Float32, (long)(x.Elements / x.LastDimension) * outputs);
            CheckTargets(check, weights, trees.Dimension(0), outputs);
            CheckComparisons(check, splits);
            for (int i = 0; i < splits; i++)
            {
                int feature = check.ConstantUnsigned(features, i);
                check.Require(feature >= 0 && feature < x.LastDimension, "has a split on an unknown feature");
            }

            CheckTrees(check, trees, children, splits, weights.Dimension(0));
        }

        private static void CheckThresholds(OperatorCheck check, int splits, int features)
        {
            if (check.Input(Thresholds).Type != TensorType.Int16)
            {
                check.Constant(Thresholds, TensorType.Float32, splits);
                check.Require(!check.Operator.HasInput(Exponents), "has exponents that nothing reads");
                return;
            }

            check.Constant(Thresholds, TensorType.Int16, splits);
            TensorInfo exponents = check.Constant(Exponents, TensorType.Int8, features);
            for (int i = 0; i < features; i++)
            {
                int exponent = check.ConstantByte(exponents, i);
                check.Require(exponent >= LowestExponent && exponent <= HighestExponent, "has an exponent that is not supported; expected -126 to 112");
            }
        }

        private static void CheckTargets(OperatorCheck check, TensorInfo weights, int trees, int outputs)
        {
            int kind = check.IntWithin(Targets, 0, (int)TreeTargets.OfTree);
            if (kind == (int)TreeTargets.All)
            {
                check.Require(weights.Dimension(1) == outputs, "needs a weight for each target");
                check.Require(!check.Operator.HasInput(TargetInput), "has targets that nothing reads");
                return;
            }

            TensorInfo targets = check.ConstantIntegers(TargetInput);
            if (kind == (int)TreeTargets.OfWeight)
            {
                check.Require(targets.Elements == weights.Elements, "needs a target for each weight");
            }
            else
            {
                check.Require(targets.Elements == trees, "needs a target for each tree");
                check.Require(weights.Dimension(1) == 1, "needs one weight for each leaf");
            }

            for (int i = 0; i < targets.Elements; i++)
            {
                int target = check.ConstantUnsigned(targets, i);
                check.Require(target >= 0 && target < outputs, "has an unknown target");
            }
        }

        private static void CheckComparisons(OperatorCheck check, int splits)
        {
            if (!check.Operator.HasInput(Comparisons))
            {
                check.Require(IsComparison(check.Operator.Int(Comparison)), "has an unknown comparison");
                return;
            }

            check.IntWithin(Comparison, 0, 0);
            TensorInfo comparisons = check.Constant(Comparisons, TensorType.Int8, splits);
            for (int i = 0; i < splits; i++)
            {
                check.Require(IsComparison(check.ConstantByte(comparisons, i)), "has an unknown comparison");
            }
        }

        private static bool IsComparison(int value)
        {
            return (value & ~MissingIsTrue) >= 0 && (value & ~MissingIsTrue) <= LastComparison;
        }

        private static void CheckTrees(OperatorCheck check, TensorInfo trees, TensorInfo children, int splits, int leaves)
        {
            bool own = trees.Rank == 2;
            int first = 0;
            int leaf = 0;
            for (int i = 0; i < trees.Dimension(0); i++)
            {
                int count = check.ConstantUnsigned(trees, own ? 2 * i : i);
                check.Require(count > 0 && count <= splits - first, "has a tree without a split or past the last");
                int end = leaves;
                if (own)
                {
                    end = check.ConstantUnsigned(trees, (2 * i) + 1);
                    check.Require(end > 0 && end <= leaves - leaf, "has a tree without a leaf or past the last");
                    leaf += end;
                }

                for (int left = count - 1; left >= 0; left--)
                {
                    int whenTrue = check.ConstantSigned(children, 2 * first);
                    int whenFalse = check.ConstantSigned(children, (2 * first) + 1);
                    check.Require(whenTrue < left && whenFalse < left, "has a split that leads past the last of its tree");
                    check.Require(-1 - whenTrue < end && -1 - whenFalse < end, "has a split that leads past the last leaf");
                    first++;
                }
            }

            check.Require(first == splits && (!own || leaf == leaves), "has splits or leaves of no tree");
        }
    }
}
