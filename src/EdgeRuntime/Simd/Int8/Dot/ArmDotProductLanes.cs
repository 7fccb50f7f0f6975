using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>4 sums, four int8 a step: Arm64's sdot (ARMv8.2 and later, for example Raspberry Pi 5).</summary>
internal readonly unsafe struct ArmDotProductLanes : IDotLanes<ArmDotProductLanes>
{
    private readonly Vector128<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ArmDotProductLanes(Vector128<int> value) => this.value = value;

    public static bool IsSupported => Dp.IsSupported;

    public static int Count => 4;

    public static int Group => 4;

    public static int Size => 1;

    public static bool Prepares => false;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 4) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotProductLanes operator +(ArmDotProductLanes a, ArmDotProductLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotProductLanes Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotProductLanes LoadWeights(byte* source) => Load(source);

    public static void Prepare(sbyte* inputs, byte* prepared, nint n)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotProductLanes Broadcast(void* inputs) => new(Vector128.Create(*(int*)inputs));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotProductLanes BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotProductLanes MultiplyAdd(ArmDotProductLanes sums, ArmDotProductLanes inputs, ArmDotProductLanes weights) =>
        new(Dp.DotProduct(sums.value, inputs.value.AsSByte(), weights.value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ArmDotProductLanes sums, int* destination) => sums.value.Store(destination);
}
