using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Decision trees: walks each from its root to a leaf, and adds the leaf's weights up in double.</summary>
internal static unsafe class TreeEnsembleKernel
{
    private const int MissingIsTrue = 8;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        int targets = context.Output().LastDimension;
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Nodes = (Node*)context.InputData(1),
            Thresholds = (float*)context.InputData(2),
            Roots = (int*)context.InputData(3),
            LeafTargets = (int*)context.InputData(4),
            LeafWeights = (float*)context.InputData(5),
            Output = (float*)context.OutputData(),
            Sums = (double*)context.Scratch((long)targets * sizeof(double)),
            Rows = x.Elements / x.LastDimension,
            Features = x.LastDimension,
            Trees = context.Input(3).Elements,
            Targets = targets,
            Aggregate = context.Operator.Int(TreeEnsembleRule.Aggregate),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        var sums = new Span<double>(a.Sums, a.Targets);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((nint)row * a.Features);
            sums.Fill(a.Aggregate switch { 2 => double.PositiveInfinity, 3 => double.NegativeInfinity, _ => 0 });
            for (int tree = 0; tree < a.Trees; tree++)
            {
                AddLeaf(in a, Walk(in a, x, a.Roots[tree]));
            }

            float* y = a.Output + ((nint)row * a.Targets);
            for (int i = 0; i < a.Targets; i++)
            {
                double sum = a.Aggregate == 1 ? sums[i] / a.Trees : sums[i];

                // A target that no leaf names has no smallest or largest.
                y[i] = double.IsInfinity(sum) && a.Aggregate >= 2 ? 0f : (float)sum;
            }
        }
    }

    private static Node* Walk(in Arguments a, float* x, int index)
    {
        while (a.Nodes[index].Feature >= 0)
        {
            Node* node = a.Nodes + index;
            float value = x[node->Feature];
            float threshold = a.Thresholds[index];
            bool goes = (node->Mode & ~MissingIsTrue) switch
            {
                0 => value <= threshold,
                1 => value < threshold,
                2 => value >= threshold,
                3 => value > threshold,
                4 => value == threshold,
                _ => value != threshold,
            };
            goes |= (node->Mode & MissingIsTrue) != 0 && float.IsNaN(value);
            index = goes ? node->WhenTrue : node->WhenFalse;
        }

        return a.Nodes + index;
    }

    private static void AddLeaf(in Arguments a, Node* leaf)
    {
        for (int i = leaf->WhenTrue; i < leaf->WhenTrue + leaf->WhenFalse; i++)
        {
            ref double sum = ref a.Sums[a.LeafTargets[i]];
            double weight = a.LeafWeights[i];
            sum = a.Aggregate switch { 2 => Math.Min(sum, weight), 3 => Math.Max(sum, weight), _ => sum + weight };
        }
    }

    private struct Node
    {
        internal int Feature { get; init; }

        internal int Mode { get; init; }

        internal int WhenTrue { get; init; }

        internal int WhenFalse { get; init; }
    }

    private struct Arguments
    {
        internal float* Input;
        internal Node* Nodes;
        internal float* Thresholds;
        internal int* Roots;
        internal int* LeafTargets;
        internal float* LeafWeights;
        internal float* Output;
        internal double* Sums;
        internal int Rows;
        internal int Features;
        internal int Trees;
        internal int Targets;
        internal int Aggregate;
    }
}
