using System.Buffers;
using System.Collections;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>
/// The cells of a table in about as many bytes as the file has, whatever their number: a text of one letter takes 32 bytes of its own.
/// A row is taken apart when it is asked for; rows in their order are found without a search. For one thread.
/// </summary>
internal sealed class CsvRows : IReadOnlyList<string[]>
{
    // Neither byte is in UTF-8.
    private const byte EndOfCell = 0xFF;
    private const byte EndOfRow = 0xFE;

    // A row that is not the next one is looked for from the first of its block.
    private const int BlockBytes = 1 << 16;

    private readonly List<(int FirstRow, byte[] Bytes)> blocks = [];
    private readonly ArrayBufferWriter<byte> pending = new();
    private int pendingFirst;
    private int added;
    private (int Row, int Block, int Position) next;
    private (int Row, int Block, int Start, int Length) current = (-1, 0, 0, 0);

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public string[] this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            ReadOnlySpan<byte> row = Row(index);
            string[] cells = new string[row.Count(EndOfCell)];
            for (int i = 0; i < cells.Length; i++)
            {
                int length = row.IndexOf(EndOfCell);
                cells[i] = Encoding.UTF8.GetString(row[..length]);
                row = row[(length + 1)..];
            }

            return cells;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<string[]> GetEnumerator()
    {
        for (int row = 0; row < Count; row++)
        {
            yield return this[row];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One cell.</summary>
    internal string Cell(int index, int column)
    {
        ReadOnlySpan<byte> row = Row(index);
        for (int i = 0; i < column; i++)
        {
            row = row[(row.IndexOf(EndOfCell) + 1)..];
        }

        return Encoding.UTF8.GetString(row[..row.IndexOf(EndOfCell)]);
    }

    /// <summary>Adds a row after all others.</summary>
    internal void Add(string[] cells)
    {
        foreach (string cell in cells)
        {
            Encoding.UTF8.GetBytes(cell, pending);
            pending.Write([EndOfCell]);
        }

        pending.Write([EndOfRow]);
        added++;
        if (pending.WrittenCount >= BlockBytes)
        {
            EndBlock();
        }
    }

    /// <summary>Ends the adding, and keeps the first rows.</summary>
    internal void Keep(int rows)
    {
        EndBlock();
        Count = rows;
    }

    private void EndBlock()
    {
        blocks.Add((pendingFirst, pending.WrittenSpan.ToArray()));
        pending.ResetWrittenCount();
        pendingFirst = added;
    }

    private ReadOnlySpan<byte> Row(int index)
    {
        if (current.Row == index)
        {
            return blocks[current.Block].Bytes.AsSpan(current.Start, current.Length);
        }

        if (next.Row != index)
        {
            int low = 0;
            for (int high = blocks.Count; high - low > 1;)
            {
                int middle = (low + high) / 2;
                (low, high) = blocks[middle].FirstRow <= index ? (middle, high) : (low, middle);
            }

            next = (blocks[low].FirstRow, low, 0);
        }

        while (true)
        {
            byte[] block = blocks[next.Block].Bytes;
            if (next.Position == block.Length)
            {
                next = (next.Row, next.Block + 1, 0);
                continue;
            }

            int row = next.Row;
            int start = next.Position;
            int length = block.AsSpan(start).IndexOf(EndOfRow);
            next = (row + 1, next.Block, start + length + 1);
            if (row == index)
            {
                current = (row, next.Block, start, length);
                return block.AsSpan(start, length);
            }
        }
    }
}
