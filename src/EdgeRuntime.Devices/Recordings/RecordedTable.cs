using System.Globalization;

namespace EdgeInference.Devices.Recordings;

/// <summary>Reads the rows of a recording one after the other, in the order of the columns that are asked for.</summary>
internal sealed class RecordedTable : IDisposable
{
    private readonly string path;
    private readonly StreamReader reader;
    private readonly BoundedLines lines;
    private readonly int[] columns;
    private readonly int time;
    private readonly int label;
    private string? next;

    private RecordedTable(string path, StreamReader reader, BoundedLines lines, IReadOnlyList<string> header, IReadOnlyList<string> names, string labelColumn, bool hasTime)
    {
        this.path = path;
        this.reader = reader;
        this.lines = lines;
        columns = [.. names.Select(name => Position(header, name))];
        Values = new float[columns.Length];
        time = hasTime ? Position(header, LoopRecorder.TimeColumn) : -1;
        label = Position(header, labelColumn);
        Width = header.Count;
        LeftOut = [.. header.Where(column => column != labelColumn && (column != LoopRecorder.TimeColumn || !hasTime) && !names.Contains(column))];
        Line = 1;
        next = lines.Next();
    }

    /// <summary>Whether the rows are samples, with their times.</summary>
    internal bool IsSamples => time >= 0;

    /// <summary>Columns that nothing takes.</summary>
    internal IReadOnlyList<string> LeftOut { get; }

    /// <summary>The row's values.</summary>
    internal float[] Values { get; }

    /// <summary>Whether the row has values; a row of samples without any says that the sensor was at fault.</summary>
    internal bool HasValues { get; private set; }

    /// <summary>The row's time as the table has it; empty where it has none.</summary>
    internal string Time { get; private set; } = "";

    /// <summary>The row's label; null where the table has none.</summary>
    internal string? Label { get; private set; }

    /// <summary>The row's line in the file, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>Whether the last row had no line break and was left out.</summary>
    internal bool IsCut { get; private set; }

    private int Width { get; }

    /// <summary>Opens a table of samples, where it has their times and channels, or else of a loop's values.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    internal static RecordedTable Open(string path, IReadOnlyList<string> channels, IReadOnlyList<string> values, string labelColumn)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"{path} is a folder; name the table in it.");
        }

        var reader = new StreamReader(path);
        try
        {
            var lines = new BoundedLines(reader, path);
            string first = lines.Next() ?? "";
            if (first.Any(letter => char.IsControl(letter) && letter != '\t'))
            {
                throw new InvalidDataException($"{path} is no table: its first line holds characters that no text has.");
            }

            List<string> header = CsvCells.Split(first);
            bool hasTime = header.Contains(LoopRecorder.TimeColumn) && channels.All(header.Contains);
            if (hasTime || values.All(header.Contains))
            {
                return header.Count == header.Distinct().Count() ? new RecordedTable(path, reader, lines, header, hasTime ? channels : values, labelColumn, hasTime)
                    : throw new InvalidDataException($"{path} has a column twice in [{string.Join(", ", header)}]; rename one.");
            }

            IEnumerable<string> needed = header.Contains(LoopRecorder.TimeColumn) ? channels : values;
            throw new InvalidDataException(
                $"{path} has the columns [{string.Join(", ", header)}]; a recording of these settings has [{string.Join(", ", values)}], or with --samples [{LoopRecorder.TimeColumn}, {string.Join(", ", channels)}]. Missing: "
                + $"{string.Join(", ", needed.Where(name => !header.Contains(name)))}. Set channel names, Window, Features and Bands as they were at the recording.");
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="InvalidDataException">A cell is no number, or the row has more or fewer cells than the header.</exception>
    internal bool Read()
    {
        while (next is not null)
        {
            string line = next;
            Line++;
            next = lines.Next();
            if (next is null && !EndsWithBreak())
            {
                IsCut = true;
                return false;
            }

            if (line.Length > 0)
            {
                Take(CsvCells.Split(line));
                return true;
            }
        }

        return false;
    }

    public void Dispose() => reader.Dispose();

    private static int Position(IReadOnlyList<string> header, string name) => header.ToList().IndexOf(name);

    private bool EndsWithBreak()
    {
        Stream file = reader.BaseStream;
        if (!file.CanSeek)
        {
            // What comes through a pipe ends where its writer ends it.
            return true;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private void Take(List<string> cells)
    {
        if (cells.Count != Width)
        {
            throw new InvalidDataException($"{path}, line {Line} has {cells.Count} cells and the header has {Width}; remove the line or complete it.");
        }

        Time = time < 0 ? "" : cells[time];
        Label = label < 0 ? null : cells[label];
        HasValues = !IsSamples || Array.Exists(columns, column => cells[column].Length > 0);
        for (int i = 0; HasValues && i < columns.Length; i++)
        {
            string cell = cells[columns[i]];
            Values[i] = float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) ? value
                : throw new InvalidDataException($"{path}, line {Line}: '{cell}' is no number that a loop would decide on; remove the line or correct it.");
        }
    }
}
