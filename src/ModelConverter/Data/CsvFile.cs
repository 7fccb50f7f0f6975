using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Files;

namespace EdgeInference.ModelConverter.Data;

/// <summary>A CSV file whose way of writing and columns are known. Its rows are read when they are asked for, and never kept as texts.</summary>
internal sealed class CsvFile
{
    private readonly CsvSource source;

    private CsvFile(string path, CsvSource source, CsvDialect dialect, string[] header)
    {
        Path = path;
        this.source = source;
        Dialect = dialect;
        Header = header;
    }

    /// <summary>The file, for messages.</summary>
    internal string Path { get; }

    /// <summary>How it is written.</summary>
    internal CsvDialect Dialect { get; }

    /// <summary>A name for each column; the column numbers from 1 where the file has no header.</summary>
    internal string[] Header { get; }

    /// <summary>Whether the columns have names.</summary>
    internal bool HasHeader => Dialect.HasHeader;

    /// <summary>Whether the first column is the nameless index that pandas writes.</summary>
    internal bool HasIndexColumn => HasHeader && Header.Length > 1 && Header[0] is "" or "Unnamed: 0";

    /// <summary>Opens a file: finds how it is written, says so where that is not the plain form, and reads its header.</summary>
    /// <param name="path">The file; - for standard input.</param>
    /// <param name="options">What is known of it; null for a header and nothing else.</param>
    /// <param name="label">The label column that is looked for, or null.</param>
    /// <exception cref="InputException">The file is missing or empty, its numbers can be read in two ways, a header is there twice or is a row of data.</exception>
    internal static CsvFile Open(string path, CsvOptions? options = null, string? label = null)
    {
        if (!InputFile.Exists(path))
        {
            throw new InputException(Directory.Exists(path) ? $"'{path}' is a folder; name a file." : $"File '{path}' not found; check the path.");
        }

        options ??= new CsvOptions();
        return Guard(path, () =>
        {
            CsvSource source = CsvSource.Of(path, options.Encoding);
            CsvDialect dialect = CsvDialectFinder.Find(source, path, options, label);
            string[] header = ReadHeader(source, path, dialect);
            Say(path, source, dialect, options);
            return new CsvFile(path, source, dialect, header);
        });
    }

    /// <summary>The same with or without a header.</summary>
    internal static CsvFile Open(string path, bool hasHeader) => Open(path, new CsvOptions { HasHeader = hasHeader });

    /// <summary>The position of a label column.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    internal int LabelColumn(string label)
    {
        int column = Array.IndexOf(Header, label);
        if (column >= 0)
        {
            return column;
        }

        if (!HasHeader)
        {
            throw new InputException($"'{Path}' is read without a header, so --label takes the number of a column, 1 to {Header.Length}, not '{label}'.");
        }

        string nearest = Suggestion.Nearest(label, Header);
        if (HeaderLine.Find(source, Path, label) is { } line)
        {
            throw new InputException($"'{Path}' has no column '{label}' in its first line, but line {line} has it; delete the lines before it.");
        }

        throw new InputException($"'{Path}' has no column '{label}'; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"its columns are {string.Join(", ", Header.Take(8))}{(Header.Length > 8 ? ", …" : "")}.")}");
    }

    /// <summary>Columns that may be features: all but the label and a nameless index, which is said.</summary>
    /// <param name="label">The label column's position, or −1.</param>
    internal int[] FeatureColumns(int label)
    {
        bool skipsIndex = HasIndexColumn && label != 0;
        if (skipsIndex)
        {
            Notices.Say($"'{Path}': the first column, {(Header[0].Length == 0 ? "which has no name" : $"'{Header[0]}'")}, is ignored: it is the index that pandas writes.");
        }

        return [.. Enumerable.Range(skipsIndex ? 1 : 0, Header.Length - (skipsIndex ? 1 : 0)).Where(column => column != label)];
    }

