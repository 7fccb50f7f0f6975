using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Decision trees whose splits are of order: <see cref="TreeWalks.Together"/> at once, laid out by <see cref="WalkForest"/>.</summary>
internal static unsafe class TreeWalkKernel
{
    /// <summary>The kernel, or none where <see cref="WalkForest"/> does not lay the trees out.</summary>
    internal static bool TryBind(in BindContext context, in TreeSums sums, out BoundKernel kernel)
    {
        bool one = sums.AddsAll(1);
        WalkSource source = WalkSource.Of(context, weightsInLeaves: one);
        if (!WalkForest.TryPrepare(ref source))
        {
            kernel = default;
            return false;
        }

        TensorInfo x = context.Input(0);
        void* kept = context.Keep(new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Roots = WalkForest.Bind(context, source),
            Keys = (int*)context.Scratch(TreeRow.Bytes(source.Features, source.HasMissingFirst)),
            Sums = sums,
            Rows = x.Elements / x.LastDimension,
            Features = source.Features,
            HasMissingFirst = source.HasMissingFirst,
            Trees = source.Trees,
        });
        kernel = one ? new BoundKernel(&Run<OneWeight>, kept)
            : sums.AddsAll(2) ? new BoundKernel(&Run<TwoWeights>, kept)
            : new BoundKernel(&Run<AnyWeights>, kept);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLeaves>(void* pointer)
        where TLeaves : struct, ILeaves
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            TreeRow.Fill(a.Input + ((nint)row * a.Features), a.Keys, a.Features, a.HasMissingFirst);
            a.Sums.Begin();
            TreeWalks.Run<TLeaves>(a.Roots, a.Trees, a.Keys, in a.Sums);
            a.Sums.End(a.Output + ((nint)row * a.Sums.Targets));
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal WalkRoot* Roots;
        internal int* Keys;
        internal TreeSums Sums;
        internal int Rows;
        internal int Features;
        internal int Trees;
        internal bool HasMissingFirst;
    }
}
