using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>What is done to the sums of each channel, in arrays of int64 with whole vectors of <see cref="WideScaling.Channels"/>.</summary>
internal unsafe struct WideFactors
{
    internal long* Biases;

    /// <summary>Of 16 bits, not negative.</summary>
    internal long* Multipliers;

    /// <summary>To the right, 1 to 62.</summary>
    internal long* Shifts;

    /// <summary>Bias · multiplier, half of what is shifted out, and 2⁶³, modulo 2⁶⁴.</summary>
    internal long* Offsets;

    /// <summary>2⁶³ shifted to the right: what the offset's has become.</summary>
    internal long* Lifts;

    /// <summary>Whether no value leaves 31 bits before it is bounded.</summary>
    internal bool AreBounded;
}

/// <summary>int16 outputs of exact sums: (sum + bias) · multiplier, shifted to the right with ties up, bounded, and moved by a zero point. AVX2.</summary>
internal static unsafe class WideScaling
{
    /// <summary>Channels of a step.</summary>
    internal const int Channels = 8;

    internal static bool IsSupported => Avx2.IsSupported;

    /// <summary>Whole steps of n channels; gives how many channels those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static nint Store(int* sums, in WideFactors how, int low, int high, int zeroPoint, short* outputs, nint n)
    {
        WideFactors factors = how;
        nint i = 0;
        for (; i <= n - Channels; i += Channels)
        {
            Store(Avx2.ConvertToVector256Int64(sums + i), Avx2.ConvertToVector256Int64(sums + i + 4), in factors, i, low, high, zeroPoint, outputs);
        }

        return i;
    }

    /// <summary>The same of int64 sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static nint Store(long* sums, in WideFactors how, int low, int high, int zeroPoint, short* outputs, nint n)
    {
        WideFactors factors = how;
        nint i = 0;
        for (; i <= n - Channels; i += Channels)
        {
            Store(Vector256.Load(sums + i), Vector256.Load(sums + i + 4), in factors, i, low, high, zeroPoint, outputs);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<long> first, Vector256<long> second, in WideFactors factors, nint i, int low, int high, int zeroPoint, short* outputs)
    {
        first = Scale(first, in factors, i);
        second = Scale(second, in factors, i + 4);
        if (!factors.AreBounded)
        {
            first = Vector256.Min(Vector256.Max(first, Vector256.Create((long)low)), Vector256.Create((long)high));
            second = Vector256.Min(Vector256.Max(second, Vector256.Create((long)low)), Vector256.Create((long)high));
        }

        // Both lie within int32: their lower halves, in order.
        Vector256<int> values = Avx2.Permute4x64(Avx.Shuffle(first.AsSingle(), second.AsSingle(), 0b10_00_10_00).AsInt64(), 0b11_01_10_00).AsInt32();
        values = Vector256.Min(Vector256.Max(values, Vector256.Create(low)), Vector256.Create(high)) + Vector256.Create(zeroPoint);
        Sse2.PackSignedSaturate(values.GetLower(), values.GetUpper()).Store(outputs + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Scale(Vector256<long> x, in WideFactors factors, nint i)
    {
        Vector256<ulong> shifts = Vector256.Load(factors.Shifts + i).AsUInt64();
        Vector256<long> multipliers = Vector256.Load(factors.Multipliers + i);

        // Modulo 2⁶⁴, as a product of int64 is: lower and upper 32 bits by 16 bits each.
        Vector256<ulong> lower = Avx2.Multiply(x.AsUInt32(), multipliers.AsUInt32());
        Vector256<ulong> upper = Avx2.Multiply((x >>> 32).AsUInt32(), multipliers.AsUInt32());
        Vector256<ulong> product = lower + (upper << 32) + Vector256.Load(factors.Offsets + i).AsUInt64();

        // AVX2 shifts no sign in: what is above every number is added before and taken away after.
        return Avx2.ShiftRightLogicalVariable(product, shifts).AsInt64() - Vector256.Load(factors.Lifts + i);
    }
}
