using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Int8.Sums;

namespace EdgeInference.Runtime.Kernels.Int16;

/// <summary>Sums of products of int16 and int8.</summary>
internal static unsafe class WideSums
{
    /// <summary>Products, each at most 2²² in magnitude, that int32 holds the sum of.</summary>
    internal const int MostProducts = 511;

    /// <summary>The sum of any number of products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Dot<TSums>(short* x, sbyte* w, int length)
        where TSums : struct, IInt32Sums<TSums>
    {
        // Four sums are added before they are emptied into int64.
        const int StepsPerBlock = MostProducts / 4;
        long sum = 0;
        int i = 0;
        while (i <= length - TSums.Count)
        {
            TSums block = 0;
            for (int steps = 0; steps < StepsPerBlock && i <= length - TSums.Count; steps++, i += TSums.Count)
            {
                block = TSums.MultiplyAdd(block, x + i, w + i);
            }

            sum += TSums.Total(block);
        }

        for (; i < length; i++)
        {
            sum += x[i] * w[i];
        }

        return sum;
    }
}
