using System.Runtime.InteropServices;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Divides the rows of a table into two files that hold the classes in the same proportion, or keep groups or times apart.</summary>
internal static class CsvSplit
{
    /// <summary>Which rows go to the second file.</summary>
    /// <param name="file">The table.</param>
    /// <param name="label">The label column, or −1 for none.</param>
    /// <param name="group">The column whose equal texts stay together, or −1 for none.</param>
    /// <param name="isInOrder">Whether the last rows go there, as they stand in the file.</param>
    /// <param name="share">The share that goes there, above 0 and below 1.</param>
    /// <param name="seed">Seed of the choice.</param>
    /// <exception cref="InputException">The table has a row of the wrong length, or too few rows.</exception>
    internal static bool[] Choose(CsvFile file, int label, int group, bool isInOrder, double share, ulong seed)
    {
        var problems = new CsvProblems(file.Path);
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = new List<int>();
        int key = group >= 0 ? group : label;
        file.ForEachRow(problems, row =>
        {
            string text = key < 0 ? "" : Encoding.UTF8.GetString(row[key]);
            if (group >= 0 && MissingCell.Is(row[key]))
            {
                problems.Add(row.Line, file.Header[key], "the cell has no value, and rows are divided by it", "fill it in or delete the line");
            }

            if (!texts.TryGetValue(text, out int code))
            {
                texts.Add(text, code = texts.Count);
            }

            keys.Add(code);
        });
        problems.Throw();
        bool[] second = new bool[keys.Count];
        var random = new Xoshiro256(seed);
        if (isInOrder)
        {
            Array.Fill(second, true, keys.Count - (int)(keys.Count * share), (int)(keys.Count * share));
        }
        else if (group >= 0)
        {
            int[][] groups = ClassMembers.Of(CollectionsMarshal.AsSpan(keys), texts.Count);
            int[] order = [.. Enumerable.Range(0, groups.Length)];
            random.Shuffle(order);
            int room = Math.Max(1, (int)(keys.Count * share));
            foreach (int[] rows in order.Select(group => groups[group]))
            {
                if (rows.Length <= room && rows.Length < keys.Count)
                {
                    Mark(second, rows);
                    room -= rows.Length;
                }
            }
        }
        else
        {
            foreach (int[] members in ClassMembers.Shuffled(CollectionsMarshal.AsSpan(keys), texts.Count, random))
            {
                Mark(second, members.AsSpan(0, (int)(members.Length * share)));
            }
        }

        int count = second.Count(is2 => is2);
        return count > 0 && count < second.Length
            ? second
            : throw new InputException($"'{file.Path}' has {second.Length} rows in {texts.Count} {(group >= 0 ? "groups" : "classes")}, of which {count} would go to the test file; both files need rows: add rows, or give another --test.");
    }

    /// <summary>The bytes of a file with some of the rows, written as the table is, in UTF-8.</summary>
    /// <param name="file">The table.</param>
    /// <param name="isWanted">Whether a row is wanted, by its position.</param>
    internal static byte[] Write(CsvFile file, Func<int, bool> isWanted)
    {
        using var bytes = new MemoryStream();
        byte separator = (byte)file.Dialect.Separator;
        if (file.HasHeader)
        {
            WriteRow(bytes, file.Header.Length, i => Encoding.UTF8.GetBytes(file.Header[i]), separator);
        }

        int position = 0;
        file.ForEachRow(new CsvProblems(file.Path), row =>
        {
            if (isWanted(position++))
            {
                CsvRow cells = row;
                WriteRow(bytes, file.Header.Length, i => cells[i], separator);
            }
        }, saysBlank: false);
        return bytes.ToArray();
    }

    private static void Mark(bool[] second, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            second[row] = true;
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> text, byte separator) =>
        text.IndexOfAny([separator, (byte)'"', (byte)'\n']) < 0 && text.IndexOf((byte)'\r') < 0 && (text.IsEmpty || (IsKept(text[0]) && IsKept(text[^1])));

    // What a reader takes from around a cell without quotes, or may take.
    private static bool IsKept(byte letter) => letter is not ((byte)' ' or (byte)'\t') and < 0x80;

    private delegate ReadOnlySpan<byte> Cell(int column);

    private static void WriteRow(MemoryStream bytes, int columns, Cell cell, byte separator)
    {
        for (int i = 0; i < columns; i++)
        {
            if (i > 0)
            {
                bytes.WriteByte(separator);
            }

            ReadOnlySpan<byte> text = cell(i);
            if (IsPlain(text, separator) && !(columns == 1 && text.IsEmpty))
            {
                bytes.Write(text);
                continue;
            }

            bytes.WriteByte((byte)'"');
            foreach (byte c in text)
            {
                if (c == '"')
                {
                    bytes.WriteByte(c);
                }

                bytes.WriteByte(c);
            }

            bytes.WriteByte((byte)'"');
        }

        bytes.WriteByte((byte)'\n');
    }
}
