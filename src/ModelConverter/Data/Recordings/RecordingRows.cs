using System.Text;

namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>Reads the rows of a recording. A row without any value says that the sensor gave none.</summary>
/// <param name="file">The table.</param>
/// <param name="columns">Its columns.</param>
/// <param name="leavesOutUnlabelled">Whether a label may be missing.</param>
internal sealed class RecordingRows(CsvFile file, RecordingColumns columns, bool leavesOutUnlabelled)
{
    private readonly CsvNumbers numbers = new(file.Dialect);
    private readonly CsvProblems problems = new(file.Path);
    private readonly List<float> values = [];
    private readonly float[] sample = new float[columns.Channels.Length];

    /// <summary>The samples' values, one sample after the other.</summary>
    internal float[] Values { get; private set; } = [];

    /// <summary>Whether each row has values.</summary>
    internal List<bool> HasValues { get; } = [];

    /// <summary>The line of each row.</summary>
    internal List<int> Lines { get; } = [];

    /// <summary>The code of each row's label, −1 where it has none.</summary>
    internal List<int> Codes { get; } = [];

    /// <summary>The texts of the labels.</summary>
    internal TextIndex Labels { get; } = new();

    /// <summary>The times; null where there are none.</summary>
    internal CsvTimes? Times { get; } = columns.Time < 0 ? null : new CsvTimes(file, columns.Time);

    /// <summary>The groups; null where there are none.</summary>
    internal CsvGroups? Groups { get; } = columns.Group < 0 ? null : new CsvGroups(file, columns.Group);

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InputException">Something is wrong with them.</exception>
    internal void Read()
    {
        file.ForEachRow(problems, Add);
        problems.Throw();
        Values = [.. values];
        values.Clear();
        if (Values.Length == 0)
        {
            throw new InputException($"'{file.Path}' has no sample: the columns {NameMatch.List([.. columns.Channels.Select(column => file.Header[column])], 4)} are empty; fill them or name another file.");
        }
    }

    private void Add(CsvRow row)
    {
        bool isEmpty = Array.TrueForAll(columns.Channels, column => MissingCell.Is(row[column]));
        if (isEmpty && columns.Time >= 0 && row[columns.Time].IsEmpty && (columns.Label < 0 || row[columns.Label].IsEmpty))
        {
            // A blank line says nothing of time.
            problems.Add(row.Line, null, "it is blank, and a recording with times says by a row's time that a sample is missing", "delete it");
            return;
        }

        Times?.Add(row, problems);
        Groups?.Add(row, problems);
        Codes.Add(columns.Label < 0 ? 0 : Label(row, isEmpty));
        HasValues.Add(!isEmpty);
        Lines.Add(row.Line);
        if (isEmpty)
        {
            return;
        }

        for (int i = 0; i < sample.Length; i++)
        {
            ReadOnlySpan<byte> cell = row[columns.Channels[i]];
            if (!numbers.TryRead(cell, out sample[i]) || !float.IsFinite(sample[i]))
            {
                string name = file.Header[columns.Channels[i]];
                string text = CsvProblems.Clip(Encoding.UTF8.GetString(cell));
                problems.Add(
                    row.Line,
                    name,
                    MissingCell.Is(cell) ? "the cell has no value but other channels of the sample have one" : $"'{text}' is not a finite number, and a channel has one in each sample",
                    MissingCell.Is(cell) ? "fill it in, empty the others, or delete the line" : "correct it, or leave a column that is no channel out with --ignore");
            }
        }

        if (problems.Count == 0)
        {
            values.AddRange(sample);
        }
    }

    private int Label(CsvRow row, bool isEmpty)
    {
        ReadOnlySpan<byte> cell = row[columns.Label];
        int code = Labels.Find(cell);
        if (code >= 0)
        {
            return code;
        }

        string text = Encoding.UTF8.GetString(cell);
        if (!MissingCell.IsLabel(text))
        {
            return Labels.Add(cell, row.Line);
        }

        if (!leavesOutUnlabelled && !isEmpty)
        {
            problems.Add(row.Line, null, text.Length == 0 ? $"the label column '{file.Header[columns.Label]}' is empty" : $"the label '{text}' in column '{file.Header[columns.Label]}' is a missing value", "fill it or delete the line");
        }

        return -1;
    }
}
