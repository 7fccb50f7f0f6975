using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>8 sums, four bytes a step: AVX-VNNI's vpdpbusd, whose inputs are unsigned.</summary>
internal readonly unsafe struct AvxVnniDotLanes : IDotLanes<AvxVnniDotLanes>
{
    private readonly Vector256<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AvxVnniDotLanes(Vector256<int> value) => this.value = value;

    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Count => 8;

    public static int Group => 4;

    public static int Size => 1;

    public static bool Prepares => true;

    public static int InputOffset => 128;

    public static int Slot(int lane, int input) => (lane * 4) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AvxVnniDotLanes operator +(AvxVnniDotLanes a, AvxVnniDotLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AvxVnniDotLanes Load(void* source) => new(Vector256.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AvxVnniDotLanes LoadWeights(byte* source) => Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n)
    {
        for (nint i = 0; i < n; i += Vector256<byte>.Count)
        {
            (Vector256.Load((byte*)inputs + i) ^ Vector256.Create((byte)0x80)).Store(prepared + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AvxVnniDotLanes Broadcast(void* inputs) => new(Vector256.Create(*(int*)inputs) ^ Vector256.Create((byte)0x80).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AvxVnniDotLanes BroadcastPrepared(void* inputs) => new(Vector256.Create(*(int*)inputs));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AvxVnniDotLanes MultiplyAdd(AvxVnniDotLanes sums, AvxVnniDotLanes inputs, AvxVnniDotLanes weights) =>
        new(AvxVnni.MultiplyWideningAndAdd(sums.value, inputs.value.AsByte(), weights.value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(AvxVnniDotLanes sums, int* destination) => sums.value.Store(destination);
}
