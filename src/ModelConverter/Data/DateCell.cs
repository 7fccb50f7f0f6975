namespace EdgeInference.ModelConverter.Data;

/// <summary>Dates and times in cells.</summary>
internal static class DateCell
{
    private const int ShortestBytes = 6;
    private const int LongestBytes = 45;

    /// <summary>Units of 100 ns since 1970-01-01, with what is less; in UTC where an offset is given.</summary>
    /// <param name="cell">The trimmed cell.</param>
    /// <param name="order">Which comes first in dates such as 03/04/2024; Either where that is not known.</param>
    /// <param name="ticks">The time.</param>
    /// <returns>False where the cell is no date, or one whose day and month are not known.</returns>
    internal static bool TryTicks(ReadOnlySpan<byte> cell, DateOrder order, out decimal ticks)
    {
        ticks = 0;
        return MayBe(cell) && DateReader.TryRead(cell, order, out ticks, out _);
    }

    /// <summary>Days since 1970-01-01, a time as their fraction; in UTC where an offset is given.</summary>
    internal static bool TryDays(ReadOnlySpan<byte> cell, DateOrder order, out double days)
    {
        bool isDate = TryTicks(cell, order, out decimal ticks);
        days = new TimeSpan((long)ticks).TotalDays;
        return isDate;
    }

    /// <summary>The orders of day and month that a date such as 03/04/2024 allows; None for any other cell.</summary>
    internal static DateOrder Orders(ReadOnlySpan<byte> cell)
    {
        if (!MayBe(cell))
        {
            return DateOrder.None;
        }

        DateReader.TryRead(cell, DateOrder.Either, out _, out DateOrder orders);
        return orders;
    }

    /// <summary>Whether a cell is a date in any form.</summary>
    internal static bool Is(ReadOnlySpan<byte> cell) =>
        MayBe(cell) && (DateReader.TryRead(cell, DateOrder.Either, out _, out DateOrder orders) || orders != DateOrder.None);

    private static bool MayBe(ReadOnlySpan<byte> cell) =>
        cell.Length is >= ShortestBytes and <= LongestBytes && char.IsAsciiLetterOrDigit((char)cell[0]) && cell[^1] < 0x80;
}
