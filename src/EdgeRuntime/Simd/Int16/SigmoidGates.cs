using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Runtime.Simd.Int16;

/// <summary>
/// <see cref="SigmoidLines"/> over arrays, bit for bit. Two neighbours of the table of uint16 are one load of 32 bits, so that AVX2
/// gathers both ends of eight lines at once; other processors take one element at a time.
/// </summary>
internal static unsafe class SigmoidGates
{
    private const int Last = SigmoidLines.Entries - 1;
    private const int SigmoidBits = 9;
    private const int TanhBits = 8;

    /// <summary>x = sigmoid(x + more), the sum bounded to int16; inputs have the scale 1/4096.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sigmoid(short* x, short* more, int count, ushort* table)
    {
        int i = 0;
        for (; Avx2.IsSupported && i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            Vector256<int> position = Positions(x + i, more + i);
            Vector256<int> negative = Vector256.ShiftRightArithmetic(position, 31);
            Vector256<int> line = Line(Vector256.Abs(position), SigmoidBits, short.MaxValue << (SigmoidBits + 1), table);
            line = (line ^ negative) + (negative & Vector256.Create(1 << (16 + SigmoidBits)));
            Store(Vector256.ShiftRightArithmetic(line + Vector256.Create(1 << SigmoidBits), SigmoidBits + 1), x + i);
        }

        for (; i < count; i++)
        {
            x[i] = Sigmoid(SigmoidLines.Step * Saturated(x[i] + more[i]), table);
        }
    }

    /// <summary>x = tanh(x + more), the sum bounded to int16; inputs have the scale 1/4096.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tanh(short* x, short* more, int count, ushort* table)
    {
        int i = 0;
        for (; Avx2.IsSupported && i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            Store(Tanh(Positions(x + i, more + i), table), x + i);
        }

        for (; i < count; i++)
        {
            x[i] = Tanh(SigmoidLines.Step * Saturated(x[i] + more[i]), table);
        }
    }

    /// <summary>y = tanh(x), x at the position that multiplier and shift give it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tanh(short* x, int multiplier, int shift, short* y, int count, ushort* table)
    {
        int half = shift > 0 ? 1 << (shift - 1) : 0;
        int i = 0;
        for (; Avx2.IsSupported && i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
        {
            Vector256<int> scaled = (Avx2.ConvertToVector256Int32(x + i) * Vector256.Create(multiplier)) + Vector256.Create(half);
            Store(Tanh(Vector256.ShiftRightArithmetic(scaled, shift), table), y + i);
        }

        for (; i < count; i++)
        {
            y[i] = Tanh(SigmoidLines.Position(x[i], multiplier, shift), table);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Positions(short* x, short* more)
    {
        Vector128<short> sum = Sse2.AddSaturate(Vector128.Load(x), Vector128.Load(more));
        return Avx2.ConvertToVector256Int32(sum) * Vector256.Create(SigmoidLines.Step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Tanh(Vector256<int> position, ushort* table)
    {
        Vector256<int> negative = Vector256.ShiftRightArithmetic(position, 31);
        Vector256<int> line = Line(Vector256.Abs(position), TanhBits, ushort.MaxValue << TanhBits, table) - Vector256.Create(1 << (15 + TanhBits));
        return Vector256.ShiftRightArithmetic((line ^ negative) + Vector256.Create(1 << (TanhBits - 1)), TanhBits);
    }

    /// <summary>1 / (1 + e^−x), x at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static short Sigmoid(int position, ushort* table)
    {
        int line = Line(Math.Abs(position), SigmoidBits, short.MaxValue << (SigmoidBits + 1), table);
        line = position < 0 ? (1 << (16 + SigmoidBits)) - 1 - line : line;
        return (short)((line + (1 << SigmoidBits)) >> (SigmoidBits + 1));
    }

    /// <summary>tanh x, x at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static short Tanh(int position, ushort* table)
    {
        int line = Line(Math.Abs(position), TanhBits, ushort.MaxValue << TanhBits, table) - (1 << (15 + TanhBits));
        return (short)(((position < 0 ? -line - 1 : line) + (1 << (TanhBits - 1))) >> TanhBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Line(Vector256<int> distance, int bits, int limit, ushort* table)
    {
        Vector256<int> index = Vector256.ShiftRightLogical(distance, bits);
        Vector256<int> both = Avx2.GatherVector256((int*)table, Vector256.Min(index, Vector256.Create(Last - 1)), sizeof(ushort));
        Vector256<int> entry = both & Vector256.Create((int)ushort.MaxValue);
        Vector256<int> rise = Vector256.ShiftRightLogical(both, 16) - entry;
        Vector256<int> line = Vector256.ShiftLeft(entry, bits) + ((distance & Vector256.Create((1 << bits) - 1)) * rise);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(index, Vector256.Create(Last - 1)), Vector256.Create(limit), line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Line(int distance, int bits, int limit, ushort* table)
    {
        int index = distance >> bits;
        return index >= Last ? limit : (table[index] << bits) + ((distance & ((1 << bits) - 1)) * (table[index + 1] - table[index]));
    }

    // The low 16 bits of each number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> values, short* destination) =>
        Vector128.Narrow(values.GetLower(), values.GetUpper()).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Saturated(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
}
