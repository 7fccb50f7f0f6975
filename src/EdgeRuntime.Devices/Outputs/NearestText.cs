namespace EdgeInference.Devices;

/// <summary>Of several texts, the one that another was probably meant to be.</summary>
internal static class NearestText
{
    /// <summary>The text with the fewest letters to change, insert or leave out, case aside; the first of those.</summary>
    /// <param name="text">The text to match.</param>
    /// <param name="known">One text or more.</param>
    internal static string Of(string text, IReadOnlyList<string> known) => known.MinBy(other => Distance(text.ToUpperInvariant(), other.ToUpperInvariant()))!;

    private static int Distance(string x, string y)
    {
        int[] above = [.. Enumerable.Range(0, y.Length + 1)];
        int[] row = new int[y.Length + 1];
        for (int i = 0; i < x.Length; i++)
        {
            row[0] = i + 1;
            for (int j = 0; j < y.Length; j++)
            {
                row[j + 1] = Math.Min(Math.Min(row[j], above[j + 1]) + 1, above[j] + (x[i] == y[j] ? 0 : 1));
            }

            (above, row) = (row, above);
        }

        return above[^1];
    }
}
