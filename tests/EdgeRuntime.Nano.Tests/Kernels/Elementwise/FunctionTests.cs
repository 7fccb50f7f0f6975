extern alias nano;

using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels.Elementwise;

/// <summary>Every function of one and of two numbers on the device's arithmetic, which has float32 and + − · / alone.</summary>
public class FunctionTests
{
    // The device's exponential gives 0 for what is subnormal.
    private const float SmallestNormal = 1.1754944e-38f;

    /// <summary>Zero, ties, what is too small or too large to be squared, what is infinite and what is no number.</summary>
    internal static readonly float[] Special = [0f, 1f, -1f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 1e-30f, 1e30f, -1e30f, 1e-40f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    public static TheoryData<string> Unaries => [.. Enum.GetNames<UnaryKind>()];

    public static TheoryData<string> Binaries => [.. Enum.GetNames<BinaryKind>()];

    [Theory]
    [MemberData(nameof(Unaries))]
    public void Unary(string kindName)
    {
        UnaryKind kind = Enum.Parse<UnaryKind>(kindName);
        float[] x = [.. Special, .. Enumerable.Range(0, 4001).Select(i => (i - 2000) / 200f), .. Enumerable.Range(0, 2001).Select(i => (i - 1000) * 2.71828f)];

        // A sine of what is beyond a float32's digits is any number.
        x = kind is UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Tan ? [.. x.Where(value => !(MathF.Abs(value) > 1e5f && float.IsFinite(value)))] : x;
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [x.Length], 0);
        int output = builder.AddTensor(TensorType.Float32, [x.Length], 1 << 16);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddOperator(Opcode.Unary, [input], [output], [(int)kind, BitConverter.SingleToInt32Bits(-0.25f), BitConverter.SingleToInt32Bits(2f)]);
        (float[] expected, float[] actual) = Run(builder.Build(), x);
        for (int i = 0; i < x.Length; i++)
        {
            // The tangent is as steep as 1 + tan².
            float slope = kind == UnaryKind.Tan ? 1f + (expected[i] * expected[i]) : MathF.Abs(expected[i]);
            float tolerance = float.IsFinite(slope) ? SmallestNormal + (2e-6f * MathF.Max(MinimumScale(kind), slope)) : 0f;
            AssertClose(expected[i], actual[i], tolerance, $"{kind}({x[i]:R})");
        }
    }

    [Theory]
    [MemberData(nameof(Binaries))]
    public void Binary(string kindName)
    {
        BinaryKind kind = Enum.Parse<BinaryKind>(kindName);
        var random = new Random(7);
        float[] a = [.. Special, .. Enumerable.Range(0, 40).Select(_ => ((float)random.NextDouble() * 8f) - 4f), 3f, 4f, -3f];
        float[] b = [.. a, 7f, -7f, 64f, 65f, 1001f, 1000f];
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [a.Length, 1], 0);
        int output = builder.AddTensor(TensorType.Float32, [a.Length, b.Length], 1 << 16);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddOperator(Opcode.Binary, [input, builder.AddConstant(TensorType.Float32, [b.Length], MemoryMarshal.AsBytes<float>(b))], [output], [(int)kind]);
        (float[] expected, float[] actual) = Run(builder.Build(), a);
        for (int i = 0; i < expected.Length; i++)
        {
            // The exponent of a power carries its rounding into the result.
            float tolerance = kind == BinaryKind.Pow && float.IsFinite(expected[i]) ? SmallestNormal + (3e-7f * MathF.Abs(expected[i]) * (2f + MathF.Abs(MathF.Log(MathF.Abs(expected[i]) + SmallestNormal)))) : 0f;
            AssertClose(expected[i], actual[i], tolerance, $"{kind}({a[i / b.Length]:R}, {b[i % b.Length]:R})");
        }
    }

    // Near a zero of these an error is absolute.
    private static float MinimumScale(UnaryKind kind) => kind is UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Log or UnaryKind.Erf ? 1f : 0f;

    private static (float[] Expected, float[] Actual) Run(byte[] file, float[] input)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session desktop = model.CreateSession(KernelSet.Reference);
        var expected = new float[model.OutputLength];
        var actual = new float[model.OutputLength];
        desktop.Run(input, expected);
        new Engine.NanoSession(Engine.NanoModel.Load(file)).Run(input, actual);
        return (expected, actual);
    }

    private static void AssertClose(float expected, float actual, float tolerance, string what) =>
        Assert.True(
            expected == actual || (float.IsNaN(expected) && float.IsNaN(actual)) || MathF.Abs(expected - actual) <= tolerance,
            $"{what} is {actual:R}, not {expected:R}.");
}
