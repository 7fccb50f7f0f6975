using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>
/// 4 sums, four int8 a step, on every Arm64: smull2 and smlal add two products in int16, sadalp adds those in pairs to the sums. Two products
/// fit int16 where no weight is −128, as 2 · 128 · 127 is below 2^15.
/// </summary>
internal readonly unsafe struct AdvSimdPairLanes : IDotLanes<AdvSimdPairLanes>
{
    private readonly Vector128<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AdvSimdPairLanes(Vector128<int> value) => this.value = value;

    public static bool IsSupported => AdvSimd.IsSupported;

    public static int Count => 4;

    public static int Group => 4;

    public static int Size => 1;

    public static bool Prepares => false;

    public static int InputOffset => 0;

    public static sbyte LowestWeight => -sbyte.MaxValue;

    // The lower half meets the inputs in their order, twice, and the upper half with their pairs exchanged: each output has its four in two
    // neighbouring places of both.
    public static int Slot(int lane, int input) => (((input / 2) ^ (lane % 2)) * 8) + (lane * 2) + (input % 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdPairLanes operator +(AdvSimdPairLanes a, AdvSimdPairLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdPairLanes Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdPairLanes LoadWeights(byte* source) => Load(source);

    public static void Prepare(sbyte* inputs, byte* prepared, nint n)
    {
    }

    // Loaded as a float, four int8 go straight to a vector register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdPairLanes Broadcast(void* inputs) => new(Vector128.Create(*(float*)inputs).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdPairLanes BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdPairLanes MultiplyAdd(AdvSimdPairLanes sums, AdvSimdPairLanes inputs, AdvSimdPairLanes weights)
    {
        Vector128<sbyte> x = inputs.value.AsSByte();
        Vector128<sbyte> exchanged = AdvSimd.ReverseElement16(inputs.value).AsSByte();
        Vector128<sbyte> w = weights.value.AsSByte();

        // In this order: the lower half of a vector that is used no more is no copy.
        Vector128<short> products = AdvSimd.MultiplyWideningUpper(exchanged, w);
        products = AdvSimd.MultiplyWideningLowerAndAdd(products, x.GetLower(), w.GetLower());
        return new(AdvSimd.AddPairwiseWideningAndAdd(sums.value, products));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(AdvSimdPairLanes sums, int* destination) => sums.value.Store(destination);
}
