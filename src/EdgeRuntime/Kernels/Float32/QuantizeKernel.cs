using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ModelFormat;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>
/// Quantize: clamp(round((x − offset) / scale) + zero point), ties away from zero as in TensorFlow Lite; NaN gives the
/// zero point. Every step is one IEEE float32 operation, so that all engines agree to the bit.
/// </summary>
internal static unsafe class QuantizeKernel
{
    // Wider than any range by far, and exact in int32, so that the conversion is defined everywhere.
    private const float Limit = 1 << 20;

    private const int Block = 16;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord output = context.Output();
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
        return output.Type == TensorType.Int8
            ? new BoundKernel(&Run<Int8Store>, context.Keep(arguments))
            : new BoundKernel(&Run<Int16Store>, context.Keep(arguments));
    }

    internal static void ToInt8(float* source, sbyte* destination, nint n, float scale, int zeroPoint) =>
        Row<Int8Store>(source, null, null, scale, zeroPoint, (byte*)destination, n);

    internal static void ToInt16(float* source, short* destination, nint n, float scale, int zeroPoint) =>
        Row<Int16Store>(source, null, null, scale, zeroPoint, (byte*)destination, n);

    /// <summary>Rounds a value already divided by its scale, ties away from zero, and clamps it.</summary>
    internal static int One(float scaled, int zeroPoint, int min, int max)
    {
        if (float.IsNaN(scaled))
        {
            return zeroPoint;
        }

        float bounded = scaled < -Limit ? -Limit : scaled > Limit ? Limit : scaled;
        int truncated = (int)bounded;
        float rest = bounded - truncated;
        int rounded = truncated + (rest >= 0.5f ? 1 : rest <= -0.5f ? -1 : 0) + zeroPoint;
        return rounded < min ? min : rounded > max ? max : rounded;
    }

    private static void Run<TStore>(void* pointer)
        where TStore : struct, IIntegerStore
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        byte* output = a.Output;
        for (nint i = 0; i < a.Elements; i += a.Features)
        {
            Row<TStore>(a.Input + i, a.Offsets, a.Scales, a.Scale, a.ZeroPoint, output, a.Features);
            output += a.Features * TStore.Bytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TStore>(float* source, float* offsets, float* scales, float scale, int zeroPoint, byte* destination, nint n)
        where TStore : struct, IIntegerStore
    {
        if (!Vector128.IsHardwareAccelerated || n < Block)
        {
            for (nint i = 0; i < n; i++)
            {
                float x = offsets == null ? source[i] : source[i] - offsets[i];
                TStore.Store(One(x / (scales == null ? scale : scales[i]), zeroPoint, TStore.Min, TStore.Max), destination, i);
            }

            return;
        }

        for (nint i = 0; i < n; i += Block)
        {
            // The last block ends with the row, and does again what the one before it did.
            nint start = Math.Min(i, n - Block);
            Vector256<int> low = Eight(source, offsets, scales, scale, start);
            Vector256<int> high = Eight(source, offsets, scales, scale, start + 8);
            Vector256<int> zero = Vector256.Create(zeroPoint);
            Vector256<int> min = Vector256.Create(TStore.Min);
            Vector256<int> max = Vector256.Create(TStore.Max);
            low = Vector256.Min(Vector256.Max(low + zero, min), max);
            high = Vector256.Min(Vector256.Max(high + zero, min), max);
            TStore.Store(Vector256.Narrow(low, high), destination, start);
        }
    }

    // What One does to a number, before the zero point and the clamp.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Eight(float* source, float* offsets, float* scales, float scale, nint start)
    {
        Vector256<float> x = Vector256.Load(source + start);
        x = offsets == null ? x : x - Vector256.Load(offsets + start);
        x /= scales == null ? Vector256.Create(scale) : Vector256.Load(scales + start);
        x = Vector256.ConditionalSelect(Vector256.Equals(x, x), x, Vector256<float>.Zero);
        x = Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(-Limit)), Vector256.Create(Limit));
        Vector256<int> truncated = Vector256.ConvertToInt32Native(x);
        Vector256<float> rest = x - Vector256.ConvertToSingle(truncated);
        Vector256<int> up = Vector256.GreaterThanOrEqual(rest, Vector256.Create(0.5f)).AsInt32();
        Vector256<int> down = Vector256.LessThanOrEqual(rest, Vector256.Create(-0.5f)).AsInt32();
        return truncated - up + down;
    }

    /// <summary>The type that is written.</summary>
    private interface IIntegerStore
    {
        static abstract int Bytes { get; }

        static abstract int Min { get; }

        static abstract int Max { get; }

        static abstract void Store(int value, byte* destination, nint index);

        static abstract void Store(Vector256<short> values, byte* destination, nint index);
    }

    private readonly struct Int8Store : IIntegerStore
    {
        public static int Bytes => 1;

        public static int Min => sbyte.MinValue;

        public static int Max => sbyte.MaxValue;

        public static void Store(int value, byte* destination, nint index) => ((sbyte*)destination)[index] = (sbyte)value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector256<short> values, byte* destination, nint index) =>
            Vector128.Narrow(values.GetLower(), values.GetUpper()).Store((sbyte*)destination + index);
    }

    private readonly struct Int16Store : IIntegerStore
    {
        public static int Bytes => 2;

        public static int Min => short.MinValue;

        public static int Max => short.MaxValue;

        public static void Store(int value, byte* destination, nint index) => ((short*)destination)[index] = (short)value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector256<short> values, byte* destination, nint index) => values.Store((short*)destination + index);
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
