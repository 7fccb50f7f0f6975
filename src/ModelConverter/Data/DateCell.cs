using System.Globalization;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Dates and times in cells: those whose parts have one order only, and the forms with slashes, whose order is not known.</summary>
internal static class DateCell
{
    private const int ShortestBytes = 8;
    private const int LongestBytes = 35;

    private static readonly string[] times = ["", "'T'HH:mm", " HH:mm", "'T'HH:mm:ss", " HH:mm:ss", "'T'HH:mm:ss.FFFFFFF", " HH:mm:ss.FFFFFFF"];

    private static readonly string[] certain =
    [
        .. new[] { "yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy" }.SelectMany(date => times.Select(time => date + time)),
        .. times[1..].SelectMany(time => new[] { $"yyyy-MM-dd{time}K", $"yyyy-MM-dd{time}zzz" }),
    ];

    private static readonly string[] uncertain = [.. new[] { "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy" }.SelectMany(date => times.Select(time => date + time))];

    /// <summary>Days since 1970-01-01, a time as their fraction; in UTC where an offset is given.</summary>
    /// <returns>False where the cell is no date whose parts have one order only.</returns>
    internal static bool TryDays(ReadOnlySpan<byte> cell, out double days)
    {
        days = 0;
        if (!MayBe(cell) || !DateTime.TryParseExact(Encoding.UTF8.GetString(cell), certain, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime date))
        {
            return false;
        }

        days = (date - DateTime.UnixEpoch).TotalDays;
        return true;
    }

    /// <summary>Whether a cell is a date in any form.</summary>
    internal static bool Is(ReadOnlySpan<byte> cell) =>
        TryDays(cell, out _) || (MayBe(cell) && DateTime.TryParseExact(Encoding.UTF8.GetString(cell), uncertain, CultureInfo.InvariantCulture, DateTimeStyles.None, out _));

    private static bool MayBe(ReadOnlySpan<byte> cell) =>
        cell.Length is >= ShortestBytes and <= LongestBytes && cell[0] is >= (byte)'0' and <= (byte)'9' && cell.IndexOfAny((byte)'-', (byte)'/', (byte)'.') is >= 1 and <= 4;
}
