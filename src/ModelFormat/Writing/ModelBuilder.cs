#nullable enable

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelFormat.Writing;

/// <summary>Collects tensors, operators, constants and metadata, and lays them out as a model file.</summary>
/// <remarks>The same calls in the same order give the same bytes. Not thread-safe.</remarks>
public sealed class ModelBuilder
{
    private readonly List<byte[]> tensors = [];
    private readonly MemoryStream operators = new();
    private readonly MemoryStream constants = new();
    private readonly MemoryStream metadata = new();
    private readonly Dictionary<string, int> constantOffsets = new(StringComparer.Ordinal);
    private readonly List<int> inputs = [];
    private readonly List<int> outputs = [];
    private int arenaBytes;

    /// <summary>Number of tensors added so far; the index of the next.</summary>
    public int TensorCount => tensors.Count;

    /// <summary>Bytes of constants added so far, padding included.</summary>
    public int ConstantBytes => (int)constants.Length;

    /// <summary>Size of the arena in bytes: the end of the last tensor in it, rounded up to the alignment.</summary>
    public int ArenaBytes => Align(arenaBytes);

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
        return AddRecord(type, storage, shape, arenaOffset, quantization);
    }

    /// <summary>Adds a constant tensor. Equal bytes are stored once.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="data">The elements, little endian, row-major.</param>
    /// <param name="quantization">Scale and zero point, or null.</param>
    /// <returns>The tensor's index.</returns>
    public int AddConstant(TensorType type, ReadOnlySpan<int> shape, ReadOnlySpan<byte> data, TensorQuantization? quantization = null)
    {
        string key = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(data));
        if (!constantOffsets.TryGetValue(key, out int offset))
        {
            // Small tables of multipliers and biases need no more than their elements' alignment times four.
            Pad(constants, data.Length >= FormatLayout.Alignment ? FormatLayout.Alignment : 16);
            offset = (int)constants.Length;
            constants.Write(data);
            constantOffsets.Add(key, offset);
        }

        return AddRecord(type, TensorStorage.Constant, shape, offset, quantization);
    }

    /// <summary>Adds an operator; execution follows the order of these calls.</summary>
    /// <param name="opcode">The operator.</param>
    /// <param name="inputTensors">Tensor indices, −1 for an optional input that is absent.</param>
    /// <param name="outputTensors">Tensor indices.</param>
    /// <param name="parameters">Values in the order of the operator's row; float32 ones as their bits.</param>
    public void AddOperator(Opcode opcode, ReadOnlySpan<int> inputTensors, ReadOnlySpan<int> outputTensors, ReadOnlySpan<int> parameters)
    {
        int size = FormatLayout.OperatorHeaderBytes + (4 * (inputTensors.Length + outputTensors.Length + parameters.Length));
        Span<byte> header = stackalloc byte[FormatLayout.OperatorHeaderBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(header, checked((ushort)opcode));
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.OperatorSizeOffset..], checked((ushort)size));
        header[FormatLayout.OperatorInputsOffset] = checked((byte)inputTensors.Length);
        header[FormatLayout.OperatorOutputsOffset] = checked((byte)outputTensors.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.OperatorParametersOffset..], checked((ushort)parameters.Length));
        operators.Write(header);
        WriteInts(operators, inputTensors);
        WriteInts(operators, outputTensors);
        WriteInts(operators, parameters);
    }

    /// <summary>Names a tensor as the next input of the model.</summary>
    public void AddInput(int tensor) => inputs.Add(tensor);

    /// <summary>Names a tensor as the next output of the model.</summary>
    public void AddOutput(int tensor) => outputs.Add(tensor);

    /// <summary>Adds a text to the metadata; a key may be added once.</summary>
    public void AddText(MetadataKey key, string text) => AddMetadata(key, MetadataKind.Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a list of texts to the metadata.</summary>
    public void AddTextList(MetadataKey key, IReadOnlyCollection<string> texts)
    {
        using var payload = new MemoryStream();
        WriteInts(payload, [texts.Count]);
        foreach (string text in texts)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            WriteInts(payload, [utf8.Length]);
            payload.Write(utf8);
        }

        AddMetadata(key, MetadataKind.TextList, payload.ToArray());
    }

    /// <summary>Adds float32 values to the metadata.</summary>
    public void AddFloats(MetadataKey key, ReadOnlySpan<float> values)
    {
        byte[] payload = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(i * 4), values[i]);
        }

        AddMetadata(key, MetadataKind.Floats, payload);
    }

    /// <summary>Adds bytes to the metadata.</summary>
    public void AddBytes(MetadataKey key, ReadOnlySpan<byte> payload) => AddMetadata(key, MetadataKind.Bytes, payload);

    /// <summary>Lays the model out and validates it.</summary>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ModelFormatException">What was added is not a valid model.</exception>
    public byte[] Build()
    {
        using var interfaces = new MemoryStream();
        WriteInts(interfaces, [inputs.Count]);
        WriteInts(interfaces, CollectionsMarshal.AsSpan(inputs));
        WriteInts(interfaces, [outputs.Count]);
        WriteInts(interfaces, CollectionsMarshal.AsSpan(outputs));

        (int Id, byte[] Data)[] sections =
        [
            (FormatLayout.TensorsSection, [.. tensors.SelectMany(record => record)]),
            (FormatLayout.OperatorsSection, operators.ToArray()),
            (FormatLayout.InterfaceSection, interfaces.ToArray()),
            (FormatLayout.MetadataSection, metadata.ToArray()),
            (FormatLayout.ConstantsSection, constants.ToArray()),
        ];

        int position = FormatLayout.HeaderBytes + (sections.Length * FormatLayout.SectionEntryBytes);
        var starts = new int[sections.Length];
        for (int i = 0; i < sections.Length; i++)
        {
            // Only constants are used in place, so only they pay for the alignment.
            starts[i] = sections[i].Id == FormatLayout.ConstantsSection ? Align(position) : (position + 3) & ~3;
            position = checked(starts[i] + sections[i].Data.Length);
        }

        byte[] file = new byte[position];
        Span<byte> header = file;
        WriteInt(header, FormatLayout.MagicOffset, FormatLayout.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.MajorVersionOffset..], FormatLayout.MajorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header[FormatLayout.MinorVersionOffset..], FormatLayout.MinorVersion);
        WriteInt(header, FormatLayout.LengthOffset, file.Length);
        WriteInt(header, FormatLayout.SectionCountOffset, sections.Length);
        WriteInt(header, FormatLayout.ArenaBytesOffset, ArenaBytes);
        for (int i = 0; i < sections.Length; i++)
        {
            int entry = FormatLayout.HeaderBytes + (i * FormatLayout.SectionEntryBytes);
            WriteInt(header, entry, sections[i].Id);
            WriteInt(header, entry + 4, starts[i]);
            WriteInt(header, entry + 8, sections[i].Data.Length);
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

    private int AddRecord(TensorType type, TensorStorage storage, ReadOnlySpan<int> shape, int offset, TensorQuantization? quantization)
    {
        byte[] record = new byte[FormatLayout.TensorRecordBytes];
        record[FormatLayout.TensorTypeOffset] = (byte)type;
        record[FormatLayout.TensorRankOffset] = checked((byte)shape.Length);
        record[FormatLayout.TensorStorageOffset] = (byte)storage;
        for (int i = 0; i < FormatLayout.MaxRank; i++)
        {
            WriteInt(record, FormatLayout.TensorShapeOffset + (i * 4), i < shape.Length ? shape[i] : 1);
        }

        WriteInt(record, FormatLayout.TensorDataOffset, offset);
        WriteInt(record, FormatLayout.TensorScalesOffset, -1);
        if (quantization is { } values)
        {
            record[FormatLayout.TensorQuantizedOffset] = 1;
            BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(FormatLayout.TensorScaleOffset), values.Scale);
            WriteInt(record, FormatLayout.TensorZeroPointOffset, values.ZeroPoint);
            WriteInt(record, FormatLayout.TensorScalesOffset, values.ScalesTensor);
            WriteInt(record, FormatLayout.TensorAxisOffset, values.ChannelAxis);
        }

        tensors.Add(record);
        return tensors.Count - 1;
    }

    private void AddMetadata(MetadataKey key, MetadataKind kind, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FormatLayout.MetadataHeaderBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)key);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)kind);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], payload.Length);
        metadata.Write(header);
        metadata.Write(payload);
        Pad(metadata, 4);
    }

    private static int Align(int position) => (position + FormatLayout.Alignment - 1) & ~(FormatLayout.Alignment - 1);

    private static void Pad(MemoryStream stream, int alignment)
    {
        while (stream.Length % alignment != 0)
        {
            stream.WriteByte(0);
        }
    }

    private static void WriteInt(Span<byte> bytes, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], value);

    private static void WriteInts(MemoryStream stream, ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }
}
