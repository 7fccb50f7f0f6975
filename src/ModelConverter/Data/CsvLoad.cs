using System.Globalization;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Reads some columns of a file into float32 rows, and one as labels, in one pass. All that is wrong is reported at once.</summary>
/// <param name="file">The file.</param>
/// <param name="features">The columns, in the order of the features.</param>
/// <param name="label">The label column, or −1.</param>
internal sealed class CsvLoad(CsvFile file, CsvFeature[] features, int label = -1)
{
    /// <summary>What is said of a value that is missing.</summary>
    internal const string IsMissing = "is not a finite number but a missing value";

    /// <summary>Why a missing value is refused.</summary>
    internal const string Undefined = "and the model does not define what a missing value means";

    private const int MostAlike = 4;

    private readonly CsvProblems problems = new(file.Path);
    private readonly CsvNumbers numbers = new(file.Dialect);
    private readonly FloatRows values = new(features.Length);
    private readonly float[] row = new float[features.Length];
    private readonly TextIndex labels = new();
    private readonly List<int> codes = [];

    /// <summary>Is given the time of each row; null for none.</summary>
    internal CsvTimes? Times { get; init; }

    /// <summary>Is given the group of each row; null for none.</summary>
    internal CsvGroups? Groups { get; init; }

    /// <summary>Whether a missing cell is NaN; else it is refused. Null where there is no model yet.</summary>
    internal bool? AcceptsMissing { get; init; }

    /// <summary>Whether rows without a label are left out; else they are refused.</summary>
    internal bool LeavesOutUnlabelled { get; init; }

    /// <summary>Rows that were left out since they have no label.</summary>
    internal long Unlabelled { get; private set; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">Something is wrong with it.</exception>
    internal CsvData Read()
    {
        file.ForEachRow(problems, Add);
        problems.Throw();
        if (codes.Count == 0 && Unlabelled > 0)
        {
            throw new InputException($"'{file.Path}' has no row with a label in column '{file.Header[label]}'; fill it or name another column with --label.");
        }

        SayUnknown();
        float[][] rows = values.ToArrays();
        CheckDates(rows);
        return new CsvData(rows, label < 0 ? null : new CsvLabels(file, label, labels, codes));
    }

    private void Add(CsvRow cells)
    {
        if (label >= 0 && !TryLabel(cells))
        {
            return;
        }

        Times?.Add(cells, problems);
        Groups?.Add(cells, problems);
        for (int i = 0; i < features.Length; i++)
        {
            CsvFeature feature = features[i];
            ReadOnlySpan<byte> cell = cells[feature.Column];
            if (feature.Categories is not null)
            {
                row[i] = Category(feature, cell, cells.Line);
            }
            else if (!numbers.TryRead(cell, out row[i]) || !float.IsFinite(row[i]))
            {
                row[i] = Odd(feature, cell, cells.Line);
            }
        }

        if (problems.Count == 0)
        {
            values.Add(row);
        }
    }

    private bool TryLabel(CsvRow cells)
    {
        ReadOnlySpan<byte> cell = cells[label];
        int code = labels.Find(cell);
        if (code < 0)
        {
            string text = Encoding.UTF8.GetString(cell);
            if (MissingCell.IsLabel(text))
            {
                Unlabelled++;
                if (!LeavesOutUnlabelled)
                {
                    string what = text.Length == 0 ? $"the label column '{file.Header[label]}' is empty" : $"the label '{text}' in column '{file.Header[label]}' is a missing value";
                    problems.Add(cells.Line, null, what, "fill it or delete the line");
                }

                return false;
            }

            code = labels.Add(cell, cells.Line);
        }

        codes.Add(code);
        return true;
    }

    private float Category(CsvFeature feature, ReadOnlySpan<byte> cell, int line)
    {
        int code = feature.Categories!.Find(cell);
        if (code >= 0)
        {
            return code;
        }

        if (MissingCell.Is(cell))
        {
            return Missing(feature, cell, line);
        }

        // A category that is a number may be written in several ways: 1.0 for 1.
        bool isNumber = numbers.TryReadDouble(cell, out double number) && double.IsFinite(number);
        ReadOnlySpan<byte> text = isNumber ? Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)) : cell;
        code = feature.TakesNew ? feature.Categories.Add(text, line) : feature.Categories.Find(text);
        if (code >= 0)
        {
            return code;
        }

        code = isNumber ? -1 : feature.Loose(Encoding.UTF8.GetString(cell));
        if (code >= 0)
        {
            return code;
        }

