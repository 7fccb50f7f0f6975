using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>8 sums, two int16 a step: AVX2's vpmaddwd.</summary>
internal readonly unsafe struct Avx2MaddLanes : IDotLanes<Avx2MaddLanes>
{
    private readonly Vector256<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx2MaddLanes(Vector256<int> value) => this.value = value;

    public static bool IsSupported => Avx2.IsSupported;

    public static int Count => 8;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 2) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2MaddLanes operator +(Avx2MaddLanes a, Avx2MaddLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2MaddLanes Load(void* source) => new(Vector256.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2MaddLanes LoadWeights(byte* source) => new(Avx2.ConvertToVector256Int16((sbyte*)source).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WidenedInputs.Store(inputs, (short*)prepared, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2MaddLanes Broadcast(void* inputs) => new(Vector256.Create(*(int*)inputs));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2MaddLanes BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2MaddLanes MultiplyAdd(Avx2MaddLanes sums, Avx2MaddLanes inputs, Avx2MaddLanes weights) =>
        new(sums.value + Avx2.MultiplyAddAdjacent(inputs.value.AsInt16(), weights.value.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Avx2MaddLanes sums, int* destination) => sums.value.Store(destination);
}
