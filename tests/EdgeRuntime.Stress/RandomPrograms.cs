using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ModelFormat;
using ModelFormat.Rules;
using ModelFormat.Writing;

namespace EdgeRuntime.Stress;

/// <summary>Valid programs of one to four operators in random shapes, types and places, in an arena without a spare byte.</summary>
internal sealed class RandomPrograms(int seed)
{
    private readonly Random random = new(seed);
    private ModelBuilder builder = new();
    private int arenaEnd;

    /// <summary>The next program's file.</summary>
    internal byte[] Next()
    {
        builder = new ModelBuilder();
        arenaEnd = 0;
        Item current = Arena(Pick(TensorType.Float32, TensorType.Float32, TensorType.Int8, TensorType.Int16), Shape());
        builder.AddInput(current.Index);
        int operators = random.Next(1, 5);
        for (int i = 0; i < operators; i++)
        {
            current = Operator(current);
        }

        builder.AddOutput(current.Index);
        byte[] file = builder.Build();
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FormatLayout.ArenaBytesOffset), arenaEnd);
        ModelBuilder.WriteCrc(file);
        return file;
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private Item Operator(Item x) => x.Type switch
    {
        TensorType.Float32 => random.Next(8) switch
        {
            0 or 1 => DenseFloat(x),
            2 => Like(x, Opcode.Activation, TensorType.Float32, [x.Index], [ActivationKindParameter(), Bits(Uniform()), Bits(Uniform())]),
            3 => Like(x, Opcode.Softmax, TensorType.Float32, [x.Index], [Bits(1f), 0, 0, 0]),
            4 => Broadcast(x, Pick(Opcode.Add, Opcode.Sub, Opcode.Mul, Opcode.Div), new int[BinaryRule.Parameters.Length]),
            5 => Like(x, Opcode.Unary, TensorType.Float32, [x.Index], [random.Next((int)UnaryKind.Atanh + 1), Bits(Uniform()), Bits(Uniform())]),
            6 => Broadcast(x, Opcode.Binary, [random.Next((int)BinaryKind.Xor + 1)]),
            _ => QuantizeOf(x),
        },
        TensorType.Int8 => random.Next(6) switch
        {
            0 or 1 => DenseFixed(x),
            2 => TableOf(x),
            3 => Like(x, Opcode.Softmax, Pick(TensorType.Int8, TensorType.Int16), [x.Index], [Bits(1f), random.Next(int.MaxValue), random.Next(32), -random.Next(32768)]),
            4 => Broadcast(x, Pick(Opcode.Add, Opcode.Sub, Opcode.Mul), FixedBinaryParameters(x.Type)),
            _ => Like(x, Opcode.Dequantize, TensorType.Float32, [x.Index], []),
        },
        _ => random.Next(3) switch
        {
            0 => Broadcast(x, Pick(Opcode.Add, Opcode.Sub, Opcode.Mul), FixedBinaryParameters(x.Type)),
            1 => ReshapeOf(x),
            _ => Like(x, Opcode.Dequantize, TensorType.Float32, [x.Index], []),
        },
    };

    private Item DenseFloat(Item x)
    {
        int units = random.Next(1, 40);
        int depth = x.Shape[^1];
        int weights = Constant(TensorType.Float32, [units, depth]);
        int[] inputs = random.Next(2) == 0 ? [x.Index, weights] : [x.Index, weights, Constant(TensorType.Float32, [units])];
        Item y = Arena(TensorType.Float32, [.. x.Shape[..^1], units]);
        builder.AddOperator(Opcode.Dense, inputs, [y.Index], [ActivationKindParameter(), Bits(Uniform()), Bits(Uniform()), 0, 0, 0]);
        return y;
    }

    private Item DenseFixed(Item x)
    {
        int units = random.Next(1, 40);
        int weights = Constant(TensorType.Int8, [units, x.Shape[^1]]);
        int bias = random.Next(3) == 0 ? -1 : Constant(TensorType.Int32, [units]);
        int channels = random.Next(2) == 0 ? 1 : units;
        Item y = Arena(TensorType.Int8, [.. x.Shape[..^1], units], zeroPoint: 3);
        List<int> inputs = [x.Index, weights, bias, Multipliers(channels), Shifts(channels)];
        if (random.Next(3) == 0)
        {
            inputs.Add(Constant(TensorType.Int8, [256]));
        }

        builder.AddOperator(Opcode.Dense, [.. inputs], [y.Index], [0, 0, 0, -128 + random.Next(100), 127 - random.Next(100), 3]);
        return y;
    }

    private Item TableOf(Item x)
    {
        TensorType type = Pick(TensorType.Int8, TensorType.Int16);
        int entries = random.Next(2) == 0 ? 256 : 256 * x.Shape[^1];
        return Like(x, Opcode.Table, type, [x.Index, Constant(type, [entries])], []);
    }

    private Item QuantizeOf(Item x)
    {
        int features = x.Shape[^1];
        int[] inputs = random.Next(2) == 0 ? [x.Index] : [x.Index, Constant(TensorType.Float32, [features]), Constant(TensorType.Float32, [features])];
        return Like(x, Opcode.Quantize, Pick(TensorType.Int8, TensorType.Int16), inputs, []);
    }

    private Item ReshapeOf(Item x)
    {
        Item y = Arena(x.Type, [x.Shape.Aggregate(1, (product, size) => product * size)]);
        builder.AddOperator(Opcode.Reshape, [x.Index], [y.Index], new int[OperatorTable.Find((int)Opcode.Reshape).Parameters.Length]);
        return y;
    }

    // The second input is a constant, or the first one again.
    private Item Broadcast(Item x, Opcode opcode, int[] parameters)
    {
        int[] shape = [.. x.Shape.Select(size => random.Next(3) == 0 ? 1 : size)];
        int other = random.Next(3) == 0 ? x.Index : Constant(x.Type, shape, quantized: x.Type != TensorType.Float32);
        int[] inputs = random.Next(2) == 0 ? [x.Index, other] : [other, x.Index];
        return Like(x, opcode, x.Type, inputs, parameters);
    }

    private int[] FixedBinaryParameters(TensorType type)
    {
        int high = type == TensorType.Int8 ? 127 : 32767;
        return [random.Next(int.MaxValue), -random.Next(32), random.Next(int.MaxValue), -random.Next(32), random.Next(int.MaxValue), random.Next(-31, 31), -high - 1 + random.Next(50), high - random.Next(50)];
    }

    private int ActivationKindParameter()
    {
        int kind = random.Next((int)ActivationKind.ThresholdedReLU + 1);
        return kind == (int)ActivationKind.PReLU ? (int)ActivationKind.ReLU : kind;
    }

    private Item Like(Item x, Opcode opcode, TensorType type, int[] inputs, int[] parameters)
    {
        Item y = Arena(type, x.Shape);
        builder.AddOperator(opcode, inputs, [y.Index], parameters);
        return y;
    }

    private int Multipliers(int channels) => Ints(channels, () => random.Next(int.MaxValue));

    private int Shifts(int channels) => Ints(channels, () => random.Next(-31, 31));

    private int Ints(int count, Func<int> value)
    {
        int[] values = [.. Enumerable.Range(0, count).Select(_ => value())];
        return builder.AddConstant(TensorType.Int32, [count], MemoryMarshal.AsBytes<int>(values));
    }

    private int Constant(TensorType type, int[] shape, bool quantized = false)
    {
        byte[] data = new byte[shape.Aggregate(TensorTypes.SizeOf(type), (product, size) => product * size)];
        if (type == TensorType.Float32)
        {
            foreach (ref float value in MemoryMarshal.Cast<byte, float>(data.AsSpan()))
            {
                value = Uniform();
            }
        }
        else
        {
            random.NextBytes(data);
        }

        return builder.AddConstant(type, shape, data, quantized ? new TensorQuantization(0.05f, 0) : null);
    }

    private Item Arena(TensorType type, int[] shape, int zeroPoint = 0)
    {
        int size = TensorTypes.SizeOf(type);
        int offset = (arenaEnd + size - 1) / size * size;
        arenaEnd = offset + shape.Aggregate(size, (product, dimension) => product * dimension);
        TensorQuantization? quantization = type == TensorType.Float32 ? null : new TensorQuantization(0.05f, zeroPoint);
        return new Item(builder.AddTensor(type, shape, offset, quantization), type, shape);
    }

    private int[] Shape() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(3) == 0 ? random.Next(1, 70) : random.Next(1, 9))];

    private float Uniform() => (float)((random.NextDouble() * 4) - 2);

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private sealed record Item(int Index, TensorType Type, int[] Shape);
}
