using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Kernels.Dense;

/// <summary>Seeded models of one Dense, with tensors packed as tightly as the format allows, so that a kernel that writes beyond its output damages its own input.</summary>
internal static class DenseModel
{
    internal static byte[] Float32(int rows, int depth, int units, ActivationKind activation, bool bias)
    {
        var random = new Random((rows * 7919) + (depth * 104729) + units);
        var builder = new ModelBuilder();
        int output = builder.AddTensor(TensorType.Float32, [rows, units], 0);
        int input = builder.AddTensor(TensorType.Float32, [rows, depth], rows * units * sizeof(float));
        int weights = builder.AddConstant(TensorType.Float32, [units, depth], MemoryMarshal.AsBytes<float>(Draw(random, units * depth)));
        int[] inputs = bias
            ? [input, weights, builder.AddConstant(TensorType.Float32, [units], MemoryMarshal.AsBytes<float>(Draw(random, units)))]
            : [input, weights];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        parameters[DenseRule.Activation] = (int)activation;
        parameters[DenseRule.Alpha] = BitConverter.SingleToInt32Bits(0.01f);
        builder.AddOperator(Opcode.Dense, inputs, [output], parameters);
        builder.AddInput(input);
        builder.AddOutput(output);
        return builder.Build();
    }

    /// <summary>Multipliers and shifts over the format's whole range, weights with the lowest, many of them where that is not −128, and an input with a zero point.</summary>
    internal static byte[] Int8(int rows, int depth, int units, Int8Output output, bool perChannel, bool bias, sbyte lowestWeight = sbyte.MinValue)
    {
        var random = new Random((rows * 7919) + (depth * 104729) + units);
        var builder = new ModelBuilder();
        TensorType type = output is Int8Output.Int16 or Int8Output.TableToInt16 ? TensorType.Int16 : TensorType.Int8;
        int zeroPoint = type == TensorType.Int8 ? random.Next(-128, 128) : 0;
        int result = builder.AddTensor(type, [rows, units], 0, new TensorQuantization(0.1f, zeroPoint));
        int input = builder.AddTensor(TensorType.Int8, [rows, depth], rows * units * TensorTypes.SizeOf(type), new TensorQuantization(0.1f, random.Next(-128, 128)));
        byte[] weights = new byte[units * depth];
        random.NextBytes(weights);
        weights[random.Next(weights.Length)] = 0x80;
        for (int i = 0; lowestWeight > sbyte.MinValue && i < weights.Length; i++)
        {
            // Four of five, so that most pairs of products are as large as can be.
            weights[i] = unchecked((byte)(random.Next(5) > 0 ? lowestWeight : Math.Max((sbyte)weights[i], lowestWeight)));
        }

        int channels = perChannel ? units : 1;
        int[] multipliers = [.. Enumerable.Range(0, channels).Select(_ => random.Next(16) == 0 ? random.Next(2) * int.MaxValue : random.Next(1 << 30, int.MaxValue))];

        // Most shifts leave values within the range; some are the extremes that the format allows.
        int[] shifts = [.. Enumerable.Range(0, channels).Select(_ => random.Next(8) switch { 0 => random.Next(-31, 31), _ => random.Next(-12, -4) })];
        bool table = output is Int8Output.TableToInt8 or Int8Output.TableToInt16;
        byte[] entries = new byte[256 * TensorTypes.SizeOf(type)];
        random.NextBytes(entries);
        int[] inputs =
        [
            input,
            builder.AddConstant(TensorType.Int8, [units, depth], weights, new TensorQuantization(0.01f, 0)),
            bias ? builder.AddConstant(TensorType.Int32, [units], Bytes(Enumerable.Range(0, units).Select(_ => random.Next(-100_000, 100_000)))) : -1,
            builder.AddConstant(TensorType.Int32, [channels], Bytes(multipliers)),
            builder.AddConstant(TensorType.Int8, [channels], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
            .. table ? [builder.AddConstant(type, [256], entries)] : Array.Empty<int>(),
        ];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        bool clampedToInt8 = table || type == TensorType.Int8;
        parameters[DenseRule.Min] = clampedToInt8 ? random.Next(-128, 0) : -32768;
        parameters[DenseRule.Max] = clampedToInt8 ? random.Next(0, 128) : 32767;
        parameters[DenseRule.ZeroPoint] = table ? random.Next(-128, 128) : zeroPoint;
        builder.AddOperator(Opcode.Dense, inputs, [result], parameters);
        builder.AddInput(input);
        builder.AddOutput(result);
        return builder.Build();
    }

    /// <summary>int16 activations and weights of two halves or of one byte; the bias has more than 32 bits.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="depth">Inputs.</param>
    /// <param name="units">Outputs.</param>
    /// <param name="halves">Whether weights have 16 bits.</param>
    /// <param name="output">What is written.</param>
    /// <param name="high">All weights, or their high halves, where given.</param>
    internal static byte[] Int16(int rows, int depth, int units, bool halves, Int8Output output, sbyte? high = null)
    {
        var random = new Random((rows * 7919) + (depth * 104729) + units);
        var builder = new ModelBuilder();
        bool table = output is Int8Output.TableToInt8 or Int8Output.TableToInt16;
        TensorType type = output is Int8Output.Int16 or Int8Output.TableToInt16 ? TensorType.Int16 : TensorType.Int8;
        int result = builder.AddTensor(type, [rows, units], 0, new TensorQuantization(0.1f, 0));
        int input = builder.AddTensor(TensorType.Int16, [rows, depth], ((rows * units * TensorTypes.SizeOf(type)) + 3) & ~3, new TensorQuantization(0.1f, 0));
        byte[] weights = new byte[units * depth * (halves ? 2 : 1)];
        random.NextBytes(weights);
        for (int i = 0; high is { } all && i < weights.Length; i++)
        {
            weights[i] = !halves || i / depth % 2 == 0 ? (byte)all : weights[i];
        }

        int shift = (halves ? -8 : 0) - 10;
        int[] multipliers = [.. Enumerable.Range(0, units).Select(_ => random.Next(16) == 0 ? random.Next(2) * int.MaxValue : random.Next(1 << 30, int.MaxValue))];
        sbyte[] shifts = [.. Enumerable.Range(0, units).Select(_ => (sbyte)(random.Next(8) == 0 ? random.Next(-31, 8) : random.Next(shift - 4, shift + 2)))];
        byte[] entries = new byte[256 * TensorTypes.SizeOf(type)];
        random.NextBytes(entries);
        int[] inputs =
        [
            input,
            builder.AddConstant(TensorType.Int8, halves ? [units, 2, depth] : [units, depth], weights, new TensorQuantization(0.01f, 0)),
            units % 3 == 0 ? -1 : builder.AddConstant(TensorType.Int64, [units], MemoryMarshal.AsBytes<long>(Enumerable.Range(0, units).Select(_ => random.NextInt64(-1L << 36, 1L << 36) >> random.Next(20)).ToArray())),
            builder.AddConstant(TensorType.Int32, [units], Bytes(multipliers)),
            builder.AddConstant(TensorType.Int8, [units], MemoryMarshal.AsBytes<sbyte>(shifts)),
            .. table ? [builder.AddConstant(type, [256], entries)] : Array.Empty<int>(),
        ];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        bool clampedToInt8 = table || type == TensorType.Int8;
        parameters[DenseRule.Min] = clampedToInt8 ? random.Next(-128, 0) : random.Next(-32768, -10_000);
        parameters[DenseRule.Max] = clampedToInt8 ? random.Next(0, 128) : random.Next(10_000, 32768);
        builder.AddOperator(Opcode.Dense, inputs, [result], parameters);
        builder.AddInput(input);
        builder.AddOutput(result);
        return builder.Build();
    }

    private static ReadOnlySpan<byte> Bytes(IEnumerable<int> values) => MemoryMarshal.AsBytes<int>(values.ToArray());

    /// <summary>Values in [−1, 1).</summary>
    internal static float[] Draw(Random random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (2f * random.NextSingle()) - 1f;
        }

        return values;
    }
}

/// <summary>What an int8 Dense writes.</summary>
public enum Int8Output
{
    Int8,
    Int16,
    TableToInt8,
    TableToInt16,
}
