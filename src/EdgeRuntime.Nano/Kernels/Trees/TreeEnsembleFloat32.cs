using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Decision trees: walks each from its first split to a leaf, and adds the leaf's weights up, with their rounding errors, so that the
    /// sum is as in double precision, rounded once.
    /// </summary>
    internal sealed class TreeEnsembleFloat32 : NanoKernel
    {
        private const int Mean = 1;
        private const int Smallest = 2;

        private readonly TreeWalk walk;

        // Splits of each tree and, where they are its own, leaves.
        private readonly int[] trees;
        private readonly int stride;
        private readonly int[] treeTargets;
        private readonly int[] weightTargets;
        private readonly float[] weights;
        private readonly float[] output;
        private readonly float[] sums;
        private readonly float[] errors;
        private readonly int features;
        private readonly int elements;
        private readonly int width;
        private readonly int aggregate;

        internal TreeEnsembleFloat32(BindContext context)
        {
            walk = new TreeWalk(context);
            trees = context.Unsigned(TreeEnsembleRule.Trees);
            stride = trees.Length / context.Input(TreeEnsembleRule.Trees).Dimension(0);
            int targets = context.Operator.Int(TreeEnsembleRule.Targets);
            treeTargets = targets == (int)TreeTargets.OfTree ? context.Unsigned(TreeEnsembleRule.TargetInput) : null;
            weightTargets = targets == (int)TreeTargets.OfWeight ? context.Unsigned(TreeEnsembleRule.TargetInput) : null;
            weights = context.InputFloats(TreeEnsembleRule.Weights);
            width = context.Input(TreeEnsembleRule.Weights).Dimension(1);
            output = context.OutputFloats(0);
            sums = new float[context.Output().LastDimension];
            errors = new float[sums.Length];
            features = context.Input(0).LastDimension;
            elements = context.Input(0).Elements;
            aggregate = context.Operator.Int(TreeEnsembleRule.Aggregate);
        }

        internal override void Run()
        {
            float initial = aggregate < Smallest ? 0f : aggregate == Smallest ? float.PositiveInfinity : float.NegativeInfinity;
            int index = 0;
            for (int row = 0; row < elements; row += features)
            {
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] = initial;
                    errors[i] = 0f;
                }

                AddTrees(row);
                for (int i = 0; i < sums.Length; i++)
                {
                    output[index] = Result(sums[i], errors[i]);
                    index++;
                }
            }
        }

        private void AddTrees(int row)
        {
            int split = 0;
            int firstLeaf = 0;
            int tree = 0;
            for (int at = 0; at < trees.Length; at += stride)
            {
                AddLeaf((firstLeaf + walk.Leaf(row, split)) * width, treeTargets == null ? 0 : treeTargets[tree]);
                split += trees[at];
                firstLeaf += stride == 1 ? 0 : trees[at + 1];
                tree++;
            }
        }

        private float Result(float sum, float error)
        {
            if (aggregate >= Smallest)
            {
                // A target that no leaf names has no smallest or largest.
                return FloatPowers.Largest < sum || sum < -FloatPowers.Largest ? 0f : sum;
            }

            float total = error - error == 0f ? sum + error : sum;
            return aggregate == Mean ? total / (trees.Length / stride) : total;
        }

        private void AddLeaf(int first, int target)
        {
            for (int i = first; i < first + width; i++)
            {
                float weight = weights[i];
                if (weightTargets != null)
                {
                    target = weightTargets[i];
                }

                float sum = sums[target];
                if (aggregate >= Smallest)
                {
                    bool isBetter = aggregate == Smallest ? weight < sum : sum < weight;
                    sums[target] = isBetter || weight != weight ? weight : sum;
                }
                else
                {
                    // What the sum lost is added to the errors.
                    float after = sum + weight;
                    float added = after - sum;
                    errors[target] += (sum - (after - added)) + (weight - added);
                    sums[target] = after;
                }

                target++;
            }
        }
    }
}
