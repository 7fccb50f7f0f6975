using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>4 sums, two int16 a step: SSE2's pmaddwd.</summary>
internal readonly unsafe struct Sse2MaddLanes : IDotLanes<Sse2MaddLanes>
{
    private readonly Vector128<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Sse2MaddLanes(Vector128<int> value) => this.value = value;

    public static bool IsSupported => Sse2.IsSupported && Vector128.IsHardwareAccelerated;

    public static int Count => 4;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 2) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sse2MaddLanes operator +(Sse2MaddLanes a, Sse2MaddLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sse2MaddLanes Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sse2MaddLanes LoadWeights(byte* source) => new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsSByte()).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WidenedInputs.Store(inputs, (short*)prepared, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sse2MaddLanes Broadcast(void* inputs) => new(Vector128.Create(*(int*)inputs));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sse2MaddLanes BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sse2MaddLanes MultiplyAdd(Sse2MaddLanes sums, Sse2MaddLanes inputs, Sse2MaddLanes weights) =>
        new(sums.value + Sse2.MultiplyAddAdjacent(inputs.value.AsInt16(), weights.value.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Sse2MaddLanes sums, int* destination) => sums.value.Store(destination);
}
