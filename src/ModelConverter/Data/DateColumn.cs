namespace EdgeInference.ModelConverter.Data;

/// <summary>Finds in which order a column writes day and month: a date such as 13/04/2024 tells for all others.</summary>
internal static class DateColumn
{
    /// <summary>The order that all dates of a column allow: Either where none tells, None where they contradict one another.</summary>
    /// <param name="file">The table.</param>
    /// <param name="column">The column.</param>
    internal static DateOrder Order(CsvFile file, int column)
    {
        DateOrder order = DateOrder.Either;
        file.ForEachRow(new CsvProblems(file.Path), row =>
        {
            DateOrder orders = DateCell.Orders(row[column]);
            order &= orders == DateOrder.None ? DateOrder.Either : orders;
        }, saysBlank: false);
        return order;
    }

    /// <summary>What is wrong with a date whose day and month are not known, and what to do.</summary>
    internal static (string What, string Mend) Problem(string text, DateOrder order) => order == DateOrder.None
        ? ($"'{text}' stands in a column that has dates with the day first and with the month first", "write all dates as 2024-12-31")
        : ($"'{text}' does not tell which number is the day, nor does another date of the column", "write dates as 2024-12-31");
}
