namespace EdgeInference.ModelConverter.Data;

/// <summary>
/// The rows of a CSV file as UTF-8 bytes, one at a time and without a text for each cell (RFC 4180; a quote inside a cell that does
/// not begin with one is a quote). Spaces, of any width, and tabs around a cell do not count, in quotes they do. Empty lines are no rows.
/// </summary>
/// <param name="stream">UTF-8 without a mark; it is read in blocks and not closed.</param>
/// <param name="separator">The separator of cells, an ASCII character.</param>
/// <param name="path">The file, for messages.</param>
internal sealed class CsvScanner(Stream stream, char separator, string path)
{
    /// <summary>Cells of a line; a row that is all in memory is refused before it fills it.</summary>
    internal const int MostCells = (1 << 20) + 1;

    private const int BlockBytes = 1 << 17;
    private const int MostRowBytes = 1 << 30;

    private readonly byte separatorByte = (byte)separator;
    private readonly bool trimsTabs = separator != '\t';
    private readonly List<int> escaped = [];
    private byte[] buffer = new byte[BlockBytes];
    private int position;
    private int end;
    private bool isAtEnd;
    private bool skipsLineFeed;
    private int lines = 1;
    private (int Start, int Length)[] cells = new (int, int)[64];

    /// <summary>Number of cells of the row.</summary>
    internal int Count { get; private set; }

    /// <summary>The line on which the row ends, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>What is wrong with the row's quotes; null where nothing is.</summary>
    internal string? QuoteFault { get; private set; }

    /// <summary>Bytes from the first of the file to the end of the row.</summary>
    internal long Position { get; private set; }

