using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Adds the weights of leaves up, in double and in the order of the trees.</summary>
internal unsafe struct TreeSums
{
    private const int Mean = 1;
    private const int Smallest = 2;

    internal double* Sums;
    internal int Targets;
    internal int Width;
    internal int Aggregate;
    internal float* Weights;
    private byte* weightTargets;
    private TensorType targetType;
    private int trees;

    internal static TreeSums Bind(in BindContext context)
    {
        int targets = context.Output().LastDimension;
        bool named = context.Operator.Int(TreeEnsembleRule.Targets) == (int)TreeTargets.OfWeight;
        return new TreeSums
        {
            Sums = (double*)context.Scratch((long)targets * sizeof(double)),
            Targets = targets,
            Width = context.Input(TreeEnsembleRule.Weights).Dimension(1),
            Aggregate = context.Operator.Int(TreeEnsembleRule.Aggregate),
            Weights = (float*)context.InputData(TreeEnsembleRule.Weights),
            weightTargets = named ? context.InputData(TreeEnsembleRule.TargetInput) : null,
            targetType = named ? context.Input(TreeEnsembleRule.TargetInput).Type : default,
            trees = context.Input(TreeEnsembleRule.Trees).Dimension(0),
        };
    }

    /// <summary>Whether every leaf has one number for each of so many outputs, and all numbers are added.</summary>
    internal readonly bool AddsAll(int width) => Targets == width && Width == width && weightTargets == null && Aggregate < Smallest;

    internal readonly void Begin() =>
        new Span<double>(Sums, Targets).Fill(Aggregate switch { Smallest => double.PositiveInfinity, > Smallest => double.NegativeInfinity, _ => 0 });

    internal readonly void Add(int leaf, int target)
    {
        nint first = (nint)leaf * Width;
        float* weights = Weights + first;
        if (weightTargets != null)
        {
            for (int i = 0; i < Width; i++)
            {
                Add(ref Sums[IntegerPointer.Unsigned(weightTargets, targetType, first + i)], weights[i]);
            }

            return;
        }

        // One weight for the target of the tree, or one for each.
        double* sums = Sums + target;
        for (int i = 0; i < Width; i++)
        {
            Add(ref sums[i], weights[i]);
        }
    }

    internal readonly void End(float* output)
    {
        for (int target = 0; target < Targets; target++)
        {
            double sum = Aggregate == Mean ? Sums[target] / trees : Sums[target];

            // A target that no leaf names has no smallest or largest.
            output[target] = double.IsInfinity(sum) && Aggregate >= Smallest ? 0f : (float)sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Add(ref double sum, double weight) =>
        sum = Aggregate < Smallest ? sum + weight : Aggregate == Smallest ? Math.Min(sum, weight) : Math.Max(sum, weight);
}
