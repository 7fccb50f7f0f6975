using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeRuntime.Kernels.Simd;

/// <summary>
/// Vectors of int32 sums of int8 products, one sum for each output. Each step adds the products of <see cref="Group"/>
/// inputs, the same ones in every lane, and as many weights in every lane. Exact: nothing saturates and int32 wraps.
/// </summary>
internal unsafe interface IDotLanes<TVector>
    where TVector : struct
{
    /// <summary>Sums in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Inputs in a step.</summary>
    static abstract int Group { get; }

    /// <summary>Bytes of a packed weight and of a prepared input: 1, or 2 where the processor multiplies int16.</summary>
    static abstract int Size { get; }

    /// <summary>Whether inputs that many sums share are multiplied as <see cref="Prepare"/> leaves them; where <see cref="Size"/> is 2, all are.</summary>
    static abstract bool Prepares { get; }

    /// <summary>What is added to every input before it is multiplied; its share of the sums is taken out through the bias.</summary>
    static abstract int InputOffset { get; }

    /// <summary>Position, in a vector of weights, of the weight of one output and one input of the step.</summary>
    static abstract int Slot(int lane, int input);

    static abstract TVector Load(void* source);

    /// <summary>Prepares n inputs, <see cref="Size"/> bytes each. Reads and writes whole vectors: what follows the inputs meets weights of zero.</summary>
    static abstract void Prepare(sbyte* inputs, byte* prepared, nint n);

    /// <summary>The <see cref="Group"/> inputs of a step, in every lane: int8, or int16 where <see cref="Size"/> is 2.</summary>
    static abstract TVector Broadcast(void* inputs);

    /// <summary>The same from inputs that were prepared.</summary>
    static abstract TVector BroadcastPrepared(void* inputs);

    static abstract TVector MultiplyAdd(TVector sums, TVector inputs, TVector weights);

    static abstract TVector Add(TVector a, TVector b);

    static abstract void Store(TVector sums, int* destination);
}

/// <summary>8 sums, four bytes a step: AVX-VNNI's vpdpbusd, whose inputs are unsigned.</summary>
internal readonly unsafe struct VnniLanes256 : IDotLanes<Vector256<int>>
{
    public static int Count => 8;

    public static int Group => 4;

    public static int Size => 1;

    public static bool Prepares => true;

    public static int InputOffset => 128;

    public static int Slot(int lane, int input) => (lane * 4) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(void* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n)
    {
        for (nint i = 0; i < n; i += Vector256<byte>.Count)
        {
            (Vector256.Load((byte*)inputs + i) ^ Vector256.Create((byte)0x80)).Store(prepared + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(void* inputs) => Vector256.Create(*(int*)inputs) ^ Vector256.Create((byte)0x80).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> BroadcastPrepared(void* inputs) => Vector256.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<int> inputs, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(sums, inputs.AsByte(), weights.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sums, int* destination) => sums.Store(destination);
}

/// <summary>16 sums, two int16 a step: AVX-512BW's vpmaddwd. int16, since vpmaddubsw would saturate.</summary>
internal readonly unsafe struct PairLanes512 : IDotLanes<Vector512<int>>
{
    public static int Count => 16;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 2) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(void* source) => Vector512.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WideInputs.Widen(inputs, (short*)prepared, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(void* inputs) => Vector512.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sums, Vector512<int> inputs, Vector512<int> weights) =>
        sums + Avx512BW.MultiplyAddAdjacent(inputs.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sums, int* destination) => sums.Store(destination);
}

/// <summary>8 sums, two int16 a step: AVX2's vpmaddwd.</summary>
internal readonly unsafe struct PairLanes256 : IDotLanes<Vector256<int>>
{
    public static int Count => 8;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 2) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(void* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WideInputs.Widen(inputs, (short*)prepared, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(void* inputs) => Vector256.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<int> inputs, Vector256<int> weights) =>
        sums + Avx2.MultiplyAddAdjacent(inputs.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sums, int* destination) => sums.Store(destination);
}

/// <summary>4 sums, two int16 a step: SSE2's pmaddwd.</summary>
internal readonly unsafe struct PairLanes128 : IDotLanes<Vector128<int>>
{
    public static int Count => 4;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 2) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(void* source) => Vector128.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WideInputs.Widen(inputs, (short*)prepared, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(void* inputs) => Vector128.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> sums, Vector128<int> inputs, Vector128<int> weights) =>
        sums + Sse2.MultiplyAddAdjacent(inputs.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sums, int* destination) => sums.Store(destination);
}

/// <summary>4 sums, four int8 a step: Arm64's sdot (ARMv8.2 and later, for example Raspberry Pi 5).</summary>
internal readonly unsafe struct ArmDotLanes128 : IDotLanes<Vector128<int>>
{
    public static int Count => 4;

    public static int Group => 4;

    public static int Size => 1;

    public static bool Prepares => false;

    public static int InputOffset => 0;

    public static int Slot(int lane, int input) => (lane * 4) + input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(void* source) => Vector128.Load((int*)source);

    public static void Prepare(sbyte* inputs, byte* prepared, nint n)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(void* inputs) => Vector128.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> sums, Vector128<int> inputs, Vector128<int> weights) =>
        Dp.DotProduct(sums, inputs.AsSByte(), weights.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sums, int* destination) => sums.Store(destination);
}

/// <summary>4 sums, two int16 a step: Arm64's widening multiply-accumulate (every Arm64, for example Raspberry Pi 3 and 4).</summary>
internal readonly unsafe struct ArmWideningLanes128 : IDotLanes<Vector128<int>>
{
    public static int Count => 4;

    public static int Group => 2;

    public static int Size => 2;

    public static bool Prepares => true;

    public static int InputOffset => 0;

    // smlal takes the lower half of a vector and smlal2 the upper: the four outputs of one input lie together.
    public static int Slot(int lane, int input) => (input * 4) + lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(void* source) => Vector128.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepare(sbyte* inputs, byte* prepared, nint n) => WideInputs.Widen(inputs, (short*)prepared, n);

    // Loaded as a float, two int16 go straight to a vector register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(void* inputs) =>
        AdvSimd.Arm64.VectorTableLookup(
            Vector128.CreateScalarUnsafe(*(float*)inputs).AsByte(),
            Vector128.Create((byte)0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> BroadcastPrepared(void* inputs) => Broadcast(inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> sums, Vector128<int> inputs, Vector128<int> weights)
    {
        Vector128<short> x = inputs.AsInt16();
        Vector128<short> w = weights.AsInt16();
        return AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningLowerAndAdd(sums, w.GetLower(), x.GetLower()), w, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sums, int* destination) => sums.Store(destination);
}

/// <summary>Inputs as int16, for processors that multiply those.</summary>
internal static unsafe class WideInputs
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Widen(sbyte* x, short* wide, nint n)
    {
        for (nint i = 0; i < n; i += Vector128<sbyte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(x + i));
            low.Store(wide + i);
            high.Store(wide + i + 8);
        }
    }
}
