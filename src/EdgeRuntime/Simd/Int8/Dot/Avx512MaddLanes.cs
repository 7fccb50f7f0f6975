using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Int8.Dot;

/// <summary>16 sums, two int16 a step: AVX-512BW's vpmaddwd. int16, since vpmaddubsw would saturate.</summary>
internal readonly unsafe struct Avx512MaddLanes : IDotLanes<Avx512MaddLanes>
{
    private readonly Vector512<int> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Avx512MaddLanes(Vector512<int> value) => this.value = value;

    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    public static int Count => 16;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 2) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512MaddLanes operator +(Avx512MaddLanes a, Avx512MaddLanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512MaddLanes Load(void* source) => new(Vector512.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512MaddLanes LoadWeights(byte* source) => new(Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)source)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WidenedInputs.Store(inputs, (short*)prepared, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512MaddLanes Broadcast(void* inputs) => new(Vector512.Create(*(int*)inputs));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512MaddLanes BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512MaddLanes MultiplyAdd(Avx512MaddLanes sums, Avx512MaddLanes inputs, Avx512MaddLanes weights) =>
        new(sums.value + Avx512BW.MultiplyAddAdjacent(inputs.value.AsInt16(), weights.value.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Avx512MaddLanes sums, int* destination) => sums.value.Store(destination);
}
