#nullable enable

using System.Buffers.Binary;
using System.Text;

namespace EdgeInference.ModelFormat.Writing;

/// <summary>Collects tensors, operators, constants and the contract, and lays them out as a model file.</summary>
/// <remarks>The same calls in the same order give the same bytes. Not thread-safe.</remarks>
internal sealed class ModelBuilder
{
    private readonly List<byte[]> tensors = [];
    private readonly MemoryStream operators = new();
    private readonly MemoryStream constants = new();
    private readonly SortedDictionary<MetadataKey, byte[]> contract = [];
    private readonly Dictionary<string, int> constantTensors = new(StringComparer.Ordinal);
    private readonly MemoryStream inputs = new();
    private readonly MemoryStream outputs = new();
    private byte[] tensorNames = [];
    private byte[] selfTest = [];
    private int arenaBytes;

    /// <summary>Number of tensors added so far; the index of the next.</summary>
    public int TensorCount => tensors.Count;

    /// <summary>Bytes of constants added so far, padding included.</summary>
    public int ConstantBytes => (int)constants.Length;

    /// <summary>Size of the arena in bytes: the end of the last tensor in it, rounded up to 64.</summary>
    public int ArenaBytes => (arenaBytes + 63) & ~63;

    /// <summary>Adds a tensor that lives in the arena.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions, 0 to 6 of them, each 1 or more.</param>
    /// <param name="arenaOffset">Byte offset in the arena.</param>
    /// <param name="quantization">Scale and zero point, or null.</param>
    /// <param name="storage"><see cref="TensorStorage.Arena"/> or <see cref="TensorStorage.State"/>.</param>
    /// <returns>The tensor's index.</returns>
    public int AddTensor(TensorType type, ReadOnlySpan<int> shape, int arenaOffset, TensorQuantization? quantization = null, TensorStorage storage = TensorStorage.Arena)
    {
        int bytes = TensorTypes.SizeOf(type);
        foreach (int size in shape)
        {
            bytes = checked(bytes * size);
        }

        arenaBytes = Math.Max(arenaBytes, checked(arenaOffset + bytes));
        return Add(Record(type, storage, shape, arenaOffset, quantization));
    }

    /// <summary>Adds a constant tensor; one that is equal in all that it is given to an earlier one is that tensor.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="data">The elements, little endian, row-major.</param>
    /// <param name="quantization">Scale and zero point, or null.</param>
    /// <returns>The tensor's index.</returns>
    public int AddConstant(TensorType type, ReadOnlySpan<int> shape, ReadOnlySpan<byte> data, TensorQuantization? quantization = null)
    {
        byte[] record = Record(type, TensorStorage.Constant, shape, 0, quantization);
        string key = Convert.ToHexString(record) + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(data));
        if (!constantTensors.TryGetValue(key, out int index))
        {
            Pad(constants, TensorTypes.SizeOf(type));
            constants.Write(data);
            index = Add(record);
            constantTensors.Add(key, index);
        }