    /// <summary>The rows of some columns as numbers.</summary>
    /// <param name="columns">Positions of the columns, in the order wanted.</param>
    /// <param name="acceptsMissing">Whether a missing cell is NaN; else it is refused. Null where there is no model yet.</param>
    /// <exception cref="InputException">A cell is not a finite number, or a row has too many or too few.</exception>
    internal IReadOnlyList<float[]> Numbers(int[] columns, bool? acceptsMissing = null) =>
        new CsvLoad(this, [.. columns.Select(column => new CsvFeature(column))]) { AcceptsMissing = acceptsMissing }.Read().Rows;

    /// <summary>Does work on every row.</summary>
    /// <param name="problems">Is given rows that are too long or too short, which the work does not see.</param>
    /// <param name="work">The work.</param>
    /// <param name="saysBlank">Whether blank rows at the end, which are left out, are said.</param>
    /// <exception cref="InputException">There are no rows, or the file cannot be read.</exception>
    internal void ForEachRow(CsvProblems problems, Action<CsvRow> work, bool saysBlank = true) => Guard(Path, () =>
    {
        using Stream stream = source.Open();
        var rows = new CsvRow(Scanner(stream, Path, Dialect), this, problems);
        rows.ForEach(work, saysBlank);
        return 0;
    });

    private static CsvScanner Scanner(Stream stream, string path, CsvDialect dialect)
    {
        var scanner = new CsvScanner(stream, dialect.Separator, path);
        if (dialect.StartsWithSeparator)
        {
            scanner.Read();
        }

        if (dialect.HasHeader)
        {
            scanner.Read();
        }

        return scanner;
    }

    private static string[] ReadHeader(CsvSource source, string path, CsvDialect dialect)
    {
        using Stream stream = source.Open();
        CsvScanner scanner = Scanner(stream, path, dialect with { HasHeader = false });
        if (!scanner.Read() || scanner.IsBlank)
        {
            throw new InputException($"'{path}' is empty; it needs a header line and at least one row.");
        }

        if (scanner.QuoteFault is { } fault)
        {
            throw new InputException($"'{path}', line {scanner.Line}: {fault}; correct the quotes.");
        }

        string[] header = new string[scanner.Count];
        for (int i = 0; i < header.Length; i++)
        {
            header[i] = dialect.HasHeader ? Encoding.UTF8.GetString(scanner[i]) : (i + 1).ToString(CultureInfo.InvariantCulture);
        }

        if (dialect.HasHeader)
        {
            NameNameless(path, header);
            CheckHeader(path, header, dialect);
            if (!scanner.Read())
            {
                throw new InputException($"'{path}' has a header line but no rows; add data.");
            }
        }

        return header;
    }

    // Excel leaves empty columns beside a table. One without a name is told by that, the first by being an index.
    private static void NameNameless(string path, string[] names)
    {
        int[] nameless = [.. Enumerable.Range(0, names.Length).Where(i => names[i].Length == 0)];
        int[] named = [.. nameless.Where(i => i > 0)];
        if (nameless.Length < 2)
        {
            return;
        }

        foreach (int i in named)
        {
            names[i] = string.Create(CultureInfo.InvariantCulture, $"column {i + 1}");
        }

        Notices.Say($"'{path}': columns without a name are called {NameMatch.List([.. named.Select(i => names[i])], 4)}.");
    }

    private static void CheckHeader(string path, string[] names, CsvDialect dialect)
    {
        if (dialect.StartsWithData)
        {
            bool isNumbers = Array.TrueForAll(names, text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            throw new InputException($"'{path}' begins with a row of {(isNumbers ? "numbers" : "data")} instead of column names; add a header line, or use --no-header with a command that takes columns by position.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        int twice = Array.FindIndex(names, name => !seen.Add(name));
        if (twice >= 0)
        {
            throw new InputException($"'{path}' has the column '{names[twice]}' twice; give each column a unique name.");
        }
    }

    private static void Say(string path, CsvSource source, CsvDialect dialect, CsvOptions options)
    {
        CsvDialect found = dialect with
        {
            Separator = options.Separator is null ? dialect.Separator : ',',
            Decimal = options.Decimal is null ? dialect.Decimal : '.',
            Thousands = options.Decimal is null ? dialect.Thousands : null,
        };
        string text = found.Text(source.Said, options.HasHeader is not null);
        if (text.Length > 0)
        {
            Notices.Say($"'{path}' is read with {text}.");
        }
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read as CSV: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
