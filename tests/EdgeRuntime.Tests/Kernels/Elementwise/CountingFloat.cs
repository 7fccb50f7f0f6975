using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Tests.Kernels.Elementwise;

/// <summary>One float32 that counts the arithmetic that has a denormal number in it or ends in one: what processors take many times longer for.</summary>
internal readonly unsafe struct CountingFloat : IFloatVector<CountingFloat>
{
    private readonly float value;

    private CountingFloat(float value) => this.value = value;

    [field: ThreadStatic]
    internal static int Slow { get; set; }

    public static bool IsSupported => true;

    public static int Count => 1;

    public static int Registers => 16;

    public static implicit operator CountingFloat(float value) => new(value);

    public static CountingFloat operator +(CountingFloat a, CountingFloat b) => Of(a.value + b.value, a, b);

    public static CountingFloat operator -(CountingFloat a, CountingFloat b) => Of(a.value - b.value, a, b);

    public static CountingFloat operator *(CountingFloat a, CountingFloat b) => Scaled(a.value * b.value, a.value, a, b);

    public static CountingFloat operator /(CountingFloat a, CountingFloat b) => Scaled(a.value / b.value, a.value, a, b);

    public static CountingFloat operator -(CountingFloat a) => new(-a.value);

    public static CountingFloat Load(float* source) => new(*source);

    public static void Store(CountingFloat x, float* destination) => *destination = x.value;

    public static void StoreFirst(CountingFloat x, float* destination, int count) => *destination = x.value;

    public static void StoreInt8(CountingFloat x, sbyte* destination) => *destination = (sbyte)x.value;

    public static void StoreInt16(CountingFloat x, short* destination) => *destination = (short)x.value;

    public static float Sum(CountingFloat x) => x.value;

    public static CountingFloat Max(CountingFloat a, CountingFloat b) => new(MathF.Max(a.value, b.value));

    public static CountingFloat MultiplyAdd(CountingFloat a, CountingFloat b, CountingFloat c) =>
        Of(MathF.FusedMultiplyAdd(a.value, b.value, c.value), a, b, c);

    public static CountingFloat Abs(CountingFloat x) => new(MathF.Abs(x.value));

    public static CountingFloat CopySign(CountingFloat magnitude, CountingFloat sign) => new(MathF.CopySign(magnitude.value, sign.value));

    public static CountingFloat SelectLess(CountingFloat a, CountingFloat b, CountingFloat then, CountingFloat otherwise) => a.value < b.value ? then : otherwise;

    public static CountingFloat Round(CountingFloat x) => Of(MathF.Round(x.value), x);

    public static CountingFloat Floor(CountingFloat x) => Of(MathF.Floor(x.value), x);

    public static CountingFloat Ceiling(CountingFloat x) => Of(MathF.Ceiling(x.value), x);

    public static CountingFloat Truncate(CountingFloat x) => Of(MathF.Truncate(x.value), x);

    public static CountingFloat Sqrt(CountingFloat x) => Of(MathF.Sqrt(x.value), x);

    public static CountingFloat Map<TFunction>(CountingFloat x)
        where TFunction : struct, ILibraryFunction
        => new(TFunction.Of(x.value));

    public static CountingFloat PowerOfTwo(CountingFloat n) => new(BitConverter.Int32BitsToSingle((int)(n.value + 127f) << 23));

    public static CountingFloat PowerOfSum(CountingFloat sum) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(sum.value) << 23));

    public static CountingFloat Denormal(CountingFloat n) => new(BitConverter.Int32BitsToSingle((int)n.value));

    public static CountingFloat UpperHalf(CountingFloat x) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x.value) & unchecked((int)0xFFFFF000)));

    // A product that rounds to 0 is as slow as one that does not.
    private static CountingFloat Scaled(float result, float factor, params ReadOnlySpan<CountingFloat> operands)
    {
        bool vanished = result == 0 && factor != 0 && !float.IsInfinity(operands[1].value) && operands[1].value != 0;
        Slow += vanished ? 1 : 0;
        return Of(result, operands);
    }

    private static CountingFloat Of(float result, params ReadOnlySpan<CountingFloat> operands)
    {
        bool slow = float.IsSubnormal(result);
        foreach (CountingFloat operand in operands)
        {
            slow |= float.IsSubnormal(operand.value);
        }

        Slow += slow ? 1 : 0;
        return new CountingFloat(result);
    }
}
