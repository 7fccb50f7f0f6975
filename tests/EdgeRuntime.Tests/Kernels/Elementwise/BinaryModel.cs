using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Kernels.Elementwise;

/// <summary>Models of one quantized Add, Sub or Mul.</summary>
internal static class BinaryModel
{
    /// <summary>Factors as exporters write them: of at most 1/2 for the inputs, and a last one that leaves most results within the range.</summary>
    internal static int[] Factors(Random random, Opcode opcode, TensorType type)
    {
        bool isInt8 = type == TensorType.Int8;
        (int lowest, int highest) = Clamp(random, type);
        if (opcode == Opcode.Mul)
        {
            return [0, 0, 0, 0, random.Next(1 << 30, int.MaxValue), -random.Next(isInt8 ? 4 : 10, isInt8 ? 9 : 16), lowest, highest];
        }

        // The larger scale has exactly one half, the other's shift is whatever it takes.
        bool first = random.Next(2) == 0;
        (int Multiplier, int Shift) half = (1 << 30, 0);
        (int Multiplier, int Shift) smaller = (random.Next(1 << 30, int.MaxValue), -random.Next(1, 6));
        (int Multiplier, int Shift) a = first ? half : smaller;
        (int Multiplier, int Shift) b = first ? smaller : half;
        int shift = -(random.Next(-2, 3) + (isInt8 ? 18 : 13));
        return [a.Multiplier, a.Shift, b.Multiplier, b.Shift, random.Next(1 << 30, int.MaxValue), shift, lowest, highest];
    }

    /// <summary>Factors of any size that the format allows; with int16, of Add and Sub, it may refuse them.</summary>
    internal static int[] AnyFactors(Random random, TensorType type)
    {
        (int lowest, int highest) = Clamp(random, type);
        return [Any(), random.Next(-31, 1), Any(), random.Next(-31, 1), Any(), random.Next(-31, 31), lowest, highest];

        int Any() => random.Next(4) switch
        {
            0 => 1 << random.Next(31),
            1 => int.MaxValue - random.Next(3),
            2 => random.Next(3),
            _ => random.Next(),
        };
    }

    internal static byte[] Build(Opcode opcode, TensorType type, int[] a, int[] b, int[] zeroPoints, int[] factors)
    {
        var builder = new ModelBuilder();
        int[] shape = Broadcast(a, b);
        int first = builder.AddTensor(type, a, 0, new TensorQuantization(0.1f, zeroPoints[0]));
        int second = builder.AddTensor(type, b, Bytes(type, a), new TensorQuantization(0.1f, zeroPoints[1]));
        int output = builder.AddTensor(type, shape, Bytes(type, a) + Bytes(type, b), new TensorQuantization(0.1f, zeroPoints[2]));
        builder.AddInput(first);
        builder.AddInput(second);
        builder.AddOperator(opcode, [first, second], [output], factors);
        builder.AddOutput(output);
        return builder.Build();
    }

    /// <summary>Tensors begin at multiples of 64 bytes.</summary>
    private static int Bytes(TensorType type, int[] shape) => ((shape.Aggregate(1, (product, size) => product * size) * TensorTypes.SizeOf(type)) + 63) / 64 * 64;

    private static int[] Broadcast(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        return [.. Enumerable.Range(-rank, rank).Select(axis => Math.Max(-axis <= a.Length ? a[a.Length + axis] : 1, -axis <= b.Length ? b[b.Length + axis] : 1))];
    }

    private static (int Lowest, int Highest) Clamp(Random random, TensorType type)
    {
        int end = type == TensorType.Int8 ? 128 : 32768;
        return random.Next(2) == 0 ? (-end, end - 1) : (random.Next(-end, 0), random.Next(0, end));
    }
}
