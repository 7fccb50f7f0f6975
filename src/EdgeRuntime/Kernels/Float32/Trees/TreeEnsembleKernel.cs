using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Decision trees: walks each from its first split to a leaf, and adds the leaf's weights up in double.</summary>
internal static unsafe class TreeEnsembleKernel
{
    private const int Mean = 1;
    private const int Smallest = 2;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        TensorInfo weights = context.Input(TreeEnsembleRule.Weights);
        int targets = context.Output().LastDimension;
        int trees = context.Input(TreeEnsembleRule.Trees).Dimension(0);
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Nodes = new TreeNodes
            {
                Features = context.InputData(TreeEnsembleRule.Features),
                Children = context.InputData(TreeEnsembleRule.Children),
                Thresholds = TreeThresholds.Bind(context),
                Comparisons = context.InputData(TreeEnsembleRule.Comparisons),
                Comparison = context.Operator.Int(TreeEnsembleRule.Comparison),
            },
            TreeStarts = TreeStart.Bind(context),
            Weights = (float*)context.InputData(TreeEnsembleRule.Weights),
            Output = (float*)context.OutputData(),
            Sums = (double*)context.Scratch((long)targets * sizeof(double)),
            Rows = x.Elements / x.LastDimension,
            Features = x.LastDimension,
            Trees = trees,
            Targets = targets,
            Width = weights.Dimension(1),
            Aggregate = context.Operator.Int(TreeEnsembleRule.Aggregate),
        };
        if (context.Operator.Int(TreeEnsembleRule.Targets) == (int)TreeTargets.OfWeight)
        {
            arguments.WeightTargets = context.InputData(TreeEnsembleRule.TargetInput);
            arguments.TargetType = context.Input(TreeEnsembleRule.TargetInput).Type;
        }

        void* kept = context.Keep(arguments);
        TensorType children = context.Input(TreeEnsembleRule.Children).Type;
        return context.Input(TreeEnsembleRule.Features).Type switch
        {
            TensorType.Int8 => OfChildren<byte>(children, kept),
            TensorType.Int16 => OfChildren<ushort>(children, kept),
            _ => OfChildren<int>(children, kept),
        };
    }

    private static BoundKernel OfChildren<TFeature>(TensorType children, void* arguments)
        where TFeature : unmanaged => children switch
        {
            TensorType.Int8 => new BoundKernel(&Run<TFeature, sbyte>, arguments),
            TensorType.Int16 => new BoundKernel(&Run<TFeature, short>, arguments),
            _ => new BoundKernel(&Run<TFeature, int>, arguments),
        };

    private static void Run<TFeature, TChild>(void* pointer)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        TreeNodes nodes = a.Nodes;
        var sums = new Span<double>(a.Sums, a.Targets);
        bool one = a.Targets == 1 && a.Width == 1 && a.Aggregate < Smallest;
        int* leaves = stackalloc int[TreeNodes.Together];
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((nint)row * a.Features);
            sums.Fill(a.Aggregate switch { Smallest => double.PositiveInfinity, > Smallest => double.NegativeInfinity, _ => 0 });
            int i = 0;
            for (; nodes.IsPlain && i <= a.Trees - TreeNodes.Together; i += TreeNodes.Together)
            {
                TreeStart* trees = a.TreeStarts + i;
                nodes.PlainLeaves<TFeature, TChild>(x, trees, leaves);
                if (one)
                {
                    double sum = *a.Sums + a.Weights[trees[0].Leaf + leaves[0]];
                    sum += a.Weights[trees[1].Leaf + leaves[1]];
                    sum += a.Weights[trees[2].Leaf + leaves[2]];
                    *a.Sums = sum + a.Weights[trees[3].Leaf + leaves[3]];
                    continue;
                }

                for (int k = 0; k < TreeNodes.Together; k++)
                {
                    AddLeaf(in a, trees[k].Leaf + leaves[k], trees[k].Target);
                }
            }

            for (; i < a.Trees; i++)
            {
                TreeStart tree = a.TreeStarts[i];
                int leaf = tree.Leaf + (nodes.IsPlain ? nodes.PlainLeaf<TFeature, TChild>(x, tree.Split) : nodes.Leaf<TFeature, TChild>(x, tree.Split));
                AddLeaf(in a, leaf, tree.Target);
            }

            float* y = a.Output + ((nint)row * a.Targets);
            for (int target = 0; target < a.Targets; target++)
            {
                double sum = a.Aggregate == Mean ? sums[target] / a.Trees : sums[target];

                // A target that no leaf names has no smallest or largest.
                y[target] = double.IsInfinity(sum) && a.Aggregate >= Smallest ? 0f : (float)sum;
            }
        }
    }

    private static void AddLeaf(in Arguments a, int leaf, int target)
    {
        nint first = (nint)leaf * a.Width;
        float* weights = a.Weights + first;
        if (a.WeightTargets != null)
        {
            for (int i = 0; i < a.Width; i++)
            {
                Add(ref a.Sums[IntegerPointer.Unsigned(a.WeightTargets, a.TargetType, first + i)], weights[i], a.Aggregate);
            }

            return;
        }

        // One weight for the target of the tree, or one for each.
        double* sums = a.Sums + target;
        for (int i = 0; i < a.Width; i++)
        {
            Add(ref sums[i], weights[i], a.Aggregate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref double sum, double weight, int aggregate) =>
        sum = aggregate < Smallest ? sum + weight : aggregate == Smallest ? Math.Min(sum, weight) : Math.Max(sum, weight);

    private struct Arguments
    {
        internal float* Input;
        internal TreeNodes Nodes;
        internal TreeStart* TreeStarts;
        internal float* Weights;
        internal byte* WeightTargets;
        internal float* Output;
        internal double* Sums;
        internal int Rows;
        internal int Features;
        internal int Trees;
        internal int Targets;
        internal int Width;
        internal int Aggregate;
        internal TensorType TargetType;
    }
}
