namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <summary>Row-major arrays and TensorFlow Lite's arithmetic for definitions.</summary>
internal static class Places
{
    internal static int Count(int[] shape) => shape.Aggregate(1, (a, b) => a * b);

    /// <summary>The places of an array, in the order of its elements.</summary>
    internal static IEnumerable<int[]> All(int[] shape)
    {
        for (int i = 0; i < Count(shape); i++)
        {
            var at = new int[shape.Length];
            for (int axis = shape.Length - 1, rest = i; axis >= 0; axis--)
            {
                at[axis] = rest % shape[axis];
                rest /= shape[axis];
            }

            yield return at;
        }
    }

    /// <summary>The element at a place.</summary>
    internal static double At(double[] data, int[] shape, params int[] at)
    {
        int index = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            index = (index * shape[axis]) + at[axis];
        }

        return data[index];
    }

    /// <summary>Windows along an axis: SAME has ⌈size / stride⌉, VALID those that fit.</summary>
    internal static int Windows(int size, int kernel, int stride, int dilation, bool same) =>
        same ? (size + stride - 1) / stride : ((size - (((kernel - 1) * dilation) + 1)) / stride) + 1;

    /// <summary>Elements before the axis: half of what is missing for the last window.</summary>
    internal static int Before(int size, int kernel, int stride, int dilation, bool same) =>
        same ? Math.Max(((Windows(size, kernel, stride, dilation, true) - 1) * stride) + ((kernel - 1) * dilation) + 1 - size, 0) / 2 : 0;

    /// <summary>The fused activations by their numbers in the schema.</summary>
    internal static double Activate(int activation, double x) => activation switch
    {
        0 => x,
        1 => Math.Max(0, x),
        2 => Math.Min(1, Math.Max(-1, x)),
        3 => Math.Min(6, Math.Max(0, x)),
        4 => Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>MultiplyByQuantizedMultiplier of a real factor: gemmlowp's doubling high product, then a rounding shift.</summary>
    internal static int Multiply(int x, double factor)
    {
        int shift = 0;
        double fraction = factor;
        while (fraction < 0.5)
        {
            fraction *= 2;
            shift--;
        }

        while (fraction >= 1)
        {
            fraction /= 2;
            shift++;
        }

        long multiplier = (long)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
        if (multiplier == 1L << 31)
        {
            multiplier /= 2;
            shift++;
        }

        long product = (long)(x << Math.Max(shift, 0)) * multiplier;
        long high = (product + (product >= 0 ? 1L << 30 : 1 - (1L << 30))) / (1L << 31);
        int right = Math.Max(-shift, 0);
        long mask = (1L << right) - 1;
        return (int)((high >> right) + ((high & mask) > (mask >> 1) + (high < 0 ? 1 : 0) ? 1 : 0));
    }

    /// <summary>MultiplyByQuantizedMultiplier of a sum of 64 bits: 16 bits of the factor, rounded, and one rounding shift.</summary>
    internal static long MultiplyWide(long x, double factor)
    {
        int shift = 0;
        double fraction = factor;
        while (fraction < 0.5)
        {
            fraction *= 2;
            shift--;
        }

        long multiplier = (long)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
        long reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
        int right = 15 - shift;
        return ((x * reduced) + (1L << (right - 1))) >> right;
    }

    /// <summary>The int16 range that a fused activation leaves; its zero point is 0.</summary>
    internal static double ClampWide(int activation, long x, float scale)
    {
        long low = activation switch { 1 or 3 => 0, 2 => (long)Math.Round(-1 / scale, MidpointRounding.AwayFromZero), _ => short.MinValue };
        long high = activation switch { 2 => (long)Math.Round(1 / scale, MidpointRounding.AwayFromZero), 3 => (long)Math.Round(6 / scale, MidpointRounding.AwayFromZero), _ => short.MaxValue };
        return Math.Min(Math.Min(high, short.MaxValue), Math.Max(Math.Max(low, short.MinValue), x));
    }

    /// <summary>The int8 range that a fused activation leaves.</summary>
    internal static int Clamp(int activation, int x, float scale, int zeroPoint)
    {
        int At(double bound) => zeroPoint + (int)Math.Round(bound / scale, MidpointRounding.AwayFromZero);
        int low = activation switch { 1 or 3 => Math.Max(-128, At(0)), 2 => Math.Max(-128, At(-1)), _ => -128 };
        int high = activation switch { 2 => Math.Min(127, At(1)), 3 => Math.Min(127, At(6)), _ => 127 };
        return Math.Min(high, Math.Max(low, x));
    }
}
