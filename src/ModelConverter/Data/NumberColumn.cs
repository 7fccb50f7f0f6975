namespace EdgeInference.ModelConverter.Data;

/// <summary>What kind of column its numbers make it.</summary>
internal static class NumberColumn
{
    private const int FewRows = 20;
    private const double NearlyAll = 0.99;

    // Standardised by float32 numbers, a narrower or wider range loses its digits or is infinite.
    private const float SmallestRange = 1e-35f;
    private const float LargestRange = 1e35f;

    // float32 holds every whole number up to here.
    private const float MostWhole = 1 << 24;

    /// <summary>The kind of a column of a table's rows.</summary>
    /// <param name="rows">The rows; NaN is a missing value.</param>
    /// <param name="feature">The column.</param>
    /// <param name="name">Its name.</param>
    internal static ColumnKind Kind(IReadOnlyList<float[]> rows, int feature, string name)
    {
        float min = float.PositiveInfinity;
        float max = float.NegativeInfinity;
        bool isWhole = true;
        int rises = 0;
        int falls = 0;
        int present = 0;
        float last = float.NaN;
        foreach (float[] row in rows)
        {
            float value = row[feature];
            if (float.IsNaN(value))
            {
                continue;
            }

            present++;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            isWhole &= value == MathF.Floor(value);
            rises += value > last ? 1 : 0;
            falls += value < last ? 1 : 0;
            last = value;
        }

        if (present == 0)
        {
            return ColumnKind.Empty;
        }

        if (min == max)
        {
            return present == rows.Count ? ColumnKind.Constant : ColumnKind.Number;
        }

        if (max - min is < SmallestRange or > LargestRange)
        {
            return ColumnKind.OutOfScale;
        }

        if (min == 0 && max == 1 && isWhole)
        {
            return ColumnKind.Boolean;
        }

        // Whole numbers that differ may be a quantity too: only those that count rows, or are called so, are names of rows.
        // Of numbers that float32 rounds to equal ones, such as seconds since 1970, those that never fall count.
        bool counts = rises == present - 1 || falls == present - 1 || (max > MostWhole && (rises == 0 || falls == 0)) || (double)max - min < 2.0 * present || IsName(name);
        return isWhole && present >= FewRows && max - min >= (NearlyAll * present) - 1 && counts && Distinct(rows, feature, present, max) ? ColumnKind.Identifier : ColumnKind.Number;
    }

    private static bool IsName(string name)
    {
        string[] words = name.Split(['_', ' ', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        return words.Any(word => word.Equals("id", StringComparison.OrdinalIgnoreCase) || word.Equals("uuid", StringComparison.OrdinalIgnoreCase) || word.Equals("key", StringComparison.OrdinalIgnoreCase))
            || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("ID", StringComparison.Ordinal);
    }

    private static bool Distinct(IReadOnlyList<float[]> rows, int feature, int present, float max)
    {
        float[] values = new float[present];
        int at = 0;
        foreach (float[] row in rows)
        {
            if (!float.IsNaN(row[feature]))
            {
                values[at++] = row[feature];
            }
        }

        Array.Sort(values);
        int distinct = 1;
        for (int i = 1; i < values.Length; i++)
        {
            distinct += values[i] != values[i - 1] ? 1 : 0;
        }

        // Beyond that neighbours are rounded to one value.
        return max > MostWhole || distinct >= NearlyAll * present;
    }
}
