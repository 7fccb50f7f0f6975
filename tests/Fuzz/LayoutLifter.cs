using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace Fuzz;

/// <summary>
/// Turns a file of format version 2, which was never released, into one of version 3 that says the same, its faults kept: the
/// shifts of a requantization become int8.
/// </summary>
internal static class LayoutLifter
{
    private const int HeaderBytes = 24;
    private const int EntryBytes = 8;

    /// <summary>The lifted file.</summary>
    internal static byte[] Lift(byte[] file)
    {
        if (file.Length < HeaderBytes)
        {
            return file;
        }

        int length = FormatLifter.I32(file, 8);
        bool whole = length >= HeaderBytes && length <= file.Length;
        byte[] model = whole ? file[..length] : file;
        bool checksum = FormatLifter.Crc(model, 12) == FormatLifter.U32(file, 12);
        byte[] lifted = Assemble(model);
        BinaryPrimitives.WriteInt32LittleEndian(lifted.AsSpan(8), lifted.Length + (whole ? 0 : length - file.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(lifted.AsSpan(12), FormatLifter.Crc(lifted, 12) ^ (checksum ? 0u : 1u));
        return whole ? [.. lifted, .. file[length..]] : lifted;
    }

    private static byte[] Assemble(byte[] model)
    {
        int count = Math.Min(FormatLifter.U16(model, 22), (model.Length - HeaderBytes) / EntryBytes);
        List<(int Id, int Length, byte[]? Data)> sections = Sections(model, count, out int end);
        Shorten(sections);
        using var stream = new MemoryStream();
        byte[] header = model[..HeaderBytes];
        int major = FormatLifter.U16(model, 4);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)(major == 2 ? 3 : major == 3 ? 2 : major));
        stream.Write(header);
        foreach ((int id, int length, _) in sections)
        {
            FormatLifter.WriteInt(stream, id);
            FormatLifter.WriteInt(stream, length);
        }

        foreach ((int id, int _, byte[]? data) in sections)
        {
            while (data is not null && stream.Length % (id == FormatLayout.ConstantsSection ? FormatLayout.ConstantsAlignment : FormatLayout.SectionAlignment) != 0)
            {
                stream.WriteByte(0);
            }

            stream.Write(data ?? []);
        }

        // What the table does not name.
        stream.Write(model[end..]);
        return stream.ToArray();
    }

    // A section that does not lie within the file keeps its length and has no data.
    private static List<(int Id, int Length, byte[]? Data)> Sections(byte[] model, int count, out int end)
    {
        var sections = new List<(int Id, int Length, byte[]? Data)>();
        end = HeaderBytes + (count * EntryBytes);
        for (int i = 0; i < count; i++)
        {
            int id = FormatLifter.I32(model, HeaderBytes + (i * EntryBytes));
            int size = FormatLifter.I32(model, HeaderBytes + (i * EntryBytes) + 4);
            int alignment = id == FormatLayout.ConstantsSection ? 16 : 4;
            int start = (end + alignment - 1) / alignment * alignment;
            bool inside = start <= model.Length && size >= 0 && size <= model.Length - start;
            sections.Add((id, size, inside ? model[start..(start + size)] : null));
            end = inside ? start + size : model.Length;
        }

        return sections;
    }

    // The int32 shifts of a requantization become int8: what int8 does not hold becomes its end, which is outside what a shift may be.
    private static void Shorten(List<(int Id, int Length, byte[]? Data)> sections)
    {
        int tensors = sections.FindIndex(section => section.Id == FormatLayout.TensorsSection);
        int operators = sections.FindIndex(section => section.Id == FormatLayout.OperatorsSection);
        int constants = sections.FindIndex(section => section.Id == FormatLayout.ConstantsSection);
        if (tensors < 0 || operators < 0 || constants < 0 || sections[tensors].Data is not { } records || sections[operators].Data is not { } steps || sections[constants].Data is not { } data)
        {
            return;
        }

        int[] starts = [.. Starts(records)];
        var more = new List<byte>(data);
        foreach (int index in Shifts(steps).Distinct().Where(index => index < starts.Length))
        {
            int at = starts[index];
            int offset = FormatLifter.I32(records, at + 4);
            int elements = records[at + 1] == 0 ? 1 : records[at + 1] == 1 && (records[at] & 64) == 0 ? FormatLifter.U16(records, at + 8) : 0;
            if ((records[at] & 31) != ((int)TensorType.Int32 | 8) || elements == 0 || offset < 0 || offset > data.Length - (elements * 4))
            {
                continue;
            }

            while (elements >= 256 && more.Count % 16 != 0)
            {
                more.Add(0);
            }

            records[at] ^= (int)TensorType.Int32 ^ (int)TensorType.Int8;
            BinaryPrimitives.WriteInt32LittleEndian(records.AsSpan(at + 4), more.Count);
            more.AddRange(Enumerable.Range(0, elements).Select(i => (byte)Math.Clamp(FormatLifter.I32(data, offset + (i * 4)), sbyte.MinValue, sbyte.MaxValue)));
        }

        sections[constants] = (FormatLayout.ConstantsSection, sections[constants].Length + more.Count - data.Length, [.. more]);
    }

    // Where the records of tensors begin, up to one that is cut.
    private static IEnumerable<int> Starts(byte[] records)
    {
        for (int at = 0; at + 8 <= records.Length;)
        {
            int size = 8 + (records[at + 1] * ((records[at] & 64) != 0 ? 4 : 2)) + ((records[at] & 32) != 0 ? 4 : 0);
            if (size > records.Length - at)
            {
                yield break;
            }

            yield return at;
            at += size;
        }
    }

    // The fifth inputs of layers with weights.
    private static IEnumerable<int> Shifts(byte[] records)
    {
        for (int at = 0; at + 4 <= records.Length;)
        {
            int codes = at + 4 + (2 * (records[at + 1] + records[at + 2]));
            int size = codes - at + ((records[at + 3] + 3) / 4);
            if (size > records.Length - at)
            {
                yield break;
            }

            for (int i = 0; i < records[at + 3]; i++)
            {
                size += OperatorRecord.ParameterBytes((records[codes + (i / 4)] >> (i % 4 * 2)) & 3);
            }

            if (records[at + 1] > 4 && (Opcode)records[at] is Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose)
            {
                yield return FormatLifter.U16(records, at + 12);
            }

            at += size;
        }
    }
}
