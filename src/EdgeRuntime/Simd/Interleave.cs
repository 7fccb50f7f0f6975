using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd;

/// <summary>Elements of planes side by side: what turns the image of a camera to channels last.</summary>
internal static unsafe class Interleave
{
    private const byte First = 0b0100_1001;
    private const byte Second = 0b1001_0010;
    private const byte Third = 0b0010_0100;

    /// <summary>Three planes of four-byte elements, as far as whole vectors go.</summary>
    /// <param name="source">The first plane.</param>
    /// <param name="stride">Elements from plane to plane.</param>
    /// <param name="destination">Three times as many elements as a plane has.</param>
    /// <param name="count">Elements of a plane.</param>
    /// <returns>How many of each plane are done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static nint Three(int* source, nint stride, int* destination, nint count)
    {
        nint done = 0;
        if (!Avx2.IsSupported)
        {
            return done;
        }

        // No two of a plane's eight elements go to the same place of two vectors: one order of each plane serves all three.
        Vector256<int> orderA = Vector256.Create(0, 3, 6, 1, 4, 7, 2, 5);
        Vector256<int> orderB = Vector256.Create(5, 0, 3, 6, 1, 4, 7, 2);
        Vector256<int> orderC = Vector256.Create(2, 5, 0, 3, 6, 1, 4, 7);
        for (; done <= count - Vector256<int>.Count; done += Vector256<int>.Count)
        {
            Vector256<int> a = Avx2.PermuteVar8x32(Vector256.Load(source + done), orderA);
            Vector256<int> b = Avx2.PermuteVar8x32(Vector256.Load(source + stride + done), orderB);
            Vector256<int> c = Avx2.PermuteVar8x32(Vector256.Load(source + (2 * stride) + done), orderC);
            int* to = destination + (3 * done);
            Avx2.Blend(Avx2.Blend(a, b, Second), c, Third).Store(to);
            Avx2.Blend(Avx2.Blend(a, b, Third), c, First).Store(to + Vector256<int>.Count);
            Avx2.Blend(Avx2.Blend(a, b, First), c, Second).Store(to + (2 * Vector256<int>.Count));
        }

        return done;
    }
}
