using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>What <see cref="RowRequantizer"/> keeps of each channel, in arrays padded as those of <see cref="Requantization"/>.</summary>
internal unsafe struct ShortRequantization
{
    /// <summary>The shift to the left before the multiplication, and one more.</summary>
    internal int* Lefts;

    /// <summary>What is added before the shift to the right: half a step, and the zero point.</summary>
    internal int* Halves;
}

/// <summary>
/// int8 outputs of rows of int32 sums, bit for bit as <see cref="Requantizer"/> computes them, in fewer instructions. With a sum
/// x below 2^30 in magnitude, 2x·multiplier needs no shift after the multiplication; the rounding shift by s, whose ties go away
/// from zero, is (x + 2^(s−1) − [x &lt; 0]) &gt;&gt; s, and a zero point z joins it as z·2^s. <see cref="Bind"/> proves
/// for each channel that nothing leaves int32 on the way, from the weights, the bias and the reach of the inputs.
/// </summary>
internal static unsafe class RowRequantizer
{
    private const int RowsAtOnce = 4;

    /// <summary>
    /// Leaves <see cref="Requantization.Short"/> null where a sum could be too large, or outputs are not plain int8. <paramref name="weights"/> and
    /// <paramref name="bias"/> are those of the file: [channels, window] and [channels] or null.
    /// </summary>
    internal static void Bind(in BindContext context, ref Requantization how, sbyte* weights, int* bias, int channels, int window)
    {
        if (!(Avx2.IsSupported || AdvSimd.IsSupported) || channels % Vector256<int>.Count != 0 || how.Table != null || how.OutputIsInt16 || how.Min < sbyte.MinValue || how.Max > sbyte.MaxValue)
        {
            return;
        }

        int zeroPoint = context.Input(0).ZeroPoint;
        int reach = Math.Max(Math.Abs(sbyte.MinValue - zeroPoint), Math.Abs(sbyte.MaxValue - zeroPoint));
        for (int channel = 0; channel < channels; channel++)
        {
            long most = bias == null ? 0 : Math.Abs((long)bias[channel]);
            sbyte* row = weights + ((nint)channel * window);
            for (int i = 0; i < window; i++)
            {
                most += Math.Abs((int)row[i]) * reach;
            }

            if (!Fits(in how, channel, most))
            {
                return;
            }
        }

        var packing = new Packing { How = how, Channels = channels };
        int padded = Requantizer.Padded(channels);
        int* packed = (int*)context.Shared("row requantization", 2L * padded * sizeof(int), packing, Pack);
        how.Short = new ShortRequantization { Lefts = packed, Halves = packed + padded };
    }

    private static bool Fits(in Requantization how, int channel, long most)
    {
        int left = how.LeftShifts[channel];
        int right = how.RightShifts[channel];
        if (right == 0 || most > int.MaxValue >> (left + 1))
        {
            return false;
        }

        long scaled = (((most << left) * how.Multipliers[channel]) >> 31) + 1;
        return scaled + Math.Abs(Half(in how, right)) + 1 <= int.MaxValue;
    }

    private static long Half(in Requantization how, int right) => (1L << (right - 1)) + ((long)how.ZeroPoint << right);

    private static void Pack(byte* destination, Packing packing)
    {
        int padded = Requantizer.Padded(packing.Channels);
        for (int channel = 0; channel < packing.Channels; channel++)
        {
            ((int*)destination)[channel] = packing.How.LeftShifts[channel] + 1;
            ((int*)destination)[padded + channel] = (int)Half(in packing.How, packing.How.RightShifts[channel]);
        }
    }

