using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Benchmarks;

/// <summary>What this machine can do at best, measured: multiply-accumulates a second from registers, and bytes a second read from a buffer of a given size.</summary>
internal static unsafe class MachineLimits
{
    private const int Steps = 20_000;

    /// <summary>Runs the loop that multiplies most in a precision: some 60 µs. Gives its multiply-accumulates, 0 where none is known for the processor.</summary>
    internal static double Products(Precision precision)
    {
        switch (precision)
        {
            case Precision.Float32:
                return Steps * 12d * (Vector512.IsHardwareAccelerated ? Fma512() : Vector256.IsHardwareAccelerated ? Fma256() : Fma128());
            case Precision.Int8 when AvxVnni.IsSupported:
                Vnni();
                return Steps * 12d * 32;
            case Precision.Int8 or Precision.Int16 when Avx2.IsSupported:
                WordPairs.Run(Steps);
                return Steps * 12d * 16;
            default:
                return 0;
        }
    }

    /// <summary>float32 multiply-accumulates a second, one thread, in the widest vectors.</summary>
    internal static double Float32MultiplyAccumulates()
    {
        long start = Stopwatch.GetTimestamp();
        return Products(Precision.Float32) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>int8 multiply-accumulates a second, one thread; 0 where the processor has no AVX-VNNI.</summary>
    internal static double Int8MultiplyAccumulates()
    {
        if (!AvxVnni.IsSupported)
        {
            return 0;
        }

        long start = Stopwatch.GetTimestamp();
        Vnni();
        return (double)Steps * 12 * 32 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Bytes a second that one thread reads again and again from a buffer.</summary>
    internal static double ReadBytes(byte* buffer, int bytes)
    {
        int times = Math.Max(4, (1 << 23) / bytes);

        // The first pass brings the buffer into the cache that it fits.
        Read(buffer, bytes);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            Read(buffer, bytes);
        }

        return (double)times * (bytes & ~511) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Fma512()
    {
        Vector512<float> x = Vector512.Create(0.5f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, x);
            b = Vector512.FusedMultiplyAdd(b, x, x);
            c = Vector512.FusedMultiplyAdd(c, x, x);
            d = Vector512.FusedMultiplyAdd(d, x, x);
            e = Vector512.FusedMultiplyAdd(e, x, x);
            f = Vector512.FusedMultiplyAdd(f, x, x);
            g = Vector512.FusedMultiplyAdd(g, x, x);
            h = Vector512.FusedMultiplyAdd(h, x, x);
            i = Vector512.FusedMultiplyAdd(i, x, x);
            j = Vector512.FusedMultiplyAdd(j, x, x);
            k = Vector512.FusedMultiplyAdd(k, x, x);
            l = Vector512.FusedMultiplyAdd(l, x, x);
        }

        return Keep(a + b + c + d + e + f + g + h + i + j + k + l) ? Vector512<float>.Count : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Fma256()
    {
        Vector256<float> x = Vector256.Create(0.5f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector256.MultiplyAddEstimate(a, x, x);
            b = Vector256.MultiplyAddEstimate(b, x, x);
            c = Vector256.MultiplyAddEstimate(c, x, x);
            d = Vector256.MultiplyAddEstimate(d, x, x);
            e = Vector256.MultiplyAddEstimate(e, x, x);
            f = Vector256.MultiplyAddEstimate(f, x, x);
            g = Vector256.MultiplyAddEstimate(g, x, x);
            h = Vector256.MultiplyAddEstimate(h, x, x);
            i = Vector256.MultiplyAddEstimate(i, x, x);
            j = Vector256.MultiplyAddEstimate(j, x, x);
            k = Vector256.MultiplyAddEstimate(k, x, x);
            l = Vector256.MultiplyAddEstimate(l, x, x);
        }

        return Keep((a + b + c + d + e + f + g + h + i + j + k + l).ToVector512()) ? Vector256<float>.Count : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Fma128()
    {
        Vector128<float> x = Vector128.Create(0.5f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector128.MultiplyAddEstimate(a, x, x);
            b = Vector128.MultiplyAddEstimate(b, x, x);
            c = Vector128.MultiplyAddEstimate(c, x, x);
            d = Vector128.MultiplyAddEstimate(d, x, x);
            e = Vector128.MultiplyAddEstimate(e, x, x);
            f = Vector128.MultiplyAddEstimate(f, x, x);
            g = Vector128.MultiplyAddEstimate(g, x, x);
            h = Vector128.MultiplyAddEstimate(h, x, x);
            i = Vector128.MultiplyAddEstimate(i, x, x);
            j = Vector128.MultiplyAddEstimate(j, x, x);
            k = Vector128.MultiplyAddEstimate(k, x, x);
            l = Vector128.MultiplyAddEstimate(l, x, x);
        }

        return Keep((a + b + c + d + e + f + g + h + i + j + k + l).ToVector256().ToVector512()) ? Vector128<float>.Count : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Vnni()
    {
        Vector256<int> a = default, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        Vector256<byte> x = Vector256.Create((byte)1);
        Vector256<sbyte> w = Vector256.Create((sbyte)1);
        for (int step = 0; step < Steps; step++)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, x, w);
            b = AvxVnni.MultiplyWideningAndAdd(b, x, w);
            c = AvxVnni.MultiplyWideningAndAdd(c, x, w);
            d = AvxVnni.MultiplyWideningAndAdd(d, x, w);
            e = AvxVnni.MultiplyWideningAndAdd(e, x, w);
            f = AvxVnni.MultiplyWideningAndAdd(f, x, w);
            g = AvxVnni.MultiplyWideningAndAdd(g, x, w);
            h = AvxVnni.MultiplyWideningAndAdd(h, x, w);
            i = AvxVnni.MultiplyWideningAndAdd(i, x, w);
            j = AvxVnni.MultiplyWideningAndAdd(j, x, w);
            k = AvxVnni.MultiplyWideningAndAdd(k, x, w);
            l = AvxVnni.MultiplyWideningAndAdd(l, x, w);
        }

        Keep((a + b + c + d + e + f + g + h + i + j + k + l).ToVector512().AsSingle());
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Read(byte* buffer, int bytes)
    {
        Vector512<int> a = default, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        int* p = (int*)buffer;
        int* end = p + (bytes / 512 * 128);
        for (; p < end; p += 128)
        {
            a |= Vector512.Load(p);
            b |= Vector512.Load(p + 16);
            c |= Vector512.Load(p + 32);
            d |= Vector512.Load(p + 48);
            e |= Vector512.Load(p + 64);
            f |= Vector512.Load(p + 80);
            g |= Vector512.Load(p + 96);
            h |= Vector512.Load(p + 112);
        }

        Keep((a | b | c | d | e | f | g | h).AsSingle());
    }

    // Always true, which the JIT cannot know.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Keep(Vector512<float> x) => MemoryMarshal.AsBytes(new ReadOnlySpan<Vector512<float>>(in x)).Length == 64;
}
