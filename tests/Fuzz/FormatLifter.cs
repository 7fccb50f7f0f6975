using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace Fuzz;

/// <summary>
/// Turns a file of format version 1 or 2, which were never released, into one of version 3 that says the same, its faults kept: a
/// record that was cut is cut, an index that named nothing names nothing. What version 2 cannot say (a dimension past the rank,
/// channel scales, a record of the wrong kind) becomes the nearest fault, or is left out where it was harmless.
/// </summary>
internal static class FormatLifter
{
    private const int HeaderBytes = 32;
    private const int HeaderBytesOfVersion2 = 24;
    private const int NoTensor = 65534;

    /// <summary>The lifted file; one of version 1 by way of version 2, any other as if it were of version 2.</summary>
    internal static byte[] Lift(byte[] file) => LayoutLifter.Lift(file.Length >= 6 && U16(file, 4) == 1 ? LiftFirst(file) : file);

    private static byte[] LiftFirst(byte[] file)
    {
        if (file.Length < HeaderBytes)
        {
            return file[..Math.Min(file.Length, HeaderBytesOfVersion2 - 1)];
        }

        int length = I32(file, 8);
        bool whole = length >= HeaderBytes && length <= file.Length;
        byte[] model = whole ? file[..length] : file;
        bool checksum = Crc(model, 12) == U32(file, 12);
        List<(int Id, byte[]? Data)> sections = Sections(model);
        byte[] lifted = Assemble(file, sections, I32(file, 20));
        BinaryPrimitives.WriteInt32LittleEndian(lifted.AsSpan(8), lifted.Length + (whole ? 0 : length - file.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(lifted.AsSpan(12), Crc(lifted, 12) ^ (checksum ? 0u : 1u));
        return whole ? [.. lifted, .. file[length..]] : lifted;
    }

    // Null stands for data that did not lie within the file.
    private static List<(int Id, byte[]? Data)> Sections(byte[] model)
    {
        var parts = new List<(int Id, byte[]? Data)>();
        int count = Math.Clamp(I32(model, 20), 0, Math.Min(1000, (model.Length - HeaderBytes) / 16));
        for (int i = 0; i < count; i++)
        {
            int entry = HeaderBytes + (i * 16);
            int start = I32(model, entry + 4);
            int size = I32(model, entry + 8);
            bool inside = start >= HeaderBytes + (count * 16) && size >= 0 && start <= model.Length && size <= model.Length - start && (start & 3) == 0;
            parts.Add((I32(model, entry), inside ? model[start..(start + size)] : null));
        }

        byte[] Part(int id) => parts.FirstOrDefault(part => part.Id == id).Data ?? [];
        int tensorCount = Part(1).Length / 64;
        var metadata = new LiftedMetadata(Part(5));
        var sections = new List<(int Id, byte[]? Data)>();
        foreach ((int id, byte[]? data) in parts)
        {
            switch (id)
            {
                case 1:
                    sections.Add((FormatLayout.TensorsSection, data is null ? null : Tensors(data)));
                    break;
                case 2:
                    sections.Add((FormatLayout.OperatorsSection, data is null ? null : Operators(data, tensorCount)));
                    break;
                case 3:
                    sections.Add((FormatLayout.ContractSection, data is null ? null : metadata.Contract(data, tensorCount, Elements(Part(1), data))));
                    break;
                case 4:
                    sections.Add((FormatLayout.ConstantsSection, data));
                    break;
                case 5 when data is null:
                    sections.Add((99, null));
                    break;
                case 5 when parts.Count(part => part.Id == 5) > 1:
                    sections.Add((FormatLayout.TensorNamesSection, []));
                    break;
                case 5:
                    if (metadata.TensorNames(tensorCount) is { } names)
                    {
                        sections.Add((FormatLayout.TensorNamesSection, names));
                    }

                    if (metadata.SelfTest() is { } vectors)
                    {
                        sections.Add((FormatLayout.SelfTestSection, vectors));
                    }

                    break;
                default:
                    sections.Add((1000 + (id & 255), data));
                    break;
            }
        }

        return sections;
    }

    private static byte[] Assemble(byte[] file, List<(int Id, byte[]? Data)> sections, int declared)
    {
        bool possible = declared >= 1 && declared <= (file.Length - HeaderBytes) / 16;
        using var stream = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderBytesOfVersion2];
        header.Clear();
        file.AsSpan(0, 4).CopyTo(header);
        int major = U16(file, 4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], (ushort)(major == 1 ? 2 : major));
        file.AsSpan(6, 2).CopyTo(header[6..]);
        file.AsSpan(24, 4).CopyTo(header[16..]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], (ushort)(U32(file, 16) == 0 ? 0 : 1));
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)(possible ? sections.Count : declared < 1 ? 0 : 65535));
        stream.Write(header);
        foreach ((int id, byte[]? data) in sections)
        {
            WriteInt(stream, id);
            WriteInt(stream, data?.Length ?? int.MaxValue);
        }

        foreach ((int id, byte[]? data) in sections)
        {
            while (stream.Length % (id == FormatLayout.ConstantsSection ? 16 : 4) != 0)
            {
                stream.WriteByte(0);
            }

            stream.Write(data ?? []);
        }

        return stream.ToArray();
    }

    private static byte[] Tensors(byte[] data)
    {
        using var stream = new MemoryStream();
        for (int at = 0; at < data.Length; at += 64)
        {
            if (data.Length - at < 64)
            {
                // Cut within a record.
                stream.WriteByte(1);
                break;
            }

            WriteTensor(stream, data.AsSpan(at, 64));
        }

        return stream.ToArray();
    }

    private static void WriteTensor(MemoryStream stream, ReadOnlySpan<byte> record)
    {
        int rank = record[1];
        int[] sizes = new int[Math.Min(rank, 6)];
        for (int i = 0; i < 6; i++)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(record[(4 + (i * 4))..]);
            if (i < sizes.Length)
            {
                sizes[i] = size;
            }
            else if (size != 1 && sizes.Length > 0 && rank <= 6 && sizes.Aggregate(4.0, (product, one) => product * one) <= FormatLayout.MaxArenaBytes)
            {
                sizes[^1] = Math.Min(size, 0);
            }
        }

        sizes = rank > 6 ? [.. Enumerable.Repeat(1, rank)] : sizes;
        bool wide = sizes.Any(size => size is < 0 or > 65535);
        bool quantized = record[3] != 0;
        int zeroPoint = BinaryPrimitives.ReadInt32LittleEndian(record[36..]);
        int kind = Math.Min((int)record[0], 7) | (Math.Min((int)record[2], 3) << 3) | (quantized ? 32 : 0) | (wide ? 64 : 0) | (record[3] > 1 ? 128 : 0);
        stream.WriteByte((byte)kind);
        stream.WriteByte((byte)rank);
        WriteShort(stream, quantized ? Math.Clamp(zeroPoint, short.MinValue, short.MaxValue) : 0);
        stream.Write(record.Slice(28, 4));
        foreach (int size in sizes)
        {
            if (wide)
            {
                WriteInt(stream, size);
            }
            else
            {
                WriteShort(stream, size);
            }
        }

        if (quantized)
        {
            stream.Write(record.Slice(32, 4));
        }
    }

    private static byte[] Operators(byte[] data, int tensorCount)
    {
        using var stream = new MemoryStream();
        for (int at = 0; at < data.Length;)
        {
            int size = data.Length - at >= 8 ? U16(data, at + 2) : 0;
            int inputs = size == 0 ? 0 : data[at + 4];
            int outputs = size == 0 ? 0 : data[at + 5];
            int parameters = size == 0 ? 0 : U16(data, at + 6);
            if (size == 0 || size > data.Length - at || size != 8 + (4 * (inputs + outputs + parameters)))
            {
                stream.WriteByte(1);
                break;
            }

            OperatorInfo? info = OperatorTable.Find(U16(data, at));
            stream.Write([(byte)Math.Min(255, U16(data, at)), (byte)inputs, (byte)outputs, (byte)Math.Min(255, parameters)]);
            int position = at + 8;
            for (int i = 0; i < inputs + outputs; i++, position += 4)
            {
                int index = I32(data, position);
                WriteShort(stream, index == -1 && i < inputs ? 65535 : index >= 0 && index < tensorCount ? index : NoTensor);
            }

            WriteParameters(stream, info, [.. Enumerable.Range(0, Math.Min(255, parameters)).Select(i => I32(data, position + (i * 4)))]);
            at += size;
        }

        return stream.ToArray();
    }

    private static void WriteParameters(MemoryStream stream, OperatorInfo? info, int[] values)
    {
        byte[] codes = new byte[(values.Length + 3) / 4];
        int[] sizes = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            bool isFloat = info is null || i >= info.Parameters.Length || info.IsFloat(i);
            int code = values[i] == 0 ? 0 : isFloat ? 3 : values[i] == (sbyte)values[i] ? 1 : values[i] == (short)values[i] ? 2 : 3;
            codes[i / 4] |= (byte)(code << (i % 4 * 2));
            sizes[i] = code == 3 ? 4 : code;
        }

        stream.Write(codes);
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, values[i]);
            stream.Write(bytes[..sizes[i]]);
        }
    }

    // The elements of all inputs, 0 where they cannot be told.
    private static long Elements(byte[] tensors, byte[] data)
    {
        long sum = 0;
        int count = data.Length >= 4 ? I32(data, 0) : 0;
        for (int i = 0; i < count && data.Length >= 8 + (i * 4); i++)
        {
            int index = I32(data, 4 + (i * 4));
            if (index < 0 || index >= tensors.Length / 64)
            {
                return 0;
            }

            long elements = 1;
            for (int d = 0; d < 6; d++)
            {
                elements *= I32(tensors, (index * 64) + 4 + (d * 4));
            }

            sum += elements;
        }

        return sum;
    }

    internal static uint Crc(byte[] file, int skip) => new ModelBytes(file).Crc32(0, file.Length, skip);

    internal static int I32(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));

    internal static int U16(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));

    internal static void WriteShort(MemoryStream stream, int value)
    {
        stream.WriteByte((byte)value);
        stream.WriteByte((byte)(value >> 8));
    }

    internal static void WriteText(MemoryStream stream, ReadOnlySpan<byte> text)
    {
        if (text.Length >= 128)
        {
            stream.WriteByte((byte)(text.Length | 128));
            stream.WriteByte((byte)(text.Length >> 7));
        }
        else
        {
            stream.WriteByte((byte)text.Length);
        }

        stream.Write(text);
    }

    internal static uint U32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    internal static void WriteInt(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
