using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// Copies numbers that vectors are loaded of at once: in whole vectors from the first on, as kernels load them. A processor hands
/// a store on to a load that lies within it, and makes one wait that needs two stores, as those of a general copy may be.
/// </summary>
internal static unsafe class FloatCopy
{
    // Beyond it the stores are long done when the kernel comes to them.
    private const int Most = 512;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run(float* source, float* destination, int count)
    {
        if (count == 1)
        {
            *destination = *source;
        }
        else if (count > Most)
        {
            Unsafe.CopyBlockUnaligned(destination, source, (uint)count * sizeof(float));
        }
        else
        {
            Vectors(source, destination, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors(float* source, float* destination, nint count)
    {
        nint i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256.Store(Vector256.Load(source + i), destination + i);
            }
        }

        for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            Vector128.Store(Vector128.Load(source + i), destination + i);
        }

        for (; i < count; i++)
        {
            destination[i] = source[i];
        }
    }
}
