using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>What is added for leaves, tree after tree.</summary>
internal unsafe interface ILeaves
{
    /// <summary>Adds the leaves of <see cref="TreeWalks.Together"/> trees, or of those that are left.</summary>
    /// <param name="sums">The sums so far.</param>
    /// <param name="roots">The trees.</param>
    /// <param name="leaves">The keys of the leaves.</param>
    /// <param name="trees">Trees that are left: behind the last there are leaves that do not count, of the weight 0.</param>
    static abstract void Add(in TreeSums sums, WalkRoot* roots, int* leaves, int trees);
}

/// <summary>A leaf's key is its weight, for the only sum.</summary>
internal readonly unsafe struct OneWeight : ILeaves
{
    // A sum that began with +0 is never -0, so that adding 0 for no tree changes no bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(in TreeSums sums, WalkRoot* roots, int* leaves, int trees)
    {
        double sum = *sums.Sums + BitConverter.Int32BitsToSingle(leaves[0]);
        sum += BitConverter.Int32BitsToSingle(leaves[1]);
        sum += BitConverter.Int32BitsToSingle(leaves[2]);
        sum += BitConverter.Int32BitsToSingle(leaves[3]);
        sum += BitConverter.Int32BitsToSingle(leaves[4]);
        sum += BitConverter.Int32BitsToSingle(leaves[5]);
        sum += BitConverter.Int32BitsToSingle(leaves[6]);
        *sums.Sums = sum + BitConverter.Int32BitsToSingle(leaves[7]);
    }
}

/// <summary>A leaf has a weight for each of two sums.</summary>
internal readonly unsafe struct TwoWeights : ILeaves
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(in TreeSums sums, WalkRoot* roots, int* leaves, int trees)
    {
        float* weights = sums.Weights;
        var sum = TwoSums.Load(sums.Sums);
        if (trees >= TreeWalks.Together)
        {
            sum = sum.Plus(weights + (2 * (nint)leaves[0]));
            sum = sum.Plus(weights + (2 * (nint)leaves[1]));
            sum = sum.Plus(weights + (2 * (nint)leaves[2]));
            sum = sum.Plus(weights + (2 * (nint)leaves[3]));
            sum = sum.Plus(weights + (2 * (nint)leaves[4]));
            sum = sum.Plus(weights + (2 * (nint)leaves[5]));
            sum = sum.Plus(weights + (2 * (nint)leaves[6]));
            sum = sum.Plus(weights + (2 * (nint)leaves[7]));
        }
        else
        {
            for (int i = 0; i < trees; i++)
            {
                sum = sum.Plus(weights + (2 * (nint)leaves[i]));
            }
        }

        sum.Store(sums.Sums);
    }
}

/// <summary>Leaves of any other kind.</summary>
internal readonly unsafe struct AnyWeights : ILeaves
{
    public static void Add(in TreeSums sums, WalkRoot* roots, int* leaves, int trees)
    {
        int count = Math.Min(TreeWalks.Together, trees);
        for (int i = 0; i < count; i++)
        {
            sums.Add(leaves[i], roots[i].Target);
        }
    }
}
