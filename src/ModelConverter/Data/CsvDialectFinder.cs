using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>
/// Finds how a CSV file is written by looking at its first rows. What the rows leave open and matters is refused with the option that
/// decides it; what they leave open and hardly matters is said.
/// </summary>
internal sealed class CsvDialectFinder
{
    private const int FirstSampleBytes = 1 << 16;
    private const int MostSampleBytes = 1 << 23;
    private const int EnoughRows = 50;
    private const int MostRows = 500;

    // 0,1,2 may be a row of data; more numbers hardly begin one by chance.
    private const int FewestCounted = 4;

    private static readonly char[] separators = [',', ';', '\t', '|'];

    private readonly string path;
    private readonly CsvOptions options;
    private readonly byte[] sample;

    private CsvDialectFinder(string path, CsvOptions options, byte[] sample)
    {
        this.path = path;
        this.options = options;
        this.sample = sample;
    }

    /// <summary>Looks at a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="options">What is known of it.</param>
    /// <param name="label">The label column's name, or null: a first row that has it is a header.</param>
    /// <exception cref="InputException">The numbers can be read in two ways that differ.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static CsvDialect Find(CsvSource source, string path, CsvOptions options, string? label)
    {
        using Stream stream = source.Open();
        return new CsvDialectFinder(path, options, Sample(stream)).Find(label);
    }

