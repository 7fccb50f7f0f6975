using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Decision trees: walks each from its root to a leaf, and adds the leaf's weights up, with their rounding errors, so that the
    /// sum is as in double precision, rounded once.
    /// </summary>
    internal sealed class TreeEnsembleFloat32 : NanoKernel
    {
        private const int NodeInts = 4;
        private const int MissingIsTrue = 8;
        private const int NotEqual = 5;
        private const int Mean = 1;
        private const int Smallest = 2;

        private readonly float[] input;
        private readonly int[] nodes;
        private readonly float[] thresholds;
        private readonly int[] roots;
        private readonly int[] leafTargets;
        private readonly float[] leafWeights;
        private readonly float[] output;
        private readonly float[] sums;
        private readonly float[] errors;
        private readonly int features;
        private readonly int elements;
        private readonly int aggregate;

        internal TreeEnsembleFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            nodes = (int[])context.InputElements(1);
            thresholds = context.InputFloats(2);
            roots = (int[])context.InputElements(3);
            leafTargets = (int[])context.InputElements(4);
            leafWeights = context.InputFloats(5);
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

                for (int tree = 0; tree < roots.Length; tree++)
                {
                    AddLeaf(Walk(row, roots[tree] * NodeInts));
                }

                for (int i = 0; i < sums.Length; i++)
                {
                    output[index] = Result(sums[i], errors[i]);
                    index++;
                }
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
            return aggregate == Mean ? total / roots.Length : total;
        }

        private int Walk(int row, int node)
        {
            float[] x = input;
            int[] all = nodes;
            float[] limits = thresholds;
            int feature = all[node];
            while (feature >= 0)
            {
                float value = x[row + feature];
                float limit = limits[node >> 2];
                int mode = all[node + 1];
                bool goes = mode == 0 ? value <= limit : Goes(mode, value, limit);
                node = all[node + (goes ? 2 : 3)] << 2;
                feature = all[node];
            }

            return node;
        }

        private static bool Goes(int mode, float value, float limit)
        {
            if (value != value)
            {
                return (mode & MissingIsTrue) != 0 || mode == NotEqual;
            }

            switch (mode & ~MissingIsTrue)
            {
                case 0: return value <= limit;
                case 1: return value < limit;
                case 2: return limit <= value;
                case 3: return limit < value;
                case 4: return value == limit;
                default: return value != limit;
            }
        }

        private void AddLeaf(int leaf)
        {
            int end = nodes[leaf + 2] + nodes[leaf + 3];
            for (int i = nodes[leaf + 2]; i < end; i++)
            {
                int target = leafTargets[i];
                float weight = leafWeights[i];
                float sum = sums[target];
                if (aggregate >= Smallest)
                {
                    bool isBetter = aggregate == Smallest ? weight < sum : sum < weight;
                    sums[target] = isBetter || weight != weight ? weight : sum;
                    continue;
                }

                float after = sum + weight;
                float added = after - sum;
                errors[target] += (sum - (after - added)) + (weight - added);
                sums[target] = after;
            }
        }
    }
}
