using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ModelFormat;
using ModelFormat.Numerics;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>How int32 sums become an operator's outputs: scaled by channel, moved by the zero point, clamped, and looked up where there is a table.</summary>
internal unsafe struct Requantization
{
    /// <summary>For each channel, and zeros up to a whole vector of the widest kind.</summary>
    internal int* Multipliers;

    /// <summary>For each channel: the shift to the left before the multiplication, 0 to 30.</summary>
    internal int* LeftShifts;

    /// <summary>For each channel: the rounding shift to the right after it, 0 to 31.</summary>
    internal int* RightShifts;
    internal int ZeroPoint;
    internal int Min;
    internal int Max;

    /// <summary>256 entries, int8 or int16 as the output, or null.</summary>
    internal byte* Table;
    internal bool OutputIsInt16;

    /// <summary>For <see cref="RowRequantizer"/>, where it can be proven to give the same; else nulls.</summary>
    internal ShortRequantization Short;
}

/// <summary>
/// The end of every int8 operator with int32 sums: a vector at a time what <see cref="FixedPoint.Requantize(int, int, int)"/>
/// does to one, bit for bit.
/// </summary>
internal static unsafe class Requantizer
{
    /// <summary>int32 values in the widest vector: what arrays of sums and channels are padded to.</summary>
    internal const int Padding = 16;

    // Sums that were just stored as two vectors cannot be forwarded to a load of one; below this, waiting costs more than
    // the wider vectors gain.
    private const int Fewest512 = 48;

    private const int FewestVector = 3;

    internal static int Padded(int channels) => (channels + Padding - 1) / Padding * Padding;

    /// <summary>Reads multipliers and shifts (inputs at <paramref name="position"/> and after) for as many channels.</summary>
    internal static Requantization Bind(in BindContext context, int position, int channels)
    {
        var packing = new Packing
        {
            Multipliers = (int*)context.InputData(position),
            Shifts = (int*)context.InputData(position + 1),
            Channels = channels,
            PerChannel = context.Input(position).Elements == 1 ? 0 : 1,
        };
        int* packed = (int*)context.Shared("requantization", (long)3 * Padded(channels) * sizeof(int), packing, Pack);
        return new Requantization
        {
            Multipliers = packed,
            LeftShifts = packed + Padded(channels),
            RightShifts = packed + (2 * Padded(channels)),
            OutputIsInt16 = context.Output().Type == TensorType.Int16,
        };
    }

    /// <summary>
    /// The function that requantizes n sums of channels 0 to n − 1: (sums, how, outputs, n). Sums are overwritten, up to
    /// the next multiple of <see cref="Padding"/>.
    /// </summary>
    internal static delegate*<int*, Requantization*, byte*, nint, void> Function(bool fast, int channels) =>
        !fast || channels < FewestVector ? &RunScalar
        : Vector512.IsHardwareAccelerated && channels >= Fewest512 ? &Run512
        : Avx2.IsSupported ? &Run256
        : AdvSimd.IsSupported ? &RunArm
        : &RunScalar;

    /// <summary>
    /// Requantizes rows of sums, <paramref name="stride"/> int32 from one to the next, by the function that
    /// <see cref="Function"/> gave for fast kernels.
    /// </summary>
    internal static void Rows(delegate*<int*, Requantization*, byte*, nint, void> requantize, int* sums, nint stride, int rows, Requantization* how, byte* output, nint outputBytes, nint n)
    {
        if (how->Short.Lefts != null)
        {
            RowRequantizer.Run(sums, stride, rows, how, output, outputBytes, n);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            requantize(sums, how, output, n);
            sums += stride;
            output += outputBytes;
        }
    }

