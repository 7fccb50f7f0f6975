using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>
/// Writes a file from docs/model-format.md without the product's writer and without any check: every field can hold what no
/// writer would put there. The arena ends with its last tensor, so that a guard page begins there.
/// </summary>
internal sealed class RawModel
{
    private readonly List<byte> constants = [];
    private readonly List<byte> inputs = [];
    private readonly List<byte> outputs = [];
    private int arenaEnd;

    internal List<RawTensor> Tensors { get; } = [];

    internal List<byte[]> Operators { get; } = [];

    /// <summary>Records of the contract besides inputs and outputs.</summary>
    internal SortedDictionary<int, byte[]> Records { get; } = [];

    /// <summary>The section of names; none where empty.</summary>
    internal byte[] Names { get; set; } = [];

    /// <summary>The section of self-test vectors; none where empty.</summary>
    internal byte[] SelfTest { get; set; } = [];

    /// <summary>What the header says, where it is not the end of the last tensor.</summary>
    internal int? ArenaBytes { get; set; }

    /// <summary>The contract section, where it is not what the records give.</summary>
    internal byte[]? Contract { get; set; }

    /// <summary>How a parameter is written: as nothing, in one, in two or in four bytes (3).</summary>
    internal Func<int, int>? Code { get; set; }

    /// <summary>What each section begins at, by its identifier; known after <see cref="Build"/>.</summary>
    internal Dictionary<int, int> Starts { get; } = [];

    /// <summary>Changes the sections before they are laid out.</summary>
    internal Action<List<(int Id, byte[] Data)>>? EditSections { get; set; }

    /// <summary>Changes the bytes before the checksum is taken.</summary>
    internal Func<byte[], byte[]>? Edit { get; set; }

    internal static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    internal int Arena(TensorType type, int[] shape, float? scale = null, int zero = 0, int? offset = null, int storage = 0)
    {
        int size = SizeOf(type);
        int place = offset ?? (arenaEnd + size - 1) / size * size;
        long bytes = shape.Aggregate((long)size, (product, dimension) => product * dimension);
        arenaEnd = (int)Math.Min(int.MaxValue, Math.Max(arenaEnd, place + bytes));
        return Add(new RawTensor(type, storage, shape, place) { Scale = scale, Zero = zero });
    }

    internal int Floats(int[] shape, params float[] values) => Constant(TensorType.Float32, shape, MemoryMarshal.AsBytes<float>(values), null);

    internal int Ints(int[] shape, params int[] values) => Constant(TensorType.Int32, shape, MemoryMarshal.AsBytes<int>(values), null);

    internal int Shifts(params int[] values) => Constant(TensorType.Int8, [values.Length], [.. values.Select(value => (byte)value)], null);

    internal int Longs(int[] shape, params long[] values) => Constant(TensorType.Int64, shape, MemoryMarshal.AsBytes<long>(values), null);

    internal int Shorts(int[] shape, params short[] values) => Constant(TensorType.Int16, shape, MemoryMarshal.AsBytes<short>(values), 1f);

    internal int Bytes(int[] shape, params sbyte[] values) => Constant(TensorType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(values), 1f);

    internal int Constant(TensorType type, int[] shape, ReadOnlySpan<byte> data, float? scale, int zero = 0)
    {
        int alignment = data.Length >= 256 ? 16 : SizeOf(type);
        while (constants.Count % alignment != 0)
        {
            constants.Add(0);
        }

        int offset = constants.Count;
        constants.AddRange(data);
        return Add(new RawTensor(type, 1, shape, offset) { Scale = scale, Zero = zero });
    }

    /// <summary>Adds an operator; −1 is an input that is absent.</summary>
    internal void Op(Opcode opcode, int[] inputTensors, int[] outputTensors, params int[] parameters)
    {
        List<byte> record = [(byte)opcode, (byte)inputTensors.Length, (byte)outputTensors.Length, (byte)parameters.Length];
        foreach (int tensor in inputTensors.Concat(outputTensors))
        {
            record.AddRange(Two(tensor < 0 ? 65535 : tensor));
        }

        byte[] codes = new byte[(parameters.Length + 3) / 4];
        List<byte> values = [];
        for (int i = 0; i < parameters.Length; i++)
        {
            // Four bytes hold any number.
            int code = Code is null ? parameters[i] == 0 ? 0 : 3 : Code(i);
            codes[i / 4] |= (byte)(code << (i % 4 * 2));
            values.AddRange(Four(parameters[i])[..(code == 3 ? 4 : code)]);
        }

        record.AddRange(codes);
        record.AddRange(values);
        Operators.Add([.. record]);
    }

    internal void Input(int tensor, string name = "")
    {
        inputs.AddRange(Two(tensor));
        inputs.AddRange(Text(name));
    }

    internal void Output(int tensor, int role = 0, string name = "")
    {
        outputs.AddRange(Two(tensor));
        outputs.Add((byte)role);
        outputs.AddRange(Text(name));
    }

