using System.Runtime.CompilerServices;
using ModelFormat;

namespace EdgeRuntime.Kernels.Float32;

/// <summary>
/// Quantize: clamp(round((x − offset) / scale) + zero point), ties away from zero as in TensorFlow Lite; NaN gives the
/// zero point. Every step is one IEEE float32 operation, so that all engines agree to the bit.
/// </summary>
internal static unsafe class QuantizeKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord output = context.Output();
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Offsets = (float*)context.InputData(1),
            Scales = (float*)context.InputData(2),
            Output = context.OutputData(),
            Elements = context.Input(0).Elements,
            Features = context.Input(0).LastDimension,
            Scale = output.Scale,
            ZeroPoint = output.ZeroPoint,
        };
        return output.Type == TensorType.Int8
            ? new BoundKernel(&RunInt8, context.Keep(arguments))
            : new BoundKernel(&RunInt16, context.Keep(arguments));
    }

    internal static void ToInt8(float* source, sbyte* destination, nint n, float scale, int zeroPoint)
    {
        for (nint i = 0; i < n; i++)
        {
            destination[i] = (sbyte)One(source[i] / scale, zeroPoint, sbyte.MinValue, sbyte.MaxValue);
        }
    }

    internal static void ToInt16(float* source, short* destination, nint n, float scale, int zeroPoint)
    {
        for (nint i = 0; i < n; i++)
        {
            destination[i] = (short)One(source[i] / scale, zeroPoint, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>Rounds a value already divided by its scale, ties away from zero, and clamps it.</summary>
    internal static int One(float scaled, int zeroPoint, int min, int max)
    {
        // Wider than any range by far, and exact in int32, so that the conversion is defined everywhere.
        const float Limit = 1 << 20;
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

    private static float Scaled(in Arguments a, nint i, nint feature)
    {
        float x = a.Offsets == null ? a.Input[i] : a.Input[i] - a.Offsets[feature];
        return x / (a.Scales == null ? a.Scale : a.Scales[feature]);
    }

    private static void RunInt8(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0, feature = 0; i < a.Elements; i++)
        {
            ((sbyte*)a.Output)[i] = (sbyte)One(Scaled(in a, i, feature), a.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
            feature = feature + 1 == a.Features ? 0 : feature + 1;
        }
    }

    private static void RunInt16(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0, feature = 0; i < a.Elements; i++)
        {
            ((short*)a.Output)[i] = (short)One(Scaled(in a, i, feature), a.ZeroPoint, short.MinValue, short.MaxValue);
            feature = feature + 1 == a.Features ? 0 : feature + 1;
        }
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
