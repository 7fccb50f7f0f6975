using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary><see cref="SigmoidVectors"/> over 8 elements at once for Arm64, which has no gather: the ends of lines are loaded one by one, all else is in vectors.</summary>
internal static unsafe class AdvSimdSigmoids
{
    private const int Count = 8;
    private const int SigmoidBits = SigmoidVectors.SigmoidBits;
    private const int TanhBits = SigmoidVectors.TanhBits;

    internal static bool IsSupported => AdvSimd.Arm64.IsSupported;

    /// <summary>x = sigmoid(x + more), the sum bounded to int16, in whole steps; gives how many elements those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Sigmoid(short* x, short* more, int count, int* pairs)
    {
        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Vector128<short> sum = AdvSimd.AddSaturate(Vector128.Load(x + i), Vector128.Load(more + i));
            Vector128<ushort> size = AdvSimd.Abs(sum);
            Vector128<short> fraction = (size * Step & Vector128.Create((ushort)((1 << SigmoidBits) - 1))).AsInt16();
            Vector128<uint> lowIndex = AdvSimd.MultiplyWideningLower(size.GetLower(), Step.GetLower()) >>> SigmoidBits;
            Vector128<uint> highIndex = AdvSimd.MultiplyWideningUpper(size, Step) >>> SigmoidBits;
            (Vector128<int> low, Vector128<int> high) = Lines(lowIndex, highIndex, Vector128.Create((short)(1 << SigmoidBits)) - fraction, fraction, pairs);
            Vector128<short> values = AdvSimd.ShiftRightArithmeticRoundedNarrowingSaturateUpper(
                AdvSimd.ShiftRightArithmeticRoundedNarrowingSaturateLower(low, SigmoidBits + 1), high, SigmoidBits + 1);
            (Signed(values, sum >> 15) + Vector128.Create((short)(1 << 14))).Store(x + i);
        }

        return i;
    }

    /// <summary>x = tanh(x + more) in the same way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Tanh(short* x, short* more, int count, int* pairs)
    {
        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Vector128<short> sum = AdvSimd.AddSaturate(Vector128.Load(x + i), Vector128.Load(more + i));
            Vector128<ushort> size = AdvSimd.Abs(sum);
            Vector128<short> fraction = (size * Step & Vector128.Create((ushort)((1 << TanhBits) - 1))).AsInt16();
            Vector128<uint> lowIndex = AdvSimd.MultiplyWideningLower(size.GetLower(), Step.GetLower()) >>> TanhBits;
            Vector128<uint> highIndex = AdvSimd.MultiplyWideningUpper(size, Step) >>> TanhBits;
            Signed(Tanh(lowIndex, highIndex, fraction, pairs), sum >> 15).Store(x + i);
        }

        return i;
    }

    /// <summary>y = tanh(x), x at the position that multiplier and shift give it, in whole steps; gives how many elements those are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Tanh(short* x, int multiplier, int shift, short* y, int count, int* pairs)
    {
        Vector128<short> factor = Vector128.Create((short)multiplier);
        Vector128<int> half = Vector128.Create(shift > 0 ? 1 << (shift - 1) : 0);
        Vector128<int> left = Vector128.Create(-shift);
        Vector128<int> most = Vector128.Create(SigmoidPairs.Beyond << TanhBits);
        int i = 0;
        for (; i <= count - Count; i += Count)
        {
            Vector128<short> value = Vector128.Load(x + i);
            Vector128<int> low = AdvSimd.ShiftArithmetic(AdvSimd.MultiplyWideningLower(value.GetLower(), factor.GetLower()) + half, left);
            Vector128<int> high = AdvSimd.ShiftArithmetic(AdvSimd.MultiplyWideningUpper(value, factor) + half, left);
            Vector128<int> lowDistance = AdvSimd.Min(AdvSimd.Abs(low).AsInt32(), most);
            Vector128<int> highDistance = AdvSimd.Min(AdvSimd.Abs(high).AsInt32(), most);
            Vector128<short> fraction = Vector128.Narrow(lowDistance, highDistance) & Vector128.Create((short)((1 << TanhBits) - 1));
            Vector128<short> values = Tanh(lowDistance.AsUInt32() >>> TanhBits, highDistance.AsUInt32() >>> TanhBits, fraction, pairs);
            Signed(values, Vector128.Narrow(low >> 31, high >> 31)).Store(y + i);
        }

        return i;
    }

    private static Vector128<ushort> Step => Vector128.Create((ushort)SigmoidLines.Step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Tanh(Vector128<uint> lowIndex, Vector128<uint> highIndex, Vector128<short> fraction, int* pairs)
    {
        (Vector128<int> low, Vector128<int> high) = Lines(lowIndex, highIndex, Vector128.Create((short)(1 << TanhBits)) - fraction, fraction, pairs);
        return AdvSimd.ShiftRightArithmeticRoundedNarrowingSaturateUpper(AdvSimd.ShiftRightArithmeticRoundedNarrowingSaturateLower(low, TanhBits), high, TanhBits);
    }

    // The nearer ends times the rest of a step, and the farther ones times the fraction of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<int> Low, Vector128<int> High) Lines(Vector128<uint> lowIndex, Vector128<uint> highIndex, Vector128<short> rest, Vector128<short> fraction, int* pairs)
    {
        Vector128<short> low = Ends(lowIndex, pairs);
        Vector128<short> high = Ends(highIndex, pairs);
        Vector128<short> near = AdvSimd.Arm64.UnzipEven(low, high);
        Vector128<short> far = AdvSimd.Arm64.UnzipOdd(low, high);
        return (
            AdvSimd.MultiplyWideningLowerAndAdd(AdvSimd.MultiplyWideningLower(near.GetLower(), rest.GetLower()), far.GetLower(), fraction.GetLower()),
            AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningUpper(near, rest), far, fraction));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Ends(Vector128<uint> index, int* pairs)
    {
        ulong first = index.AsUInt64().ToScalar();
        ulong second = index.AsUInt64().GetElement(1);
        Vector128<int> ends = Vector128.CreateScalarUnsafe(pairs[(uint)first]);
        ends = AdvSimd.LoadAndInsertScalar(ends, 1, pairs + (first >> 32));
        ends = AdvSimd.LoadAndInsertScalar(ends, 2, pairs + (uint)second);
        return AdvSimd.LoadAndInsertScalar(ends, 3, pairs + (second >> 32)).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Signed(Vector128<short> values, Vector128<short> negative) => (values ^ negative) - negative;
}