    internal void Record(int key, params float[] values) => Records[key] = MemoryMarshal.AsBytes<float>(values).ToArray();

    internal void Texts(int key, params string[] texts) => Records[key] = [.. texts.SelectMany(Text)];

    /// <summary>Bytes of a text: its length in one byte or two, then its UTF-8.</summary>
    internal static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return utf8.Length < 128 ? [(byte)utf8.Length, .. utf8] : [(byte)((utf8.Length & 127) | 128), (byte)(utf8.Length >> 7), .. utf8];
    }

    /// <summary>Where tensor <paramref name="index"/> begins; known after <see cref="Build"/>.</summary>
    internal int TensorStart(int index) => Starts[1] + Tensors.Take(index).Sum(tensor => tensor.Bytes().Length);

    /// <summary>Where operator <paramref name="index"/> begins; known after <see cref="Build"/>.</summary>
    internal int OperatorStart(int index) => Starts[2] + Operators.Take(index).Sum(record => record.Length);

    /// <summary>Where the payload of a record of the contract begins; known after <see cref="Build"/>.</summary>
    internal int PayloadStart(int key) => Starts[3] + AllRecords().TakeWhile(record => record.Key < key).Sum(record => 4 + record.Value.Length) + 4;

    internal byte[] Build()
    {
        List<(int Id, byte[] Data)> sections =
        [
            (1, [.. Tensors.SelectMany(tensor => tensor.Bytes())]),
            (2, [.. Operators.SelectMany(record => record)]),
            (3, Contract ?? [.. AllRecords().SelectMany(record => (byte[])[.. Four(record.Key | (record.Value.Length << 8)), .. record.Value])]),
        ];
        if (Names.Length > 0)
        {
            sections.Add((5, Names));
        }

        if (SelfTest.Length > 0)
        {
            sections.Add((6, SelfTest));
        }

        if (constants.Count > 0)
        {
            sections.Add((4, [.. constants]));
        }

        EditSections?.Invoke(sections);
        List<byte> file = [.. Four(0x45474445), .. Two(3), .. Two(0), .. Four(0), .. Four(0), .. Four(ArenaBytes ?? arenaEnd), .. Two(0), .. Two(sections.Count)];
        foreach ((int id, byte[] data) in sections)
        {
            file.AddRange(Four(id));
            file.AddRange(Four(data.Length));
        }

        foreach ((int id, byte[] data) in sections)
        {
            while (file.Count % (id == 4 ? 16 : 4) != 0)
            {
                file.Add(0);
            }

            Starts[id] = file.Count;
            file.AddRange(data);
        }

        byte[] bytes = [.. file];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), bytes.Length);
        bytes = Edit?.Invoke(bytes) ?? bytes;
        return bytes.Length < 24 ? bytes : Checked(bytes);
    }

    /// <summary>Puts the right checksum into a file whose length field is right.</summary>
    internal static byte[] Checked(byte[] file)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        length = length < 24 || length > file.Length ? file.Length : length;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), Crc([.. file[..12], .. file[16..length]]));
        return file;
    }

    /// <summary>CRC-32 (IEEE 802.3) bit by bit.</summary>
    internal static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        return ~crc;
    }

    internal static byte[] Two(int value) => [(byte)value, (byte)(value >> 8)];

    internal static byte[] Four(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];

    private static int SizeOf(TensorType type) => type switch
    {
        TensorType.Int8 => 1,
        TensorType.Int16 => 2,
        TensorType.Int64 => 8,
        _ => 4,
    };

    private SortedDictionary<int, byte[]> AllRecords() => new(Records) { [1] = [.. inputs], [2] = [.. outputs] };

    private int Add(RawTensor tensor)
    {
        Tensors.Add(tensor);
        return Tensors.Count - 1;
    }
}

/// <summary>A record of the tensors section.</summary>
internal sealed class RawTensor(TensorType type, int storage, int[] shape, int offset)
{
    internal float? Scale { get; set; }

    internal int Zero { get; set; }

    internal int Offset { get; set; } = offset;

    internal int[] Shape { get; set; } = shape;

    /// <summary>Whether dimensions take four bytes though two would do.</summary>
    internal bool IsWide { get; set; }

    /// <summary>The first byte, where it is not what the rest gives.</summary>
    internal int? Kind { get; set; }

    /// <summary>The second byte, where it is not the number of dimensions.</summary>
    internal int? Rank { get; set; }

    internal byte[] Bytes()
    {
        bool wide = IsWide || Shape.Any(size => size is > 65535 or < 0);
        int kind = (int)type | (storage << 3) | (Scale is null ? 0 : 32) | (wide ? 64 : 0);
        return
        [
            (byte)(Kind ?? kind), (byte)(Rank ?? Shape.Length), .. RawModel.Two(Zero), .. RawModel.Four(Offset),
            .. Shape.SelectMany(size => wide ? RawModel.Four(size) : RawModel.Two(size)),
            .. Scale is { } scale ? RawModel.Four(RawModel.Bits(scale)) : [],
        ];
    }
}
