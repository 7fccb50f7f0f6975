namespace EdgeInference.ModelConverter.Data;

/// <summary>What the form of a cell says of how numbers are written in its file.</summary>
/// <param name="IsNumber">Whether it can be a number in any way of writing.</param>
/// <param name="DecimalSign">The decimal separator; null where there is none.</param>
/// <param name="Group">What groups thousands; null where nothing does. A space stands for every kind of space.</param>
/// <param name="IsAmbiguous">Whether <paramref name="DecimalSign"/> may as well group thousands: 1.234.</param>
internal readonly record struct NumberShape(bool IsNumber, char? DecimalSign, char? Group, bool IsAmbiguous)
{
    private const int GroupDigits = 3;

    /// <summary>The minus sign, U+2212, that spreadsheets write in several languages.</summary>
    internal static ReadOnlySpan<byte> Minus => "\u2212"u8;

    /// <summary>Whether thousands are grouped, or may be.</summary>
    internal bool HasGroups => Group is not null || IsAmbiguous;

    /// <summary>The form of a trimmed cell.</summary>
    internal static NumberShape Of(ReadOnlySpan<byte> cell)
    {
        int at = cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+' ? 1 : cell.StartsWith(Minus) ? Minus.Length : 0;
        bool startsWithZero = at < cell.Length && cell[at] == '0';
        char? group = null;
        char? last = null;
        int run = 0;
        int digits = 0;
        int separators = 0;
        bool isGrouped = true;
        int firstRun = 0;
        while (at < cell.Length)
        {
            byte letter = cell[at];
            if (letter is >= (byte)'0' and <= (byte)'9')
            {
                run++;
                digits++;
                at++;
                continue;
            }

            (char sign, int bytes) = Sign(cell[at..]);
            if (bytes == 0)
            {
                break;
            }

            // What is before is a group, or the first digits of one.
            if (last is not null)
            {
                if (group is not null && group != last)
                {
                    return default;
                }

                group = last;
                isGrouped &= run == GroupDigits;
            }
            else
            {
                firstRun = run;
            }

            last = sign;
            separators++;
            run = 0;
            at += bytes;
        }

        if (digits == 0 || !IsExponent(cell[at..]))
        {
            return default;
        }

        bool hasExponent = at < cell.Length;
        if (last is null)
        {
            return new NumberShape(true, null, null, false);
        }

        bool fits = firstRun is >= 1 and <= GroupDigits && !startsWithZero;
        if (group is null)
        {
            if (last is ' ' or '\'')
            {
                return fits && run == GroupDigits ? new NumberShape(true, null, last, false) : default;
            }

            return new NumberShape(true, last, null, fits && run == GroupDigits && !hasExponent);
        }

        if (!fits || !isGrouped)
        {
            return default;
        }

        return last == group
            ? run == GroupDigits ? new NumberShape(true, null, group, false) : default
            : last is ' ' or '\'' ? default : new NumberShape(true, last, group, false);
    }

    private static (char Sign, int Bytes) Sign(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'.', ..] => ('.', 1),
        [(byte)',', ..] => (',', 1),
        [(byte)' ', ..] => (' ', 1),
        [(byte)'\'', ..] => ('\'', 1),
        [0xC2, 0xA0, ..] => (' ', 2), // no-break space
        [0xE2, 0x80, 0xAF, ..] => (' ', 3), // narrow no-break space
        [0xE2, 0x80, 0x99, ..] => ('\'', 3), // typographic apostrophe
        _ => ('\0', 0),
    };

    private static bool IsExponent(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        int from = text.Length > 1 && text[1] is (byte)'-' or (byte)'+' ? 2 : 1;
        return text[0] is (byte)'e' or (byte)'E' && text.Length > from && !text[from..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
