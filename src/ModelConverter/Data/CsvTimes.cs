using System.Globalization;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>The times of a table's rows, exactly: float32 would make one of all within three minutes.</summary>
/// <param name="file">The table.</param>
/// <param name="column">The column of times, numbers or dates.</param>
internal sealed class CsvTimes(CsvFile file, int column)
{
    private readonly CsvNumbers numbers = new(file.Dialect);
    private readonly List<decimal> times = [];
    private DateOrder? order;
    private (string Text, int Line)? number;
    private (string Text, int Line)? date;

    /// <summary>Takes the time of a row.</summary>
    internal void Add(CsvRow row, CsvProblems problems)
    {
        ReadOnlySpan<byte> cell = row[column];
        string text = CsvProblems.Clip(Encoding.UTF8.GetString(cell));
        string name = file.Header[column];
        if (MissingCell.Is(cell))
        {
            problems.Add(row.Line, name, cell.IsEmpty ? "the cell is empty, and rows are ordered by it" : $"'{text}' is a missing value, and rows are ordered by it", "fill it in or delete the line");
            return;
        }

        if (numbers.TryReadDecimal(cell, out decimal time))
        {
            number ??= (text, row.Line);
            times.Add(time);
            return;
        }

        if (DateCell.Orders(cell) != DateOrder.None)
        {
            order ??= DateColumn.Order(file, column);
        }

        if (order is not DateOrder.None && DateCell.TryTicks(cell, order ?? DateOrder.Either, out time))
        {
            date ??= (text, row.Line);
            times.Add(time);
            return;
        }

        (string what, string mend) = DateCell.Orders(cell) != DateOrder.None
            ? DateColumn.Problem(text, order!.Value)
            : ($"'{text}' is neither a number nor a date", "write a number, or a date and time such as 2024-12-31 23:59:59");
        problems.Add(row.Line, name, what, mend);
    }

    /// <summary>The place of each row in time, from 0; equal times have the same.</summary>
    /// <exception cref="InputException">Some times are numbers and some are dates.</exception>
    internal double[] Ranks()
    {
        CheckForm();
        decimal[] different = [.. times.Distinct().Order()];
        return [.. times.Select(time => (double)Array.BinarySearch(different, time))];
    }

    /// <summary>The time of each row in seconds: a number is taken as seconds.</summary>
    /// <exception cref="InputException">Some times are numbers and some are dates.</exception>
    internal decimal[] Seconds()
    {
        CheckForm();
        return [.. times.Select(time => date is null ? time : time / TimeSpan.TicksPerSecond)];
    }

    private void CheckForm()
    {
        if (number is var (value, numberLine) && date is var (day, dateLine))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{file.Path}': the column '{file.Header[column]}' has a number, '{value}' in line {numberLine}, and a date, '{day}' in line {dateLine}, which have no common order; write all times the same way."));
        }
    }
}
