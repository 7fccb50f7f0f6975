using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Simd.Int8.Sums;

/// <summary>The sum of one channel: the channels that fill no vector, and the scalar twin.</summary>
internal readonly unsafe struct ScalarSums : IInt32Sums<ScalarSums>
{
    private readonly int value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ScalarSums(int value) => this.value = value;

    public static bool IsSupported => true;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator ScalarSums(int value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums operator +(ScalarSums a, ScalarSums b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums Max(ScalarSums a, ScalarSums b) => new(Math.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums Load(int* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums Load(sbyte* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums Load(short* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums MultiplyAdd(ScalarSums sums, sbyte* x, sbyte* weights) => new(sums.value + (*x * *weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarSums MultiplyAdd(ScalarSums sums, short* x, sbyte* weights) => new(sums.value + (*x * *weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Total(ScalarSums sums) => sums.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ScalarSums sums, int* destination) => *destination = sums.value;
}