    private static void Pack(byte* destination, Packing packing)
    {
        int padded = Padded(packing.Channels);
        for (int channel = 0; channel < packing.Channels; channel++)
        {
            int shift = packing.Shifts[channel * packing.PerChannel];
            ((int*)destination)[channel] = packing.Multipliers[channel * packing.PerChannel];
            ((int*)destination)[padded + channel] = Math.Max(shift, 0);
            ((int*)destination)[(2 * padded) + channel] = Math.Max(-shift, 0);
        }
    }

    private static void RunScalar(int* sums, Requantization* how, byte* output, nint n)
    {
        for (nint i = 0; i < n; i++)
        {
            // One of the two shifts is 0.
            int value = FixedPoint.Requantize(sums[i], how->Multipliers[i], how->LeftShifts[i] - how->RightShifts[i]) + how->ZeroPoint;
            sums[i] = value < how->Min ? how->Min : value > how->Max ? how->Max : value;
        }

        Write(sums, how, output, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run512(int* sums, Requantization* how, byte* output, nint n)
    {
        Vector512<int> zeroPoint = Vector512.Create(how->ZeroPoint);
        Vector512<int> min = Vector512.Create(how->Min);
        Vector512<int> max = Vector512.Create(how->Max);
        bool bytes = how->Table == null && !how->OutputIsInt16;
        nint i = 0;
        for (; i < n; i += Vector512<int>.Count)
        {
            Vector512<int> multipliers = Vector512.Load(how->Multipliers + i);
            Vector512<int> rights = Vector512.Load(how->RightShifts + i);
            Vector512<int> x = Avx512F.ShiftLeftLogicalVariable(Vector512.Load(sums + i), Vector512.Load(how->LeftShifts + i).AsUInt32());

            // Products of the even lanes, then of the odd ones; the multiplier is not negative, so nothing saturates.
            Vector512<long> nudge = Vector512.Create(1L << 30);
            Vector512<long> even = (Avx512F.Multiply(x, multipliers) + nudge) >>> 31;
            Vector512<long> odd = (Avx512F.Multiply((x.AsInt64() >>> 32).AsInt32(), (multipliers.AsInt64() >>> 32).AsInt32()) + nudge) << 1;
            x = Vector512.ConditionalSelect(Vector512.Create(0x00000000FFFFFFFFL), even, odd).AsInt32();

            Vector512<int> mask = Avx512F.ShiftLeftLogicalVariable(Vector512<int>.One, rights.AsUInt32()) - Vector512<int>.One;
            Vector512<int> threshold = (mask >>> 1) - (x >> 31);
            Vector512<int> up = Vector512.GreaterThan(x & mask, threshold);
            x = Avx512F.ShiftRightArithmeticVariable(x, rights.AsUInt32()) - up + zeroPoint;
            x = Vector512.Min(Vector512.Max(x, min), max);
            if (bytes && i + Vector512<int>.Count <= n)
            {
                Avx512F.ConvertToVector128SByte(x).Store((sbyte*)output + i);
            }
            else
            {
                x.Store(sums + i);
            }
        }

        WriteRest(sums, how, output, n, bytes ? n / Vector512<int>.Count * Vector512<int>.Count : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run256(int* sums, Requantization* how, byte* output, nint n)
    {
        Vector256<int> zeroPoint = Vector256.Create(how->ZeroPoint);
        Vector256<int> min = Vector256.Create(how->Min);
        Vector256<int> max = Vector256.Create(how->Max);
        bool bytes = how->Table == null && !how->OutputIsInt16;
        for (nint i = 0; i < n; i += Vector256<int>.Count)
        {
            Vector256<int> multipliers = Vector256.Load(how->Multipliers + i);
            Vector256<int> rights = Vector256.Load(how->RightShifts + i);
            Vector256<int> x = Avx2.ShiftLeftLogicalVariable(Vector256.Load(sums + i), Vector256.Load(how->LeftShifts + i).AsUInt32());
            Vector256<long> nudge = Vector256.Create(1L << 30);
            Vector256<long> even = (Avx2.Multiply(x, multipliers) + nudge) >>> 31;
            Vector256<long> odd = (Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), (multipliers.AsInt64() >>> 32).AsInt32()) + nudge) << 1;
            x = Avx2.Blend(even.AsInt32(), odd.AsInt32(), 0b1010_1010);

            Vector256<int> mask = Avx2.ShiftLeftLogicalVariable(Vector256<int>.One, rights.AsUInt32()) - Vector256<int>.One;
            Vector256<int> threshold = (mask >>> 1) - (x >> 31);
            Vector256<int> up = Vector256.GreaterThan(x & mask, threshold);
            x = Avx2.ShiftRightArithmeticVariable(x, rights.AsUInt32()) - up + zeroPoint;
            x = Vector256.Min(Vector256.Max(x, min), max);
            if (bytes && i + Vector256<int>.Count <= n)
            {
                Vector128<short> narrow = Vector128.Narrow(x.GetLower(), x.GetUpper());
                Unsafe.WriteUnaligned(output + i, Vector128.Narrow(narrow, narrow).AsInt64().ToScalar());
            }
            else
            {
                x.Store(sums + i);
            }
        }

        WriteRest(sums, how, output, n, bytes ? n / Vector256<int>.Count * Vector256<int>.Count : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunArm(int* sums, Requantization* how, byte* output, nint n)
    {
        Vector128<int> zeroPoint = Vector128.Create(how->ZeroPoint);
        Vector128<int> min = Vector128.Create(how->Min);
        Vector128<int> max = Vector128.Create(how->Max);
        for (nint i = 0; i < n; i += Vector128<int>.Count)
        {
            Vector128<int> rights = Vector128.Load(how->RightShifts + i);
            Vector128<int> x = AdvSimd.ShiftLogical(Vector128.Load(sums + i), Vector128.Load(how->LeftShifts + i));

            // sqrdmulh rounds ties up and saturates exactly as FixedPoint.SaturatingRoundingDoublingHighMul.
            x = AdvSimd.MultiplyRoundedDoublingSaturateHigh(x, Vector128.Load(how->Multipliers + i));
            Vector128<int> mask = AdvSimd.ShiftLogical(Vector128<int>.One, rights) - Vector128<int>.One;
            Vector128<int> threshold = (mask >>> 1) - (x >> 31);
            Vector128<int> up = Vector128.GreaterThan(x & mask, threshold);
            x = AdvSimd.ShiftArithmetic(x, -rights) - up + zeroPoint;
            Vector128.Min(Vector128.Max(x, min), max).Store(sums + i);
        }

        WriteRest(sums, how, output, n, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRest(int* sums, Requantization* how, byte* output, nint n, nint done)
    {
        if (done == n)
        {
            return;
        }

        if (how->Table != null || how->OutputIsInt16)
        {
            Write(sums, how, output, n);
            return;
        }

        nint i = done;
        for (; i <= n - 16; i += 16)
        {
            Vector128<short> low = Vector128.Narrow(Vector128.Load(sums + i), Vector128.Load(sums + i + 4));
            Vector128<short> high = Vector128.Narrow(Vector128.Load(sums + i + 8), Vector128.Load(sums + i + 12));
            Vector128.Narrow(low, high).Store((sbyte*)output + i);
        }

        for (; i < n; i++)
        {
            output[i] = (byte)sums[i];
        }
    }

    private static void Write(int* values, Requantization* how, byte* output, nint n)
    {
        byte* table = how->Table;
        if (how->OutputIsInt16)
        {
            for (nint i = 0; i < n; i++)
            {
                ((short*)output)[i] = table == null ? (short)values[i] : ((short*)table)[values[i] + 128];
            }

            return;
        }

        for (nint i = 0; i < n; i++)
        {
            output[i] = table == null ? (byte)values[i] : table[values[i] + 128];
        }
    }

    private struct Packing
    {
        internal int* Multipliers;
        internal int* Shifts;
        internal int Channels;
        internal int PerChannel;
    }
}
