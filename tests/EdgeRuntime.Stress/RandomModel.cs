using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Stress;

/// <summary>A model in the making: tensors, constants and operators with random contents, in an arena without a spare byte.</summary>
internal sealed class RandomModel(Random random)
{
    /// <summary>Elements above which a tensor is cut before anything else is done with it.</summary>
    internal const int MostElements = 1 << 13;

    private const float Scale = 0.05f;

    private readonly ModelBuilder builder = new();
    private int arenaEnd;
    private int inputElements;

    internal Random Random => random;

    internal static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    internal Item Input(TensorType type, int[] shape)
    {
        Item x = Arena(type, shape);
        AddInput(x);
        return x;
    }

    internal void Output(Item y) => builder.AddOutput(y.Index);

    /// <summary>Adds an operator with one output.</summary>
    internal Item Add(Opcode opcode, Item y, int[] inputs, int[] parameters)
    {
        Add(opcode, [y.Index], inputs, parameters);
        return y;
    }

    internal void Add(Opcode opcode, int[] outputs, int[] inputs, int[] parameters) => builder.AddOperator(opcode, inputs, outputs, parameters);

    /// <summary>Adds an operator whose output has the shape of <paramref name="x"/>, and sometimes its place.</summary>
    internal Item Like(Item x, Opcode opcode, TensorType type, int[] inputs, int[] parameters)
    {
        bool inPlace = x.Offset >= 0 && TensorTypes.SizeOf(type) == TensorTypes.SizeOf(x.Type) && Chance(4);
        return Add(opcode, Arena(type, x.Shape, offset: inPlace ? x.Offset : null), inputs, parameters);
    }

    /// <summary>The elements of <paramref name="x"/> in another shape.</summary>
    internal Item Reshape(Item x, int[] shape) => Add(Opcode.Reshape, Arena(x.Type, shape, x.ZeroPoint), [x.Index], []);

    /// <summary><paramref name="x"/> with a number of dimensions.</summary>
    internal Item OfRank(Item x, int rank)
    {
        if (x.Shape.Length == rank)
        {
            return x;
        }

        int[] shape = x.Shape.Length < rank
            ? [.. Enumerable.Repeat(1, rank - x.Shape.Length), .. x.Shape]
            : [x.Shape[..^(rank - 1)].Aggregate(1, (product, size) => product * size), .. x.Shape[^(rank - 1)..]];
        return Reshape(x, shape);
    }

    /// <summary><paramref name="x"/> with one dimension at least.</summary>
    internal Item OfSomeRank(Item x) => OfRank(x, Math.Max(1, x.Shape.Length));

    /// <summary>A tensor in the arena: behind all others, somewhere among them, or at an offset.</summary>
    internal Item Arena(TensorType type, int[] shape, int? zeroPoint = null, int? offset = null, TensorStorage storage = TensorStorage.Arena)
    {
        int size = TensorTypes.SizeOf(type);
        int bytes = shape.Aggregate(size, (product, dimension) => product * dimension);
        int place = offset ?? (arenaEnd + size - 1) / size * size;
        if (offset is null && arenaEnd >= bytes && Chance(8))
        {
            place = random.Next(((arenaEnd - bytes) / size) + 1) * size;
        }

        arenaEnd = Math.Max(arenaEnd, place + bytes);
        int zero = type == TensorType.Int8 ? zeroPoint ?? Pick(0, 3, -128) : 0;
        TensorQuantization? quantization = type is TensorType.Int8 or TensorType.Int16 ? new TensorQuantization(Scale, zero) : null;
        return new Item(builder.AddTensor(type, shape, place, quantization, storage), type, shape, zero, place, storage);
    }

    /// <summary>A tensor from elsewhere: a constant or one more input of the model.</summary>
    internal Item Other(TensorType type, int[] shape, int zeroPoint = 0)
    {
        if (type == TensorType.Int32 || Chance(2))
        {
            return new Item(Constant(type, shape, type == TensorType.Float32 ? null : new TensorQuantization(Scale, zeroPoint)), type, shape, zeroPoint, -1, TensorStorage.Constant);
        }

        Item x = Arena(type, shape, zeroPoint);
        AddInput(x);
        return x;
    }

    internal int Constant(TensorType type, int[] shape, TensorQuantization? quantization = null)
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

        return builder.AddConstant(type, shape, data, type == TensorType.Int32 ? null : quantization);
    }

    internal int Values<T>(TensorType type, int[] shape, T[] values)
        where T : unmanaged
        => builder.AddConstant(type, shape, MemoryMarshal.AsBytes<T>(values));

    internal int Shifts(int count, Func<int> value) => Values(TensorType.Int8, [count], Many(count, () => (sbyte)value()));

    internal int Ints(int count, Func<int> value) => Values(TensorType.Int32, [count], Many(count, value));

    internal static T[] Many<T>(int count, Func<T> value) => [.. Enumerable.Range(0, count).Select(_ => value())];

    internal float Uniform() => (float)((random.NextDouble() * 4) - 2);

    internal bool Chance(int oneIn) => random.Next(oneIn) == 0;

    internal T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    /// <summary>The number of a value of an enumeration.</summary>
    internal int Kind<T>()
        where T : struct, Enum
        => Convert.ToInt32(Pick(Enum.GetValues<T>()), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Kind, alpha and beta of an activation without a second input.</summary>
    internal int[] Activation()
    {
        int kind = Kind<ActivationKind>();
        return [kind == (int)ActivationKind.PReLU ? (int)ActivationKind.ReLU : kind, Bits(Uniform()), Bits(Uniform())];
    }

    internal int[] Clamp(TensorType type)
    {
        int high = type == TensorType.Int8 ? 127 : 32767;
        return [-high - 1 + random.Next(50), high - random.Next(50)];
    }

    /// <summary>Adds what a file may say about decisions.</summary>
    internal void AddMetadata()
    {
        builder.AddText(MetadataKey.Name, "random");
        builder.AddTextList(MetadataKey.Labels, ["no", "yes"]);
        builder.AddFloats(MetadataKey.Threshold, [0.25f]);
        builder.AddFloats(MetadataKey.AbstainBand, [0.25f, 0.75f]);
        builder.AddFloats(MetadataKey.Calibration, [(int)CalibrationMethod.Temperature, 2f]);
        builder.AddFloats(MetadataKey.InputStatistics, [.. Enumerable.Repeat<float[]>([0f, 1f, -2f, 2f], inputElements).SelectMany(statistics => statistics)]);
        builder.AddFloats(MetadataKey.InputLimits, [1f, 9f]);
    }

    internal byte[] Build()
    {
        byte[] file = builder.Build();
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FormatLayout.ArenaBytesOffset), arenaEnd);
        ModelBuilder.WriteCrc(file);
        return file;
    }

    private void AddInput(Item x)
    {
        builder.AddInput(x.Index);
        inputElements += x.Elements;
    }
}

/// <summary>A tensor of a random model.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="ZeroPoint">Its zero point.</param>
/// <param name="Offset">Its place in the arena, −1 for a constant.</param>
/// <param name="Storage">Arena, constant or state.</param>
internal sealed record Item(int Index, TensorType Type, int[] Shape, int ZeroPoint, int Offset, TensorStorage Storage)
{
    internal int Elements => Shape.Aggregate(1, (product, size) => product * size);
}
