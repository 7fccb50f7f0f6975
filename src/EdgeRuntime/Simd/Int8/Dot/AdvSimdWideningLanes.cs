using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>4 sums, two int16 a step: Arm64's widening multiply-accumulate (every Arm64, for example Raspberry Pi 3 and 4).</summary>
internal readonly unsafe struct AdvSimdWideningLanes : IDotLanes<AdvSimdWideningLanes>
{
    private readonly Vector128<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AdvSimdWideningLanes(Vector128<int> value) => this.value = value;

    public static bool IsSupported => AdvSimd.IsSupported;

    public static int Count => 4;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    // smlal takes the lower half of a vector and smlal2 the upper: the four outputs of one input lie together.
    public static int Slot(int lane, int input) => (input * 4) + lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdWideningLanes operator +(AdvSimdWideningLanes a, AdvSimdWideningLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdWideningLanes Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdWideningLanes LoadWeights(byte* source) => new(AdvSimd.SignExtendWideningLower(Vector64.Load((sbyte*)source)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WidenedInputs.Store(inputs, (short*)prepared, n);

    // Loaded as a float, two int16 go straight to a vector register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdWideningLanes Broadcast(void* inputs) =>
        new(AdvSimd.Arm64.VectorTableLookup(
            Vector128.CreateScalarUnsafe(*(float*)inputs).AsByte(),
            Vector128.Create((byte)0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdWideningLanes BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AdvSimdWideningLanes MultiplyAdd(AdvSimdWideningLanes sums, AdvSimdWideningLanes inputs, AdvSimdWideningLanes weights)
    {
        Vector128<short> x = inputs.value.AsInt16();
        Vector128<short> w = weights.value.AsInt16();
        return new(AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningLowerAndAdd(sums.value, w.GetLower(), x.GetLower()), w, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(AdvSimdWideningLanes sums, int* destination) => sums.value.Store(destination);
}
