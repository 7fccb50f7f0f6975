using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Benchmarks;

/// <summary>Sums of int16 products by vpmaddwd and an addition: the most that AVX2 multiplies in integers without VNNI.</summary>
internal static class WordPairs
{
    private static int sink;

    /// <summary>Twelve sums a step, 16 products each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Run(int steps)
    {
        Vector256<short> w = Vector256.Create((short)1);
        Vector256<int> a = default, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        for (int step = 0; step < steps; step++)
        {
            // A factor that changes, or the compiler would multiply once.
            a += Avx2.MultiplyAddAdjacent(a.AsInt16(), w);
            b += Avx2.MultiplyAddAdjacent(b.AsInt16(), w);
            c += Avx2.MultiplyAddAdjacent(c.AsInt16(), w);
            d += Avx2.MultiplyAddAdjacent(d.AsInt16(), w);
            e += Avx2.MultiplyAddAdjacent(e.AsInt16(), w);
            f += Avx2.MultiplyAddAdjacent(f.AsInt16(), w);
            g += Avx2.MultiplyAddAdjacent(g.AsInt16(), w);
            h += Avx2.MultiplyAddAdjacent(h.AsInt16(), w);
            i += Avx2.MultiplyAddAdjacent(i.AsInt16(), w);
            j += Avx2.MultiplyAddAdjacent(j.AsInt16(), w);
            k += Avx2.MultiplyAddAdjacent(k.AsInt16(), w);
            l += Avx2.MultiplyAddAdjacent(l.AsInt16(), w);
        }

        sink = (a + b + c + d + e + f + g + h + i + j + k + l).ToScalar();
    }
}