    private static byte[] Sample(Stream stream)
    {
        byte[] bytes = new byte[FirstSampleBytes];
        int length = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            bool isWhole = length + read < bytes.Length;
            length += read;
            int rows = bytes.AsSpan(0, length).Count((byte)'\n');
            if (isWhole || rows >= EnoughRows || length >= MostSampleBytes)
            {
                // The last row may be cut.
                int last = isWhole ? -1 : bytes.AsSpan(0, length).LastIndexOf((byte)'\n');
                return bytes[..(last < 0 ? length : last + 1)];
            }

            Array.Resize(ref bytes, bytes.Length * 2);
        }
    }

    private CsvDialect Find(string? label)
    {
        char? written = WrittenSeparator();
        char separator = options.Separator ?? written ?? Separator(label);
        var dialect = new CsvDialect(separator, StartsWithSeparator: written is not null);
        SampledColumn[] columns = Columns(separator, written is not null, out bool isFirstRowData, label);
        bool hasHeader = options.HasHeader ?? !isFirstRowData;
        return WithNumbers(dialect with { HasHeader = hasHeader, StartsWithData = isFirstRowData }, columns);
    }

    // Excel's first line: sep=;
    private char? WrittenSeparator() =>
        sample.AsSpan().StartsWith("sep="u8) && sample.Length > 4 && (sample.Length == 5 || sample[5] is (byte)'\r' or (byte)'\n') && sample[4] is (byte)'\t' or (> 0x20 and < 0x7F)
            ? (char)sample[4]
            : null;

    // The separator that gives all rows the same number of columns; of several the one whose cells are more often numbers.
    private char Separator(string? label)
    {
        (char Separator, double Alike, double Numbers)[] candidates = [.. separators
            .Select(separator => (separator, Fit(separator, label)))
            .Where(candidate => candidate.Item2.Columns > 1)
            .Select(candidate => (candidate.separator, candidate.Item2.Alike, candidate.Item2.Numbers))
            .OrderByDescending(candidate => candidate.Alike)
            .ThenByDescending(candidate => candidate.Numbers)];
        return candidates.Length == 0 ? ',' : candidates[0].Separator;
    }

    private (int Columns, double Alike, double Numbers) Fit(char separator, string? label)
    {
        CsvScanner rows = Scan(separator, skipsFirst: false);
        int columns = 0;
        int read = 0;
        int alike = 0;
        long cells = 0;
        long numbers = 0;
        bool hasLabel = false;
        while (read < MostRows && rows.Read())
        {
            if (read++ == 0)
            {
                columns = rows.Count;
                for (int i = 0; i < rows.Count && label is not null; i++)
                {
                    hasLabel |= Encoding.UTF8.GetString(rows[i]) == label;
                }

                continue;
            }

            alike += rows.Count == columns && rows.QuoteFault is null ? 1 : 0;
            for (int i = 0; i < rows.Count; i++)
            {
                NumberShape shape = NumberShape.Of(rows[i]);
                cells++;
                numbers += MissingCell.Is(rows[i]) || (shape.IsNumber && shape.DecimalSign != separator && shape.Group != separator) ? 1 : 0;
            }
        }

        // A file of one row has nothing that could differ. A header with the name that is looked for counts most.
        double share = read <= 1 ? 1 : (double)alike / (read - 1);
        return (columns, share + (hasLabel ? 1 : 0), cells == 0 ? 0 : (double)numbers / cells);
    }

    private CsvScanner Scan(char separator, bool skipsFirst)
    {
        var scanner = new CsvScanner(new MemoryStream(sample, writable: false), separator, path);
        if (skipsFirst)
        {
            scanner.Read();
        }

        return scanner;
    }

    private SampledColumn[] Columns(char separator, bool skipsFirst, out bool isFirstRowData, string? label)
    {
        CsvScanner rows = Scan(separator, skipsFirst);
        isFirstRowData = false;
        if (!rows.Read())
        {
            return [];
        }

        bool hasLabel = false;
        var columns = new SampledColumn[rows.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            hasLabel |= label is not null && Encoding.UTF8.GetString(rows[i]) == label;
            columns[i] = new SampledColumn(rows[i], i, rows.Line);
        }

        for (int read = 1; read < MostRows && rows.Read(); read++)
        {
            for (int i = 0; i < Math.Min(rows.Count, columns.Length); i++)
            {
                columns[i].Add(rows[i], rows.Line);
            }
        }

        bool isNamed = hasLabel && !Array.TrueForAll(columns, column => column.IsFirstNumber);
        isFirstRowData = !isNamed && IsData(columns);
        if (isFirstRowData && options.HasHeader != false && Counts(columns))
        {
            isFirstRowData = false;
            Notices.Say($"'{path}': the first row counts the columns from 0 on and is taken as their names; if it is data, use --no-header.");
        }

        if (isFirstRowData || options.HasHeader == false)
        {
            foreach (SampledColumn column in columns)
            {
                column.AddFirst();
            }
        }

        return columns;
    }

    // A row of numbers; or numbers in all columns of numbers, and in the others texts that come again.
    private static bool IsData(SampledColumn[] columns) =>
        columns.Length > 0
        && (Array.TrueForAll(columns, column => column.IsFirstNumber)
            || (Array.Exists(columns, column => column.IsNumbers)
                && Array.TrueForAll(columns, column => column.IsNumbers ? column.IsFirstNumber : column.IsFirstRepeated)));

    // Pandas numbers columns that have no name: 0,1,2,3.
    private static bool Counts(SampledColumn[] columns) =>
        columns.Length >= FewestCounted && Array.TrueForAll(columns, column => column.IsFirst(column.Index));

    private CsvDialect WithNumbers(CsvDialect dialect, SampledColumn[] columns)
    {
        SampledColumn[] numbers = [.. columns.Where(column => column.IsNumbers)];
        char? spaces = numbers.Select(column => column.SpaceGroup).FirstOrDefault(group => group is not null);
        if (options.Decimal is { } given)
        {
            return dialect with { Decimal = given, Thousands = spaces ?? (given == '.' ? ',' : '.') };
        }

        (SampledColumn Column, SampledCell Cell)? point = First(numbers, column => column.Point);
        (SampledColumn Column, SampledCell Cell)? comma = First(numbers, column => column.Comma);
        if (point is { } p && comma is { } c)
        {
            throw new InputException($"'{path}', line {c.Cell.Line}, column {c.Column.Index + 1}: '{c.Cell.Text}' has a decimal comma but '{p.Cell.Text}' in line {p.Cell.Line}, column {p.Column.Index + 1} has a decimal point; write them the same way, or say which it is with --decimal point or --decimal comma.");
        }

        (SampledColumn Column, SampledCell Cell)? eitherPoint = First(numbers, column => column.EitherPoint);
        (SampledColumn Column, SampledCell Cell)? eitherComma = First(numbers, column => column.EitherComma);
        if (comma is not null)
        {
            return dialect with { Decimal = ',', Thousands = spaces ?? (eitherPoint is not null || numbers.Any(column => column.HasPointGroups) ? '.' : null) };
        }

        if (point is null && eitherComma is { } either)
        {
            string digits = either.Cell.Text.Replace(",", "", StringComparison.Ordinal);
            throw new InputException($"'{path}', line {either.Cell.Line}, column {either.Column.Index + 1}: '{either.Cell.Text}' may be {either.Cell.Text.Replace(',', '.')} or {digits}; say which with --decimal comma or --decimal point.");
        }

        if (point is null && eitherPoint is { } thousand && dialect.Separator == ';')
        {
            Notices.Say($"'{path}': '{thousand.Cell.Text}' in line {thousand.Cell.Line} is read with a decimal point; if the point groups thousands, use --decimal comma.");
        }

        return dialect with { Thousands = spaces ?? (eitherComma is not null || numbers.Any(column => column.HasCommaGroups) ? ',' : null) };
    }

    private static (SampledColumn Column, SampledCell Cell)? First(SampledColumn[] columns, Func<SampledColumn, SampledCell?> cell)
    {
        foreach (SampledColumn column in columns)
        {
            if (cell(column) is { } found)
            {
                return (column, found);
            }
        }

        return null;
    }
}