    /// <summary>Requantizes rows of sums, <paramref name="stride"/> int32 from one to the next, of <paramref name="n"/> channels.</summary>
    internal static void Run(int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
    {
        if (Vector512.IsHardwareAccelerated && n % Vector512<int>.Count == 0)
        {
            Run512(sums, stride, rows, how, output, outputBytes, n);
        }
        else if (Avx2.IsSupported)
        {
            Run256(sums, stride, rows, how, output, outputBytes, n);
        }
        else
        {
            RunArm(sums, stride, rows, how, output, outputBytes, n);
        }
    }

    // Channels outside: what a channel brings is loaded once for all rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run512(int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
    {
        var min = Vector512.Create((sbyte)how->Min);
        var max = Vector512.Create((sbyte)how->Max);
        var uppers = Vector512.Create(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
        var transposed = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        for (nint i = 0; i < n; i += Vector512<int>.Count)
        {
            Vector512<int> multipliers = Vector512.Load(how->Multipliers + i);
            Vector512<int> odds = (multipliers.AsInt64() >>> 32).AsInt32();
            Vector512<uint> lefts = Vector512.Load(how->Short.Lefts + i).AsUInt32();
            Vector512<uint> rights = Vector512.Load(how->RightShifts + i).AsUInt32();
            Vector512<int> halves = Vector512.Load(how->Short.Halves + i);
            int* source = sums + i;
            byte* destination = output + i;
            int row = 0;
            for (; row <= rows - RowsAtOnce; row += RowsAtOnce)
            {
                Vector512<int> x0 = Scale(source, multipliers, odds, lefts, rights, halves, uppers);
                Vector512<int> x1 = Scale(source + stride, multipliers, odds, lefts, rights, halves, uppers);
                Vector512<int> x2 = Scale(source + (2 * stride), multipliers, odds, lefts, rights, halves, uppers);
                Vector512<int> x3 = Scale(source + (3 * stride), multipliers, odds, lefts, rights, halves, uppers);
                Vector512<sbyte> x = Vector512.Min(Vector512.Max(Avx512BW.PackSignedSaturate(Avx512BW.PackSignedSaturate(x0, x1), Avx512BW.PackSignedSaturate(x2, x3)), min), max);

                // Packing leaves four channels of each row in every 128 bits.
                x = Avx512F.PermuteVar16x32(x.AsInt32(), transposed).AsSByte();
                x.GetLower().GetLower().Store((sbyte*)destination);
                x.GetLower().GetUpper().Store((sbyte*)destination + outputBytes);
                x.GetUpper().GetLower().Store((sbyte*)destination + (2 * outputBytes));
                x.GetUpper().GetUpper().Store((sbyte*)destination + (3 * outputBytes));
                source += RowsAtOnce * stride;
                destination += RowsAtOnce * outputBytes;
            }

            for (; row < rows; row++)
            {
                Vector128<sbyte> x = Avx512F.ConvertToVector128SByteWithSaturation(Scale(source, multipliers, odds, lefts, rights, halves, uppers));
                Vector128.Min(Vector128.Max(x, min.GetLower().GetLower()), max.GetLower().GetLower()).Store((sbyte*)destination);
                source += stride;
                destination += outputBytes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run256(int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
    {
        var min = Vector256.Create((sbyte)how->Min);
        var max = Vector256.Create((sbyte)how->Max);
        var transposed = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        for (nint i = 0; i < n; i += Vector256<int>.Count)
        {
            Vector256<int> multipliers = Vector256.Load(how->Multipliers + i);
            Vector256<int> odds = (multipliers.AsInt64() >>> 32).AsInt32();
            Vector256<uint> lefts = Vector256.Load(how->Short.Lefts + i).AsUInt32();
            Vector256<uint> rights = Vector256.Load(how->RightShifts + i).AsUInt32();
            Vector256<int> halves = Vector256.Load(how->Short.Halves + i);
            int* source = sums + i;
            byte* destination = output + i;
            int row = 0;
            for (; row <= rows - RowsAtOnce; row += RowsAtOnce)
            {
                Vector256<int> x0 = Scale(source, multipliers, odds, lefts, rights, halves);
                Vector256<int> x1 = Scale(source + stride, multipliers, odds, lefts, rights, halves);
                Vector256<int> x2 = Scale(source + (2 * stride), multipliers, odds, lefts, rights, halves);
                Vector256<int> x3 = Scale(source + (3 * stride), multipliers, odds, lefts, rights, halves);
                Vector256<sbyte> x = Vector256.Min(Vector256.Max(Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(x0, x1), Avx2.PackSignedSaturate(x2, x3)), min), max);
                Vector256<long> y = Avx2.PermuteVar8x32(x.AsInt32(), transposed).AsInt64();
                Unsafe.WriteUnaligned(destination, y.GetElement(0));
                Unsafe.WriteUnaligned(destination + outputBytes, y.GetElement(1));
                Unsafe.WriteUnaligned(destination + (2 * outputBytes), y.GetElement(2));
                Unsafe.WriteUnaligned(destination + (3 * outputBytes), y.GetElement(3));
                source += RowsAtOnce * stride;
                destination += RowsAtOnce * outputBytes;
            }

            for (; row < rows; row++)
            {
                Vector256<int> scaled = Scale(source, multipliers, odds, lefts, rights, halves);
                Vector128<short> x = Sse2.PackSignedSaturate(scaled.GetLower(), scaled.GetUpper());
                Vector128<sbyte> y = Vector128.Min(Vector128.Max(Sse2.PackSignedSaturate(x, x), min.GetLower()), max.GetLower());
                Unsafe.WriteUnaligned(destination, y.AsInt64().ToScalar());
                source += stride;
                destination += outputBytes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Scale(
        int* source, Vector512<int> multipliers, Vector512<int> odds, Vector512<uint> lefts, Vector512<uint> rights, Vector512<int> halves, Vector512<int> uppers)
    {
        Vector512<int> x = Avx512F.ShiftLeftLogicalVariable(Vector512.Load(source), lefts);
        Vector512<long> nudge = Vector512.Create(1L << 31);
        Vector512<long> even = Avx512F.Multiply(x, multipliers) + nudge;
        Vector512<long> odd = Avx512F.Multiply((x.AsInt64() >>> 32).AsInt32(), odds) + nudge;
        x = Avx512F.PermuteVar16x32x2(even.AsInt32(), uppers, odd.AsInt32());
        return Avx512F.ShiftRightArithmeticVariable(x + halves + (x >> 31), rights);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Scale(
        int* source, Vector256<int> multipliers, Vector256<int> odds, Vector256<uint> lefts, Vector256<uint> rights, Vector256<int> halves)
    {
        Vector256<int> x = Avx2.ShiftLeftLogicalVariable(Vector256.Load(source), lefts);
        Vector256<long> nudge = Vector256.Create(1L << 31);
        Vector256<long> even = Avx2.Multiply(x, multipliers) + nudge;
        Vector256<long> odd = Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), odds) + nudge;
        x = Avx2.Blend(Avx.DuplicateOddIndexed(even.AsSingle()).AsInt32(), odd.AsInt32(), 0b1010_1010);
        return Avx2.ShiftRightArithmeticVariable(x + halves + (x >> 31), rights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunArm(int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
    {
        var min = Vector64.Create((sbyte)how->Min);
        var max = Vector64.Create((sbyte)how->Max);
        for (nint i = 0; i < n; i += 2 * Vector128<int>.Count)
        {
            nint next = i + Vector128<int>.Count;
            Vector128<int> multipliers0 = Vector128.Load(how->Multipliers + i);
            Vector128<int> multipliers1 = Vector128.Load(how->Multipliers + next);
            Vector128<int> lefts0 = Vector128.Load(how->LeftShifts + i);
            Vector128<int> lefts1 = Vector128.Load(how->LeftShifts + next);
            Vector128<int> rights0 = -Vector128.Load(how->RightShifts + i);
            Vector128<int> rights1 = -Vector128.Load(how->RightShifts + next);
            Vector128<int> halves0 = Vector128.Load(how->Short.Halves + i);
            Vector128<int> halves1 = Vector128.Load(how->Short.Halves + next);
            int* source = sums + i;
            byte* destination = output + i;
            for (int row = 0; row < rows; row++)
            {
                Vector128<int> x0 = Scale(source, multipliers0, lefts0, rights0, halves0);
                Vector128<int> x1 = Scale(source + Vector128<int>.Count, multipliers1, lefts1, rights1, halves1);
                Vector128<short> x = AdvSimd.ExtractNarrowingSaturateUpper(AdvSimd.ExtractNarrowingSaturateLower(x0), x1);
                Vector64.Min(Vector64.Max(AdvSimd.ExtractNarrowingSaturateLower(x), min), max).Store((sbyte*)destination);
                source += stride;
                destination += outputBytes;
            }
        }
    }

    // sqrdmulh doubles by itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Scale(int* source, Vector128<int> multipliers, Vector128<int> lefts, Vector128<int> rights, Vector128<int> halves)
    {
        Vector128<int> x = AdvSimd.MultiplyRoundedDoublingSaturateHigh(AdvSimd.ShiftLogical(Vector128.Load(source), lefts), multipliers);
        return AdvSimd.ShiftArithmetic(x + halves + (x >> 31), rights);
    }

    private struct Packing
    {
        internal Requantization How;
        internal int Channels;
    }
}
