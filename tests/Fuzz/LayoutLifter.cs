using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace Fuzz;

/// <summary>
/// Turns a file of format version 2, which was never released, into one of version 3 that says the same, its faults kept: the
/// shifts of a requantization become int8, and constants follow one another. What version 3 cannot say (a zero point without a
/// scale) becomes the nearest fault, or is left out where it was harmless (a large constant off its alignment).
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
        LiftTensors(sections);
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
        stream.Write(model.AsSpan(end));
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

    // Records without the places of constants, whose elements follow one another in the order of the records.
    private static void LiftTensors(List<(int Id, int Length, byte[]? Data)> sections)
    {
        int tensors = sections.FindIndex(section => section.Id == FormatLayout.TensorsSection);
        if (tensors < 0 || sections[tensors].Data is not { } records)
        {
            return;
        }

        int operators = sections.FindIndex(section => section.Id == FormatLayout.OperatorsSection);
        int constants = sections.FindIndex(section => section.Id == FormatLayout.ConstantsSection);
        HashSet<int> shifts = [.. operators < 0 || sections[operators].Data is not { } steps ? [] : Shifts(steps)];
        using var lifted = new LiftedTensors(constants < 0 ? null : sections[constants].Data);
        int at = 0;
        for (int index = 0; RecordBytes(records, at) is { } size; index++)
        {
            lifted.Add(records.AsSpan(at, size), shifts.Contains(index));
            at += size;
        }

        // Any byte after the last whole record is one that is cut.
        byte[] all = [.. lifted.Records, .. records[at..].Take(1)];
        sections[tensors] = (FormatLayout.TensorsSection, all.Length, all);
        if (constants >= 0 && sections[constants].Data is not null)
        {
            sections[constants] = (FormatLayout.ConstantsSection, lifted.Constants.Length, lifted.Constants);
        }
    }

    private static int? RecordBytes(byte[] records, int at)
    {
        int size = at + 8 > records.Length ? int.MaxValue : 8 + (records[at + 1] * ((records[at] & 64) != 0 ? 4 : 2)) + ((records[at] & 32) != 0 ? 4 : 0);
        return size <= records.Length - at ? size : null;
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