    /// <summary>Whether all cells of the row are empty.</summary>
    internal bool IsBlank
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (cells[i].Length > 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>A cell of the row, until the next one is read.</summary>
    internal ReadOnlySpan<byte> this[int index] => buffer.AsSpan(cells[index].Start, cells[index].Length);

    /// <summary>Goes to the next row.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="InputException">The row is longer than any table's.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal bool Read()
    {
        while (true)
        {
            SkipEmptyLines();
            if (position == end && isAtEnd)
            {
                return false;
            }

            int start = position;
            int line = lines;
            if (position < end && TryRow())
            {
                Position += position - start;
                return true;
            }

            position = start;
            lines = line;
            Fill();
        }
    }

    private void SkipEmptyLines()
    {
        while (position < end)
        {
            byte next = buffer[position];
            if (next == '\n')
            {
                lines += skipsLineFeed ? 0 : 1;
                skipsLineFeed = false;
            }
            else if (next == '\r')
            {
                lines++;
                skipsLineFeed = true;
            }
            else
            {
                skipsLineFeed = false;
                return;
            }

            position++;
            Position++;
        }
    }

    private void Fill()
    {
        if (position > 0)
        {
            buffer.AsSpan(position, end - position).CopyTo(buffer);
            end -= position;
            position = 0;
        }
        else if (end == buffer.Length)
        {
            if (buffer.Length >= MostRowBytes)
            {
                throw new InputException($"'{path}', line {lines}: the row is longer than 1 GiB; check its quotes and its ends of lines.");
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        int read = stream.Read(buffer, end, buffer.Length - end);
        isAtEnd = read == 0;
        end += read;
    }

    private bool TryRow()
    {
        Count = 0;
        QuoteFault = null;
        escaped.Clear();
        int at = position;
        while (true)
        {
            if (at == end && !isAtEnd)
            {
                return false;
            }

            at = SkipSpaces(at);
            bool isQuoted = at < end && buffer[at] == '"';
            int start = at;
            int length = 0;
            if (isQuoted)
            {
                start = at + 1;
                if (!TryQuoted(ref at))
                {
                    return false;
                }

                length = at - start - (QuoteFault is "a quote is not closed" ? 0 : 1);
            }

            int found = buffer.AsSpan(at, end - at).IndexOfAny(separatorByte, (byte)'\n', (byte)'\r');
            if (found < 0 && !isAtEnd)
            {
                return false;
            }

            int stop = found < 0 ? end : at + found;
            int trimmed = Trim(at, stop);
            if (!isQuoted)
            {
                length = trimmed - start;
            }
            else if (trimmed > at)
            {
                QuoteFault ??= "text follows a closing quote";
            }

            Add(start, Math.Max(0, length));
            if (stop == end || buffer[stop] != separatorByte)
            {
                EndRow(stop);
                return true;
            }

            at = stop + 1;
        }
    }

    // From an opening quote to behind the closing one.
    private bool TryQuoted(ref int at)
    {
        at++;
        bool isEscaped = false;
        while (true)
        {
            int found = buffer.AsSpan(at, end - at).IndexOf((byte)'"');
            if (found < 0)
            {
                if (!isAtEnd)
                {
                    return false;
                }

                CountLines(at, end);
                at = end;
                QuoteFault = "a quote is not closed";
                break;
            }

            CountLines(at, at + found);
            at += found + 1;
            if (at == end && !isAtEnd)
            {
                return false;
            }

            if (at == end || buffer[at] != '"')
            {
                break;
            }

            isEscaped = true;
            at++;
        }

        if (isEscaped)
        {
            escaped.Add(Count);
        }

        return true;
    }

    private void CountLines(int from, int to)
    {
        ReadOnlySpan<byte> text = buffer.AsSpan(from, to - from);
        lines += text.Count((byte)'\n');
        for (int i = text.IndexOf((byte)'\r'); i >= 0; text = text[(i + 1)..], i = text.IndexOf((byte)'\r'))
        {
            lines += i + 1 < text.Length && text[i + 1] == '\n' ? 0 : 1;
        }
    }

    private int SkipSpaces(int at)
    {
        while (at < end)
        {
            int bytes = buffer[at] == ' ' || (buffer[at] == '\t' && trimsTabs) ? 1 : buffer[at] < 0x80 ? 0 : WideSpace(buffer.AsSpan(at, end - at));
            if (bytes == 0)
            {
                break;
            }

            at += bytes;
        }

        return at;
    }

    private int Trim(int from, int to)
    {
        while (to > from)
        {
            byte last = buffer[to - 1];
            int bytes = last == ' ' || (last == '\t' && trimsTabs) ? 1
                : last < 0x80 ? 0
                : to - from >= 2 && WideSpace(buffer.AsSpan(to - 2, 2)) == 2 ? 2
                : to - from >= 3 && WideSpace(buffer.AsSpan(to - 3, 3)) == 3 ? 3 : 0;
            if (bytes == 0)
            {
                break;
            }

            to -= bytes;
        }

        return to;
    }

    // Spaces that do not break a line, the wide space of Chinese and Japanese, and a byte order mark where files were joined.
    private static int WideSpace(ReadOnlySpan<byte> text) => text switch
    {
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, 0xAF, ..] or [0xE3, 0x80, 0x80, ..] or [0xEF, 0xBB, 0xBF, ..] => 3,
        _ => 0,
    };

    private void Add(int start, int length)
    {
        if (Count == MostCells)
        {
            throw new InputException($"'{path}' has a line of more than {MostCells - 1} values; a table has fewer columns, so check the file.");
        }

        if (Count == cells.Length)
        {
            Array.Resize(ref cells, cells.Length * 2);
        }

        cells[Count++] = (start, length);
    }

    private void EndRow(int stop)
    {
        Line = lines;
        position = stop;
        if (stop < end)
        {
            skipsLineFeed = buffer[stop] == '\r';
            lines++;
            position++;
        }

        // Only now: a row that is read again after more bytes came must be as it was.
        foreach (int cell in escaped)
        {
            (int start, int length) = cells[cell];
            int to = start;
            for (int from = start; from < start + length; from++, to++)
            {
                buffer[to] = buffer[from];
                from += buffer[from] == '"' ? 1 : 0;
            }

            cells[cell].Length = to - start;
        }
    }
}
