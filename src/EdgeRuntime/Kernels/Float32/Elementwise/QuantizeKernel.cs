using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>
/// Quantize: clamp(round((x − offset) / scale) + zero point), ties away from zero as in TensorFlow Lite; NaN gives the
/// zero point. Every step is one IEEE float32 operation, so that all engines agree to the bit.
/// </summary>
internal static unsafe class QuantizeKernel
{
    // The largest float32 below 0.5. To truncate x + copysign(this, x) is to round, ties away from zero: true for all float32 up to
    // 2^17. With 0.5 itself, the number below it would become 1.
    private const float BelowHalf = 0.49999997f;

    // Above every integer that is stored; NaN is not below it.
    private const float Limit = 1 << 20;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo output = context.Output();
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Offsets = (float*)context.InputData(1),
            Scales = (float*)context.InputData(2),
            Output = context.OutputData(),
            Elements = context.Elements(0),
            Features = context.Input(0).LastDimension,
            Scale = output.Scale,
            ZeroPoint = output.ZeroPoint,
        };
        var kept = (Arguments*)context.Keep(arguments);
        return new BoundKernel(output.Type == TensorType.Int8 ? &Run<Int8Store> : &Run<Int16Store>, kept, &kept->Input);
    }

    internal static void ToInt8(float* source, sbyte* destination, nint n, float scale, int zeroPoint) =>
        OneRow<Int8Store>(source, null, null, scale, zeroPoint, (byte*)destination, n);

    internal static void ToInt16(float* source, short* destination, nint n, float scale, int zeroPoint) =>
        OneRow<Int16Store>(source, null, null, scale, zeroPoint, (byte*)destination, n);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TStore>(void* pointer)
        where TStore : struct, IIntegerStore
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        byte* output = a.Output;
        for (nint i = 0; i < a.Elements; i += a.Features)
        {
            OneRow<TStore>(a.Input + i, a.Offsets, a.Scales, a.Scale, a.ZeroPoint, output, a.Features);
            output += a.Features * TStore.Bytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRow<TStore>(float* source, float* offsets, float* scales, float scale, int zeroPoint, byte* destination, nint n)
        where TStore : struct, IIntegerStore
    {
        if (AdvSimdRounding.IsSupported && n >= AdvSimdRounding.Count && (TStore.Bytes == 1 || zeroPoint == 0))
        {
            AdvSimdRounding.Store(source, offsets, scales, scale, zeroPoint, destination, TStore.Bytes, n);
        }
        else
        {
            Row<TStore>(source, offsets, scales, scale, zeroPoint, destination, n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TStore>(float* source, float* offsets, float* scales, float scale, int zeroPoint, byte* destination, nint n)
        where TStore : struct, IIntegerStore
    {
        var features = new Features { Source = source, Offsets = offsets, Scales = scales, Scale = scale, ZeroPoint = zeroPoint, Destination = destination, Count = n };
        FloatLadder.All<Step<TStore>, Features>(ref features);
    }

    private readonly struct Step<TStore> : IFloatStep<Features>
        where TStore : struct, IIntegerStore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Run<TVector>(ref Features a)
            where TVector : struct, IFloatVector<TVector>
        {
            nint last = a.Count - TVector.Count;
            if (last < 0)
            {
                return false;
            }

            TVector zeroPoint = a.ZeroPoint;
            TVector low = TStore.Min - a.ZeroPoint;
            TVector high = TStore.Max - a.ZeroPoint;
            TVector scale = a.Scale;
            float* source = a.Source;
            float* offsets = a.Offsets;
            float* scales = a.Scales;
            byte* destination = a.Destination;
            nint i = 0;
            while (true)
            {
                TVector x = TVector.Load(source + i);
                x = offsets == null ? x : x - TVector.Load(offsets + i);
                x /= scales == null ? scale : TVector.Load(scales + i);

                // Bounds are integers, so that rounding stays within them.
                x = TVector.SelectLess(x, low, low, TVector.SelectLess(high, x, high, x));
                x = TVector.Truncate(x + TVector.CopySign(BelowHalf, x)) + zeroPoint;
                TStore.Store(TVector.SelectLess(x, Limit, x, zeroPoint), destination, i);
                if (i == last)
                {
                    return true;
                }

                // The last vector ends with the row, and does again what the one before it did.
                i = Math.Min(i + TVector.Count, last);
            }
        }
    }

    /// <summary>The type that is written.</summary>
    private interface IIntegerStore
    {
        static abstract int Bytes { get; }

        static abstract float Min { get; }

        static abstract float Max { get; }

        static abstract void Store<TVector>(TVector integers, byte* destination, nint index)
            where TVector : struct, IFloatVector<TVector>;
    }

    private readonly struct Int8Store : IIntegerStore
    {
        public static int Bytes => 1;

        public static float Min => sbyte.MinValue;

        public static float Max => sbyte.MaxValue;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TVector>(TVector integers, byte* destination, nint index)
            where TVector : struct, IFloatVector<TVector>
            => TVector.StoreInt8(integers, (sbyte*)destination + index);
    }

    private readonly struct Int16Store : IIntegerStore
    {
        public static int Bytes => 2;

        public static float Min => short.MinValue;

        public static float Max => short.MaxValue;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TVector>(TVector integers, byte* destination, nint index)
            where TVector : struct, IFloatVector<TVector>
            => TVector.StoreInt16(integers, (short*)destination + index);
    }

    // A row of features.
    private struct Features
    {
        internal float* Source;
        internal float* Offsets;
        internal float* Scales;
        internal byte* Destination;
        internal nint Count;
        internal float Scale;
        internal float ZeroPoint;
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Offsets;
        internal float* Scales;
        internal byte* Output;
        internal nint Elements;
        internal nint Features;
        internal float Scale;
        internal int ZeroPoint;
    }
}
