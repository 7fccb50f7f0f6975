using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>Sums and extremes of many float32, the same bits whatever vectors the processor has.</summary>
internal static unsafe class VectorReduction
{
    // Sums side by side: element i goes to sum i modulo this.
    private const int Sums = 16;

    /// <summary>The sum in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Sum(float* x, nint n)
    {
        double* sums = stackalloc double[Sums];
        new Span<double>(sums, Sums).Clear();
        nint i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> a = default, b = default, c = default, d = default;
            for (; i <= n - Sums; i += Sums)
            {
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(x + i));
                a += low;
                b += high;
                (low, high) = Vector256.Widen(Vector256.Load(x + i + 8));
                c += low;
                d += high;
            }

            a.Store(sums);
            b.Store(sums + 4);
            c.Store(sums + 8);
            d.Store(sums + 12);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<double> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
            for (; i <= n - Sums; i += Sums)
            {
                (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(x + i));
                a += low;
                b += high;
                (low, high) = Vector128.Widen(Vector128.Load(x + i + 4));
                c += low;
                d += high;
                (low, high) = Vector128.Widen(Vector128.Load(x + i + 8));
                e += low;
                f += high;
                (low, high) = Vector128.Widen(Vector128.Load(x + i + 12));
                g += low;
                h += high;
            }

            a.Store(sums);
            b.Store(sums + 2);
            c.Store(sums + 4);
            d.Store(sums + 6);
            e.Store(sums + 8);
            f.Store(sums + 10);
            g.Store(sums + 12);
            h.Store(sums + 14);
        }

        return Finish(x, i, n, sums);
    }

    /// <summary>The sum in double precision, one element at a time: the scalar twin, equal to the bit.</summary>
    internal static double SumScalar(float* x, nint n)
    {
        double* sums = stackalloc double[Sums];
        new Span<double>(sums, Sums).Clear();
        return Finish(x, 0, n, sums);
    }

    private static double Finish(float* x, nint i, nint n, double* sums)
    {
        for (; i < n; i++)
        {
            sums[i % Sums] += x[i];
        }

        for (int width = Sums / 2; width > 0; width /= 2)
        {
            for (int k = 0; k < width; k++)
            {
                sums[k] += sums[k + width];
            }
        }

        return sums[0];
    }

    /// <summary>Adds each element to a sum of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddEach(double* sums, float* x, nint n)
    {
        nint i = 0;
        for (; Vector256.IsHardwareAccelerated && i <= n - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(x + i));
            (Vector256.Load(sums + i) + low).Store(sums + i);
            (Vector256.Load(sums + i + 4) + high).Store(sums + i + 4);
        }

        for (; Vector128.IsHardwareAccelerated && i <= n - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(x + i));
            (Vector128.Load(sums + i) + low).Store(sums + i);
            (Vector128.Load(sums + i + 2) + high).Store(sums + i + 2);
        }

        for (; i < n; i++)
        {
            sums[i] += x[i];
        }
    }
}
