using System.Globalization;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Numbers in cells of a CSV file, rounded once to float32.</summary>
/// <param name="dialect">How the file writes them.</param>
internal sealed class CsvNumbers(CsvDialect dialect)
{
    // 10^22 and 2^53 are the largest of their kind that double holds exactly: one operation on two such numbers is rounded once.
    private const int MostPower = 22;
    private const ulong MostMantissa = 1UL << 53;
    private const int MostDigits = 18;
    private const int ShortBytes = 128;

    // The bits of a double below those of a float32, and the one that is half a step of a float32.
    private const ulong LowBits = (1UL << 29) - 1;
    private const ulong HalfStep = 1UL << 28;

    private static readonly double[] powers = [.. Enumerable.Range(0, MostPower + 1).Select(i => double.Parse($"1e{i}", CultureInfo.InvariantCulture))];

    private readonly byte decimalByte = (byte)dialect.Decimal;

    /// <summary>Reads a number; an infinite one where it is outside float32.</summary>
    /// <returns>False where the cell is none.</returns>
    internal bool TryRead(ReadOnlySpan<byte> cell, out float value) => TryShort(cell, out value) || TryLong(cell, out value);

    /// <summary>Reads a number in double precision.</summary>
    internal bool TryReadDouble(ReadOnlySpan<byte> cell, out double value)
    {
        Span<byte> plain = cell.Length <= ShortBytes ? stackalloc byte[ShortBytes] : new byte[cell.Length];
        return TryPlain(cell, plain, out int length) & double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && length > 0;
    }

    /// <summary>Reads a number exactly, up to 28 digits and about 10^28.</summary>
    internal bool TryReadDecimal(ReadOnlySpan<byte> cell, out decimal value)
    {
        Span<byte> plain = cell.Length <= ShortBytes ? stackalloc byte[ShortBytes] : new byte[cell.Length];
        return TryPlain(cell, plain, out int length) & decimal.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && length > 0;
    }

    // Digits with a decimal separator and nothing else: nearly all numbers.
    private bool TryShort(ReadOnlySpan<byte> cell, out float value)
    {
        value = 0;
        int at = 0;
        bool isNegative = false;
        if (cell.Length > 0 && (cell[0] == '-' || cell[0] == '+'))
        {
            isNegative = cell[0] == '-';
            at = 1;
        }

        ulong mantissa = 0;
        int point = -1;
        int first = at;
        for (; at < cell.Length; at++)
        {
            uint digit = (uint)cell[at] - '0';
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
            }
            else if (cell[at] == decimalByte && point < 0)
            {
                point = at;
            }
            else
            {
                return false;
            }
        }

        int digits = cell.Length - first - (point < 0 ? 0 : 1);
        int power = point < 0 ? 0 : cell.Length - point - 1;
        if (digits is 0 or > MostDigits || mantissa > MostMantissa || power > MostPower)
        {
            return false;
        }

        double quotient = mantissa / powers[power];
        if ((BitConverter.DoubleToUInt64Bits(quotient) & LowBits) == HalfStep)
        {
            // In the middle between two float32, maybe only after rounding.
            return false;
        }

        value = (float)(isNegative ? -quotient : quotient);
        return true;
    }

    private bool TryLong(ReadOnlySpan<byte> cell, out float value)
    {
        Span<byte> plain = cell.Length <= ShortBytes ? stackalloc byte[ShortBytes] : new byte[cell.Length];
        value = 0;
        return TryPlain(cell, plain, out int length) && float.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    // The number with a decimal point and without groups.
    private bool TryPlain(ReadOnlySpan<byte> cell, Span<byte> plain, out int length)
    {
        length = 0;
        if (cell.StartsWith(NumberShape.Minus))
        {
            // A sign of three bytes becomes one of one byte.
            ReadOnlySpan<byte> digits = cell[NumberShape.Minus.Length..];
            plain[0] = (byte)'-';
            bool isPlain = digits.Length > 0 && digits[0] is not ((byte)'-' or (byte)'+') && TryPlain(digits, plain[1..], out length);
            length += 1;
            return isPlain;
        }

        if (dialect.Thousands is { } group && NumberShape.Of(cell) is { HasGroups: true } shape)
        {
            char? asGroup = shape.IsAmbiguous && shape.DecimalSign == group ? group : shape.Group;
            char? asDecimal = asGroup == shape.DecimalSign ? null : shape.DecimalSign;
            if ((asGroup ?? group) != group || (asDecimal ?? dialect.Decimal) != dialect.Decimal)
            {
                return false;
            }

            foreach (byte letter in cell)
            {
                // A space of more than one byte too is no digit, sign or exponent.
                if (letter == decimalByte)
                {
                    plain[length++] = (byte)'.';
                }
                else if (letter < 0x80 && (char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'+' or (byte)'-'))
                {
                    plain[length++] = letter;
                }
            }

            return true;
        }

        cell.CopyTo(plain);
        length = cell.Length;
        if (decimalByte == '.')
        {
            return true;
        }

        if (cell.Contains((byte)'.'))
        {
            return false;
        }

        plain[..length].Replace(decimalByte, (byte)'.');
        return true;
    }
}
