using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Reads a date with or without a time from a cell, piece by piece: a million cells take less than trying as many forms.</summary>
internal ref struct DateReader
{
    private const int WordLetters = 3;
    private const int CompactDigits = 8;

    private static readonly string[] months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private readonly ReadOnlySpan<byte> cell;
    private int at;
    private int year;
    private int month;
    private int day;
    private decimal time;

    private DateReader(ReadOnlySpan<byte> cell) => this.cell = cell;

    /// <summary>Whether the year has two digits, so that its century is not known.</summary>
    private bool isShort;

    /// <summary>Whether day and month are two numbers in an order that is not known; day holds the first.</summary>
    private bool isOpen;

    /// <summary>Reads a cell.</summary>
    /// <param name="cell">The trimmed cell.</param>
    /// <param name="known">Which comes first where two numbers are day and month; Either where that is not known.</param>
    /// <param name="ticks">Units of 100 ns since 1970-01-01, in UTC where an offset is given.</param>
    /// <param name="orders">Where two numbers are day and month, the orders that they allow; else None.</param>
    /// <returns>False where it is no date, or one whose century, day or month is not known; <paramref name="orders"/> then tells.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> cell, DateOrder known, out decimal ticks, out DateOrder orders)
    {
        ticks = 0;
        orders = DateOrder.None;
        var reader = new DateReader(cell);
        if (!reader.TryDate() || !reader.TryTime())
        {
            return false;
        }

        if (reader.isOpen)
        {
            int century = reader.isShort ? 2000 : 0;
            orders = (IsDate(reader.year + century, reader.month, reader.day) ? DateOrder.DayFirst : 0) | (IsDate(reader.year + century, reader.day, reader.month) ? DateOrder.MonthFirst : 0);
            if (reader.isShort || (orders & known) is not (DateOrder.DayFirst or DateOrder.MonthFirst))
            {
                return false;
            }

            if ((orders & known) == DateOrder.MonthFirst)
            {
                (reader.day, reader.month) = (reader.month, reader.day);
            }
        }

        if (!IsDate(reader.year, reader.month, reader.day))
        {
            return false;
        }

        ticks = (new DateTime(reader.year, reader.month, reader.day) - DateTime.UnixEpoch).Ticks + reader.time;
        return true;
    }

    private static bool IsDate(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private bool TryDate()
    {
        // Wed, 03 Jan 2024
        if (TryWord(days, out _))
        {
            _ = Take(',');
            if (!Take(' '))
            {
                return false;
            }
        }

        if (TryWord(months, out month))
        {
            return Take(' ') && TryNumber(1, 2, out day) && (Take(',') | Take(' ')) && TryNumber(4, 4, out year);
        }

        if (!TryNumber(1, CompactDigits, out int first, out int digits))
        {
            return false;
        }

        if (digits == CompactDigits)
        {
            (year, month, day) = (first / 10000, first / 100 % 100, first % 100);
            return at < cell.Length && cell[at] == 'T';
        }

        if (digits is 3 or > 4 || at >= cell.Length || cell[at] is not ((byte)'-' or (byte)'/' or (byte)'.' or (byte)' '))
        {
            return false;
        }

        char separator = (char)cell[at++];
        if (digits == 4)
        {
            year = first;
            return separator != ' ' && TryNumber(1, 2, out month) && Take(separator) && TryNumber(1, 2, out day);
        }

        day = first;
        if (separator != '.' && TryWord(months, out month))
        {
            return Take(separator) && TryNumber(4, 4, out year);
        }

        if (separator == ' ' || !TryNumber(1, 2, out month) || !Take(separator) || !TryNumber(2, 4, out year, out digits) || digits == 3)
        {
            return false;
        }

        isOpen = separator != '.';
        isShort = digits == 2;

        // 1.2.24 may be a version.
        return isOpen || !isShort;
    }

    private bool TryTime()
    {
        if (at == cell.Length)
        {
            return true;
        }

        if (!(Take('T') || Take(' ') || Take(':')) || !TryNumber(1, 6, out int hours, out int digits))
        {
            return false;
        }

        int minutes = 0;
        int seconds = 0;
        decimal fraction = 0;
        if (digits is 4 or 6)
        {
            (hours, minutes, seconds) = digits == 4 ? (hours / 100, hours % 100, 0) : (hours / 10000, hours / 100 % 100, hours % 100);
        }
        else if (digits > 2 || !Take(':') || !TryNumber(2, 2, out minutes) || (Take(':') && !TryNumber(2, 2, out seconds)))
        {
            return false;
        }

        if ((Take('.') || Take(',')) && !TryFraction(out fraction))
        {
            return false;
        }

        bool isMarked = TryHalf(ref hours);
        if (hours > 23 || minutes > 59 || seconds > 59)
        {
            return false;
        }

        time = (((((hours * 60) + minutes) * 60) + seconds + fraction) * TimeSpan.TicksPerSecond);
        return TryOffset(isMarked);
    }

    // 12 AM is midnight.
    private bool TryHalf(ref int hours)
    {
        int start = at;
        _ = Take(' ');
        ReadOnlySpan<byte> mark = cell[at..];
        if (mark.Length < 2 || (mark[1] | 0x20) != 'm' || (mark[0] | 0x20) is not ('a' or 'p') || hours is < 1 or > 12)
        {
            at = start;
            return false;
        }

        hours = (hours % 12) + ((mark[0] | 0x20) == 'p' ? 12 : 0);
        at += 2;
        return true;
    }

    private bool TryOffset(bool isMarked)
    {
        if (at == cell.Length)
        {
            return true;
        }

        _ = Take(' ');
        ReadOnlySpan<byte> rest = cell[at..];
        if (rest is [(byte)'Z'] || rest.SequenceEqual("GMT"u8) || rest.SequenceEqual("UTC"u8))
        {
            return true;
        }

        int sign = Take('+') ? 1 : Take('-') ? -1 : 0;
        int minutes = 0;
        if (isMarked || sign == 0 || !TryNumber(2, 4, out int hours, out int digits) || digits == 3 || (digits == 2 && Take(':') && !TryNumber(2, 2, out minutes)) || at != cell.Length)
        {
            return false;
        }

        if (digits == 4)
        {
            (hours, minutes) = (hours / 100, hours % 100);
        }

        time -= sign * ((hours * 60) + minutes) * TimeSpan.TicksPerMinute;
        return hours <= 14 && minutes <= 59;
    }

    private bool TryFraction(out decimal fraction)
    {
        fraction = 0;
        decimal unit = 0.1m;
        int start = at;
        for (; at < cell.Length && cell[at] is >= (byte)'0' and <= (byte)'9'; at++, unit /= 10)
        {
            fraction += (cell[at] - '0') * unit;
        }

        return at > start;
    }

    private bool Take(char letter)
    {
        bool isThere = at < cell.Length && cell[at] == letter;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private bool TryNumber(int least, int most, out int value) => TryNumber(least, most, out value, out _);

    private bool TryNumber(int least, int most, out int value, out int digits)
    {
        value = 0;
        digits = 0;
        for (; at < cell.Length && cell[at] is >= (byte)'0' and <= (byte)'9'; at++, digits++)
        {
            if (digits == most)
            {
                return false;
            }

            value = (value * 10) + cell[at] - '0';
        }

        return digits >= least;
    }

    private bool TryWord(string[] words, out int number)
    {
        number = 0;
        if (cell.Length - at < WordLetters || !char.IsAsciiLetter((char)cell[at]))
        {
            return false;
        }

        string word = Encoding.UTF8.GetString(cell.Slice(at, WordLetters));
        number = Array.FindIndex(words, other => other.Equals(word, StringComparison.OrdinalIgnoreCase)) + 1;
        at += number > 0 ? WordLetters : 0;
        return number > 0;
    }
}