        return index;
    }

    /// <summary>Adds an operator; execution follows the order of these calls.</summary>
    /// <param name="opcode">The operator.</param>
    /// <param name="inputTensors">Tensor indices, −1 for an optional input that is absent.</param>
    /// <param name="outputTensors">Tensor indices.</param>
    /// <param name="parameters">Values in the order of the operator's row; float32 ones as their bits.</param>
    public void AddOperator(Opcode opcode, ReadOnlySpan<int> inputTensors, ReadOnlySpan<int> outputTensors, ReadOnlySpan<int> parameters)
    {
        operators.WriteByte(checked((byte)opcode));
        operators.WriteByte(checked((byte)inputTensors.Length));
        operators.WriteByte(checked((byte)outputTensors.Length));
        operators.WriteByte(checked((byte)parameters.Length));
        foreach (int tensor in inputTensors)
        {
            WriteIndex(operators, tensor < 0 ? FormatLayout.AbsentTensor : tensor);
        }

        foreach (int tensor in outputTensors)
        {
            WriteIndex(operators, tensor);
        }

        WriteParameters(OperatorTable.Find((int)opcode), parameters);
    }

    /// <summary>Names a tensor as the next input of the model.</summary>
    /// <param name="tensor">The tensor's index.</param>
    /// <param name="name">The input's name, or empty.</param>
    public void AddInput(int tensor, string name = "")
    {
        WriteIndex(inputs, tensor);
        WriteText(inputs, name);
    }

    /// <summary>Names a tensor as the next output of the model.</summary>
    /// <param name="tensor">The tensor's index.</param>
    /// <param name="role">What it means.</param>
    /// <param name="name">The output's name, or empty.</param>
    public void AddOutput(int tensor, OutputRole role = OutputRole.Unknown, string name = "")
    {
        WriteIndex(outputs, tensor);
        outputs.WriteByte((byte)role);
        WriteText(outputs, name);
    }

    /// <summary>Names all tensors, for tools.</summary>
    /// <param name="names">A name for each tensor.</param>
    public void AddTensorNames(IEnumerable<string> names) => tensorNames = Texts(names);

    /// <summary>Adds inputs with their outputs, which a device replays at start.</summary>
    /// <param name="values">Inputs, one after the other.</param>
    /// <param name="outputBytes">For each input the bytes of all output tensors.</param>
    public void AddSelfTest(ReadOnlySpan<float> values, ReadOnlySpan<byte> outputBytes) => selfTest = [.. Floats(values), .. outputBytes];

    /// <summary>Says which output decides.</summary>
    /// <param name="output">Index of the output, or −1 for none.</param>
    /// <param name="head">The function at its end.</param>
    public void AddDecision(int output, DecisionHead head) =>
        contract.Add(MetadataKey.Decision, [output < 0 ? (byte)FormatLayout.NoOutput : checked((byte)output), (byte)head, 1]);

    /// <summary>Says what one inference takes of a stream of samples.</summary>
    /// <param name="period">Seconds from one sample to the next, 0 if it is not known.</param>
    /// <param name="length">Samples of the window.</param>
    /// <param name="hop">Samples from the start of one window to that of the next.</param>
    public void AddWindow(float period, int length, int hop)
    {
        byte[] payload = new byte[12];
        BinaryPrimitives.WriteSingleLittleEndian(payload, period);
        WriteInt(payload, 4, length);
        WriteInt(payload, 8, hop);
        contract.Add(MetadataKey.Window, payload);
    }

    /// <summary>Adds a text to the contract; a record may be added once.</summary>
    public void AddText(MetadataKey key, string text) => contract.Add(key, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a list of texts to the contract.</summary>
    public void AddTextList(MetadataKey key, IEnumerable<string> texts) => contract.Add(key, Texts(texts));

    /// <summary>Adds float32 values to the contract.</summary>
    public void AddFloats(MetadataKey key, ReadOnlySpan<float> values) => contract.Add(key, Floats(values));

    /// <summary>Adds bytes to the contract.</summary>
    public void AddBytes(MetadataKey key, ReadOnlySpan<byte> payload) => contract.Add(key, payload.ToArray());

    /// <summary>Lays the model out and validates it.</summary>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ModelFormatException">What was added is not a valid model.</exception>
    public byte[] Build()
    {
        (int Id, byte[] Data)[] sections =
        [
            (FormatLayout.TensorsSection, [.. tensors.SelectMany(record => record)]),
            (FormatLayout.OperatorsSection, operators.ToArray()),
            (FormatLayout.ContractSection, Contract()),
            (FormatLayout.TensorNamesSection, tensorNames),
            (FormatLayout.SelfTestSection, selfTest),
            (FormatLayout.ConstantsSection, constants.ToArray()),
        ];
        sections = [.. sections.Where(section => section.Data.Length > 0 || section.Id <= FormatLayout.ContractSection)];

        int position = FormatLayout.HeaderBytes + (sections.Length * FormatLayout.SectionEntryBytes);
        var starts = new int[sections.Length];
        for (int i = 0; i < sections.Length; i++)
        {
            int alignment = sections[i].Id == FormatLayout.ConstantsSection ? FormatLayout.ConstantsAlignment : FormatLayout.SectionAlignment;
            starts[i] = (position + alignment - 1) & -alignment;
            position = checked(starts[i] + sections[i].Data.Length);
        }

        byte[] file = new byte[position];
        Span<byte> header = file;
        WriteInt(header, FormatLayout.MagicOffset, FormatLayout.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.MajorVersionOffset..], FormatLayout.MajorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.MinorVersionOffset..], FormatLayout.MinorVersion);
        WriteInt(header, FormatLayout.LengthOffset, file.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.SectionCountOffset..], (ushort)sections.Length);
        WriteInt(header, FormatLayout.ArenaBytesOffset, ArenaBytes);
        for (int i = 0; i < sections.Length; i++)
        {
            int entry = FormatLayout.HeaderBytes + (i * FormatLayout.SectionEntryBytes);
            WriteInt(header, entry, sections[i].Id);
            WriteInt(header, entry + 4, sections[i].Data.Length);
            sections[i].Data.CopyTo(file, starts[i]);
        }

        WriteCrc(file);
        ModelFile.Read(new ModelBytes(file));
        return file;
    }

    /// <summary>Puts the right CRC-32 into a file whose other bytes are in place; for the writer, and for tests that damage files on purpose.</summary>
    public static void WriteCrc(byte[] file)
    {
        uint crc = new ModelBytes(file).Crc32(0, file.Length, FormatLayout.CrcOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(FormatLayout.CrcOffset), crc);
    }

    private int Add(byte[] record)
    {
        tensors.Add(record);
        return tensors.Count - 1;
    }

    private static byte[] Record(TensorType type, TensorStorage storage, ReadOnlySpan<int> shape, int place, TensorQuantization? quantization)
    {
        bool wide = false;
        foreach (int size in shape)
        {
            wide |= size > ushort.MaxValue;
        }

        int dimensionBytes = wide ? 4 : 2;
        int dimensions = FormatLayout.TensorHeaderBytes + (storage == TensorStorage.Constant ? 0 : FormatLayout.TensorPlaceBytes);
        int end = dimensions + (shape.Length * dimensionBytes);
        byte[] record = new byte[end + (quantization is null ? 0 : FormatLayout.TensorQuantizationBytes)];
        int kind = (int)type | ((int)storage << FormatLayout.TensorStorageShift) | (wide ? FormatLayout.TensorWideFlag : 0) | (quantization is null ? 0 : FormatLayout.TensorQuantizedFlag);
        record[FormatLayout.TensorKindOffset] = (byte)kind;
        record[FormatLayout.TensorRankOffset] = checked((byte)shape.Length);
        if (storage != TensorStorage.Constant)
        {
            WriteInt(record, FormatLayout.TensorPlaceOffset, place);
        }

        for (int i = 0; i < shape.Length; i++)
        {
            Span<byte> dimension = record.AsSpan(dimensions + (i * dimensionBytes));
            if (wide)
            {
                WriteInt(dimension, 0, shape[i]);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(dimension, checked((ushort)shape[i]));
            }
        }

        if (quantization is { } values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(end), values.Scale);
            BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(end + 4), checked((short)values.ZeroPoint));
        }

        return record;
    }

    private void WriteParameters(OperatorInfo? info, ReadOnlySpan<int> parameters)
    {
        byte[] codes = new byte[(parameters.Length + 3) / 4];
        using var values = new MemoryStream();
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < parameters.Length; i++)
        {
            int value = parameters[i];
            bool isFloat = info is not null && i < info.Parameters.Length && info.IsFloat(i);
            int code = value == 0 ? 0 : isFloat ? 3 : value == (sbyte)value ? 1 : value == (short)value ? 2 : 3;
            codes[i / 4] |= (byte)(code << (i % 4 * 2));
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            values.Write(bytes[..OperatorRecord.ParameterBytes(code)]);
        }

        operators.Write(codes);
        operators.Write(values.ToArray());
    }

    private byte[] Contract()
    {
        using var stream = new MemoryStream();
        var records = new SortedDictionary<MetadataKey, byte[]>(contract) { [MetadataKey.Inputs] = inputs.ToArray(), [MetadataKey.Outputs] = outputs.ToArray() };
        Span<byte> header = stackalloc byte[FormatLayout.ContractHeaderBytes];
        foreach ((MetadataKey key, byte[] payload) in records)
        {
            if (payload.Length >= 1 << 24)
            {
                throw new ArgumentException($"The contract's {key} take {payload.Length} bytes, more than the 16,777,215 that a record may have.");
            }

            BinaryPrimitives.WriteInt32LittleEndian(header, (int)key | (payload.Length << 8));
            stream.Write(header);
            stream.Write(payload);
        }

        return stream.ToArray();
    }

    private static byte[] Texts(IEnumerable<string> texts)
    {
        using var stream = new MemoryStream();
        foreach (string text in texts)
        {
            WriteText(stream, text);
        }

        return stream.ToArray();
    }

    /// <summary>Writes a text as <see cref="TextList"/> reads it.</summary>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    internal static void WriteText(MemoryStream stream, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length > TextList.MaxBytes)
        {
            throw new ArgumentException($"The text '{text[..40]}...' has {utf8.Length} bytes, more than the {TextList.MaxBytes} that a name may have.", nameof(text));
        }

        if (utf8.Length >= 128)
        {
            stream.WriteByte((byte)(utf8.Length | 128));
            stream.WriteByte((byte)(utf8.Length >> 7));
        }
        else
        {
            stream.WriteByte((byte)utf8.Length);
        }

        stream.Write(utf8);
    }

    private static byte[] Floats(ReadOnlySpan<float> values)
    {
        byte[] payload = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(i * 4), values[i]);
        }

        return payload;
    }

    private static void WriteIndex(MemoryStream stream, int tensor)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)tensor));
        stream.Write(bytes);
    }

    private static void Pad(MemoryStream stream, int alignment)
    {
        while (stream.Length % alignment != 0)
        {
            stream.WriteByte(0);
        }
    }

    private static void WriteInt(Span<byte> bytes, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], value);
}
