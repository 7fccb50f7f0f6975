using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>The splits of all trees where they lie in the file, as <see cref="TreeEnsembleRule"/> says.</summary>
internal unsafe struct TreeNodes
{
    internal byte* Features;
    internal byte* Children;
    internal float* Thresholds;
    internal byte* Comparisons;
    internal int Comparison;

    /// <summary>Whether all splits ask for ≤ and a missing value is never true.</summary>
    internal readonly bool IsPlain => Comparisons == null && Comparison == 0;

    /// <summary>The leaf that a walk ends at where <see cref="IsPlain"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int PlainLeaf<TFeature, TChild>(float* x, nint split)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        while (true)
        {
            // A position computed of the comparison costs no wrong guess.
            bool goes = x[Feature<TFeature>(Features, split)] <= Thresholds[split];
            nint child = Child<TChild>(Children, (2 * split) + 1 - Unsafe.BitCast<bool, byte>(goes));
            if (child < 0)
            {
                return (int)(-1 - child);
            }

            split += 1 + child;
        }
    }

    /// <summary>The leaf that a walk ends at.</summary>
    internal readonly int Leaf<TFeature, TChild>(float* x, nint split)
        where TFeature : unmanaged
        where TChild : unmanaged
    {
        while (true)
        {
            float value = x[Feature<TFeature>(Features, split)];
            float threshold = Thresholds[split];
            int mode = Comparisons == null ? Comparison : Comparisons[split];
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Feature<T>(byte* features, nint split)
        where T : unmanaged =>
        sizeof(T) == 1 ? features[split] : sizeof(T) == 2 ? ((ushort*)features)[split] : ((int*)features)[split];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Child<T>(byte* children, nint position)
        where T : unmanaged =>
        sizeof(T) == 1 ? ((sbyte*)children)[position] : sizeof(T) == 2 ? ((short*)children)[position] : ((int*)children)[position];
}
