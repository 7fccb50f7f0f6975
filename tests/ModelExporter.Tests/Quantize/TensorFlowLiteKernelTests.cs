using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>
/// Compares with TensorFlow Lite Micro's reference kernels (commit 90b983c2b, no optimised kernels, double rounding): the file
/// holds SHA-256 of what they gave for records of random bytes, the high byte of each number of splitmix64.
/// </summary>
public class TensorFlowLiteKernelTests
{
    private static readonly string[][] rows =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "TestData", "tflm-kernels.csv")).Skip(1).Select(line => line.Split(','))];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, rows.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void All_bytes_are_those_of_the_reference(int index)
    {
        string[] row = rows[index];
        TensorType type = Enum.Parse<TensorType>(row[1], ignoreCase: true);
        using EdgeModel model = EdgeModel.Load(Model(row, type));
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            using Session session = model.CreateSession(kernels);
            ulong state = ulong.Parse(row[9], CultureInfo.InvariantCulture);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int record = 0; record < Int(row[10]); record++)
            {
                for (int input = 0; input < model.File.Inputs.Length; input++)
                {
                    foreach (ref byte b in Input(session, type, input))
                    {
                        b = (byte)(SplitMix64(ref state) >> 56);
                    }
                }

                session.Run();
                hash.AppendData(type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Output<sbyte>()) : MemoryMarshal.AsBytes(session.Output<short>()));
            }

            Assert.Equal(row[11], Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }

    private static Span<byte> Input(Session session, TensorType type, int index) =>
        type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Input<sbyte>(index)) : MemoryMarshal.AsBytes(session.Input<short>(index));

    private static byte[] Model(string[] row, TensorType type)
    {
        int[] shape = [1, Int(row[2])];
        int bytes = shape[1] * TensorTypes.SizeOf(type);
        int place = (bytes + 63) / 64 * 64;
        var builder = new ModelBuilder();
        int a = builder.AddTensor(type, shape, 0, new TensorQuantization(Float(row[3]), Int(row[4])));
        int output = builder.AddTensor(type, shape, place, new TensorQuantization(Float(row[5]), Int(row[6])));
        builder.AddInput(a);
        if (row[0] == "Softmax")
        {
            QuantizedMultiplier multiplier = Int16SoftmaxTables.Multiplier(Float(row[3]), 1f);
            builder.AddOperator(
                Opcode.Softmax,
                [a, Table(builder, Int16SoftmaxTables.Exponentials()), Table(builder, Int16SoftmaxTables.Reciprocals())],
                [output],
                [0, multiplier.Multiplier, multiplier.Shift, 0]);
        }
        else
        {
            Opcode opcode = Enum.Parse<Opcode>(row[0]);
            int b = builder.AddTensor(type, shape, 2 * place, new TensorQuantization(Float(row[7]), Int(row[8])));
            builder.AddInput(b);
            builder.AddOperator(opcode, [a, b], [output], Arithmetic(opcode, type, Float(row[3]), Float(row[7]), Float(row[5])));
        }

        builder.AddOutput(output);
        return builder.Build();
    }

    private static int[] Arithmetic(Opcode opcode, TensorType type, float a, float b, float output)
    {
        QuantizedMultiplier none = default;
        int bits = BinaryRule.LeftShiftOf(type);
        float twice = 2 * Math.Max(a, b);
        QuantizedMultiplier[] factors = opcode switch
        {
            Opcode.Mul => [none, none, QuantizedMultiplier.From((double)a * b / output)],
            Opcode.Add => [QuantizedMultiplier.From((double)a / twice), QuantizedMultiplier.From((double)b / twice), QuantizedMultiplier.From(twice / ((1 << bits) * (double)output))],
            _ => [QuantizedMultiplier.From(a / twice), QuantizedMultiplier.From(b / twice), QuantizedMultiplier.From(twice / ((1 << bits) * output))],
        };
        int limit = type == TensorType.Int8 ? 128 : 32768;
        return [.. factors.SelectMany(factor => (int[])[factor.Multiplier, factor.Shift]), -limit, limit - 1];
    }

    private static int Table(ModelBuilder builder, short[] table) =>
        builder.AddConstant(TensorType.Int16, [table.Length], MemoryMarshal.AsBytes<short>(table));

    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static float Float(string bits) => BitConverter.Int32BitsToSingle(Int(bits));

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
