namespace EdgeInference.ModelConverter.Data;

/// <summary>The rows of a table, one at a time. Blank rows inside a table are rows without values; those at its end are left out.</summary>
/// <param name="scanner">The file behind its header.</param>
/// <param name="file">The file.</param>
/// <param name="problems">Is given rows that are too long or too short.</param>
internal sealed class CsvRow(CsvScanner scanner, CsvFile file, CsvProblems problems)
{
    private readonly List<int> blank = [];
    private bool isBlank;

    /// <summary>The row's line.</summary>
    internal int Line { get; private set; }

    /// <summary>A cell of the row.</summary>
    internal ReadOnlySpan<byte> this[int column] => isBlank ? default : scanner[column];

    /// <summary>Does work on every row.</summary>
    /// <param name="work">The work.</param>
    /// <param name="saysBlank">Whether blank rows at the end are said.</param>
    /// <exception cref="InputException">There is none.</exception>
    internal void ForEach(Action<CsvRow> work, bool saysBlank)
    {
        int columns = file.Header.Length;
        bool isEmpty = true;
        while (scanner.Read())
        {
            if (scanner.IsBlank && scanner.QuoteFault is null)
            {
                blank.Add(scanner.Line);
                continue;
            }

            isEmpty = false;
            DoBlank(work);
            Line = scanner.Line;
            if (scanner.QuoteFault is { } fault)
            {
                problems.Add(Line, null, fault, "correct the quotes");
            }
            else if (scanner.Count != columns)
            {
                string expected = file.HasHeader ? $"the header has {columns} columns" : $"the first row has {columns}";
                problems.Add(Line, null, $"it has {scanner.Count} values but {expected}", "add or delete values");
            }
            else
            {
                work(this);
            }
        }

        if (isEmpty)
        {
            throw new InputException($"'{file.Path}' has a header line but no rows; add data.");
        }

        if (blank.Count > 0 && saysBlank)
        {
            Notices.Say($"'{file.Path}': {(blank.Count == 1 ? "1 blank row at the end is" : $"{blank.Count} blank rows at the end are")} left out.");
        }
    }

    private void DoBlank(Action<CsvRow> work)
    {
        isBlank = true;
        foreach (int line in blank)
        {
            Line = line;
            work(this);
        }

        blank.Clear();
        isBlank = false;
    }
}
