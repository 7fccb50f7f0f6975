using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Decision trees: walks each from its first split to a leaf, and adds the leaf's weights up in double.</summary>
internal static unsafe class TreeEnsembleKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TreeSums sums = TreeSums.Bind(context);
        if (context.Fast && TreeWalkKernel.TryBind(context, sums, out BoundKernel kernel))
        {
            return kernel;
        }

        TensorInfo x = context.Input(0);
        void* kept = context.Keep(new Arguments
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
            Output = (float*)context.OutputData(),
            Sums = sums,
            Rows = x.Elements / x.LastDimension,
            Features = x.LastDimension,
            Trees = context.Input(TreeEnsembleRule.Trees).Dimension(0),
        });
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
        int* leaves = stackalloc int[TreeNodes.Together];
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((nint)row * a.Features);
            a.Sums.Begin();
            int i = 0;
            for (; nodes.IsPlain && i <= a.Trees - TreeNodes.Together; i += TreeNodes.Together)
            {
                TreeStart* trees = a.TreeStarts + i;
                nodes.PlainLeaves<TFeature, TChild>(x, trees, leaves);
                for (int k = 0; k < TreeNodes.Together; k++)
                {
                    a.Sums.Add(trees[k].Leaf + leaves[k], trees[k].Target);
                }
            }

            for (; i < a.Trees; i++)
            {
                TreeStart tree = a.TreeStarts[i];
                int leaf = tree.Leaf + (nodes.IsPlain ? nodes.PlainLeaf<TFeature, TChild>(x, tree.Split) : nodes.Leaf<TFeature, TChild>(x, tree.Split));
                a.Sums.Add(leaf, tree.Target);
            }

            a.Sums.End(a.Output + ((nint)row * a.Sums.Targets));
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal TreeNodes Nodes;
        internal TreeStart* TreeStarts;
        internal float* Output;
        internal TreeSums Sums;
        internal int Rows;
        internal int Features;
        internal int Trees;
    }
}
