using System.Collections;

namespace EdgeInference.ModelConverter.Data;

/// <summary>The line of a file in which each row of a table begins or ends. Rows that follow one another take no memory.</summary>
internal sealed class CsvLines : IReadOnlyList<int>
{
    // Where a row is not in the line after that of the row before.
    private readonly List<(int Row, int Line)> jumps = [];
    private int lastLine;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public int this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int low = 0;
            for (int high = jumps.Count; high - low > 1;)
            {
                int middle = (low + high) / 2;
                (low, high) = jumps[middle].Row <= index ? (middle, high) : (low, middle);
            }

            return jumps[low].Line + (index - jumps[low].Row);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, Count).Select(row => this[row]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds the line of the next row.</summary>
    internal void Add(int line)
    {
        if (Count == 0 || line != lastLine + 1)
        {
            jumps.Add((Count, line));
        }

        lastLine = line;
        Count++;
    }

    /// <summary>Keeps the first rows.</summary>
    internal void Keep(int rows) => Count = rows;
}
