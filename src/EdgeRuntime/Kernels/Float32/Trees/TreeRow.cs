using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>
/// The values of one row as sort keys: integers in the order of the numbers, so that a split of any comparison is "key ≤ key".
/// Zeros of both signs have one key. A missing value has the highest integer in the first list, which every split sends to the second of
/// the two below, and the lowest in the second list, which every split sends to the first; the slot that leaves look at follows.
/// </summary>
internal static unsafe class TreeRow
{
    /// <summary>The key that no value has and that is above no other.</summary>
    internal const int Lowest = int.MinValue;

    /// <summary>Bytes that a row's keys take.</summary>
    internal static long Bytes(int features, bool hasMissingFirst) => (LeafSlot(features, hasMissingFirst) + 1) * (long)sizeof(int);

    /// <summary>The slot of leaves.</summary>
    internal static int LeafSlot(int features, bool hasMissingFirst) => hasMissingFirst ? 2 * features : features;

    /// <summary>The key of a number.</summary>
    internal static int Key(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    /// <summary>Writes the keys of a row.</summary>
    internal static void Fill(float* row, int* keys, int features, bool hasMissingFirst)
    {
        SortKeys.Run(row, keys, features, int.MaxValue);
        if (hasMissingFirst)
        {
            SortKeys.Run(row, keys + features, features, Lowest);
        }

        keys[LeafSlot(features, hasMissingFirst)] = Lowest;
    }
}