        feature.Unknown++;
        feature.FirstUnknown ??= (Encoding.UTF8.GetString(cell), line);
        return feature.Categories.Count;
    }

    private float Odd(CsvFeature feature, ReadOnlySpan<byte> cell, int line)
    {
        if (MissingCell.Is(cell))
        {
            return Missing(feature, cell, line);
        }

        string text = CsvProblems.Clip(Encoding.UTF8.GetString(cell));
        if (numbers.TryRead(cell, out float value))
        {
            problems.Add(line, file.Header[feature.Column], $"'{text}' is not a finite number", "replace it or delete the line");
            return value;
        }

        if (feature.TakesDates)
        {
            bool isOpen = DateCell.Orders(cell) != DateOrder.None;
            if (isOpen)
            {
                feature.DateOrder ??= DateColumn.Order(file, feature.Column);
            }

            if (feature.DateOrder is not DateOrder.None && DateCell.TryDays(cell, feature.DateOrder ?? DateOrder.Either, out double days))
            {
                feature.Dates++;
                return (float)days;
            }

            if (isOpen)
            {
                (string what, string mendDate) = DateColumn.Problem(text, feature.DateOrder!.Value);
                problems.Add(line, file.Header[feature.Column], what, mendDate);
                return 0;
            }
        }

        string mend = LeavesOutUnlabelled ? "replace it, or name the column with --ignore or --categorical" : "replace it or leave the column out";
        problems.Add(line, file.Header[feature.Column], $"'{text}' is not a number", mend);
        return 0;
    }

    private float Missing(CsvFeature feature, ReadOnlySpan<byte> cell, int line)
    {
        if (AcceptsMissing == true)
        {
            return float.NaN;
        }

        string what = cell.IsEmpty ? "the cell is empty" : $"'{Encoding.UTF8.GetString(cell)}' {IsMissing}";
        problems.Add(
            line,
            file.Header[feature.Column],
            AcceptsMissing is null ? what : $"{what}, {Undefined}",
            AcceptsMissing is null ? "fill it in, or delete the line or the column" : "fill it in or delete the line");
        return 0;
    }

    private void SayUnknown()
    {
        foreach (CsvFeature feature in features.Where(feature => feature.Alike.Count > 0))
        {
            IEnumerable<string> taken = feature.Alike.Take(MostAlike).Select(pair => $"'{CsvProblems.Clip(pair.Key)}' as '{CsvProblems.Clip(feature.Categories![pair.Value])}'");
            Notices.Say($"'{file.Path}': texts of column '{file.Header[feature.Column]}' are taken as the model's categories: {string.Join(", ", taken)}{(feature.Alike.Count > MostAlike ? $" and {feature.Alike.Count - MostAlike} more" : "")}.");
        }

        foreach (CsvFeature feature in features.Where(feature => feature.Unknown > 0))
        {
            (string text, int line) = feature.FirstUnknown!.Value;
            string[] known = [.. Enumerable.Range(0, feature.Categories!.Count).Select(i => feature.Categories[i])];
            Notices.Say($"'{file.Path}': {feature.Unknown.ToString(CultureInfo.InvariantCulture)} {(feature.Unknown == 1 ? "cell" : "cells")} of column '{file.Header[feature.Column]}' {(feature.Unknown == 1 ? "is" : "are")} none of the model's categories ({NameMatch.List(known, 4)}) and read as unknown, the first '{CsvProblems.Clip(text)}' in line {line}.");
        }

        CsvFeature[] dates = [.. features.Where(feature => feature.Dates > 0)];
        if (dates.Length > 0)
        {
            string[] names = Array.ConvertAll(dates, feature => $"'{file.Header[feature.Column]}'{(feature.DateOrder is { } order ? $" (the {(order == DateOrder.DayFirst ? "day" : "month")} first)" : "")}");
            Notices.Say($"'{file.Path}': dates in {(dates.Length == 1 ? "column" : "columns")} {string.Join(", ", names)} are read as days since 1970-01-01.");
        }
    }

    // A number beside dates may be anything: a day of Excel, a second since 1970.
    private void CheckDates(float[][] rows)
    {
        for (int i = 0; i < features.Length; i++)
        {
            long dates = features[i].Dates;
            long numbersBeside = dates == 0 ? 0 : rows.LongCount(row => !float.IsNaN(row[i])) - dates;
            if (numbersBeside > 0)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{file.Path}': the column '{file.Header[features[i].Column]}' has {dates} {(dates == 1 ? "date" : "dates")} and {numbersBeside} {(numbersBeside == 1 ? "number" : "numbers")}, which have no common meaning; write all cells the same way, or leave the column out."));
            }
        }
    }
}
