using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>The splits of all trees where they lie in the file, as <see cref="TreeEnsembleRule"/> says.</summary>
internal unsafe struct TreeNodes
{
    /// <summary>Trees that are walked side by side.</summary>
    internal const int Together = 4;

    internal byte* Features;
    internal byte* Children;
    internal float* Thresholds;
    internal byte* Comparisons;
    internal int Comparison;

    /// <summary>Whether all splits ask for ≤ and a missing value is never true.</summary>
    internal readonly bool IsPlain => Comparisons == null && Comparison == 0;

    /// <summary>The leaf that a walk ends at where <see cref="IsPlain"/>.</summary>
    internal readonly int PlainLeaf<TFeature, TChild>(float* x, nint split)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        nint child;
        while ((child = PlainChild<TFeature, TChild>(x, Features, Thresholds, Children, split)) >= 0)
        {
            split += 1 + child;
        }

        return (int)(-1 - child);
    }

    /// <summary>The leaves of <see cref="Together"/> trees, where <see cref="IsPlain"/>: a walk waits for memory at every split, so they go side by side.</summary>
    internal readonly void PlainLeaves<TFeature, TChild>(float* x, TreeStart* trees, int* leaves)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        byte* features = Features;
        float* thresholds = Thresholds;
        byte* children = Children;
        nint split0 = trees[0].Split;
        nint split1 = trees[1].Split;
        nint split2 = trees[2].Split;
        nint split3 = trees[3].Split;
        nint child0;
        nint child1;
        nint child2;
        nint child3;
        do
        {
            child0 = PlainChild<TFeature, TChild>(x, features, thresholds, children, split0);
            child1 = PlainChild<TFeature, TChild>(x, features, thresholds, children, split1);
            child2 = PlainChild<TFeature, TChild>(x, features, thresholds, children, split2);
            child3 = PlainChild<TFeature, TChild>(x, features, thresholds, children, split3);
            split0 += Step(child0);
            split1 += Step(child1);
            split2 += Step(child2);
            split3 += Step(child3);
        }
        while ((child0 & child1 & child2 & child3) >= 0);
        leaves[0] = (int)(-1 - child0);
        leaves[1] = (int)(-1 - child1);
        leaves[2] = (int)(-1 - child2);
        leaves[3] = (int)(-1 - child3);
    }

    /// <summary>The leaf that a walk ends at.</summary>
    internal readonly int Leaf<TFeature, TChild>(float* x, nint split)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        byte* comparisons = Comparisons;
        while (true)
        {
            float value = x[Feature<TFeature>(Features, split)];
            float threshold = Thresholds[split];
            int mode = comparisons == null ? Comparison : comparisons[split];
            bool goes = (mode & ~TreeEnsembleRule.MissingIsTrue) switch
            {
                0 => value <= threshold,
                1 => value < threshold,
                2 => value >= threshold,
                3 => value > threshold,
                4 => value == threshold,
                _ => value != threshold,
            };
            goes |= (mode & TreeEnsembleRule.MissingIsTrue) != 0 && float.IsNaN(value);
            nint child = Child<TChild>(Children, (2 * split) + (goes ? 0 : 1));
            if (child < 0)
            {
                return (int)(-1 - child);
            }

            split += 1 + child;
        }
    }

    // A walk that has ended stays at its last split.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Step(nint child) => (1 + child) & ~(child >> ((8 * sizeof(nint)) - 1));

    // A position computed of the comparison costs no wrong guess.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint PlainChild<TFeature, TChild>(float* x, byte* features, float* thresholds, byte* children, nint split)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        bool goes = x[Feature<TFeature>(features, split)] <= thresholds[split];
        return Child<TChild>(children, (2 * split) + 1 - Unsafe.BitCast<bool, byte>(goes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Feature<T>(byte* features, nint split)
        where T : unmanaged =>
        sizeof(T) == 1 ? features[split] : sizeof(T) == 2 ? ((ushort*)features)[split] : ((int*)features)[split];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Child<T>(byte* children, nint position)
        where T : unmanaged =>
        sizeof(T) == 1 ? ((sbyte*)children)[position] : sizeof(T) == 2 ? ((short*)children)[position] : ((int*)children)[position];
}
