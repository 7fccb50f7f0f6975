namespace EdgeInference.ModelConverter.Data;

/// <summary>What the cells of one column look like, cell by cell, and what kind of column that makes it.</summary>
internal sealed class ColumnProfile
{
    /// <summary>Categories that a column may have.</summary>
    internal const int MostCategories = 1000;

    // Of that many different texts each has to stand for ten rows, lest a model learns rows by heart.
    private const int ManyCategories = 100;
    private const int RowsOfCategory = 10;

    // With fewer rows, texts that are all different may be categories still.
    private const int FewRows = 20;

    private static readonly string[] no = ["no", "false", "n", "f", "off", "nein", "non", "falsch", "faux"];
    private static readonly string[] yes = ["yes", "true", "y", "t", "on", "ja", "oui", "wahr", "vrai"];

    // A file may have a million columns.
    private TextIndex? index;
    private long repeats;

    /// <summary>Cells without a value.</summary>
    internal long Missing { get; private set; }

    /// <summary>Cells with a number.</summary>
    internal long Numbers { get; private set; }

    /// <summary>Cells with a date or time.</summary>
    internal long Dates { get; private set; }

    /// <summary>Cells with another text.</summary>
    internal long Others { get; private set; }

    /// <summary>What kind of column it is, as far as cells say; of a column of numbers its values say more.</summary>
    internal ColumnKind Kind
    {
        get
        {
            long all = Dates + Others;
            TextIndex texts = index ?? new TextIndex();
            if (Numbers >= all)
            {
                return Numbers == 0 ? ColumnKind.Empty : ColumnKind.Number;
            }

            if (Others == 0 && Numbers == 0)
            {
                return ColumnKind.DateTime;
            }

            // Texts of which the first thousand are all different are so, whatever follows.
            long seen = texts.Count + repeats;
            if (seen >= FewRows && repeats * FewRows <= seen)
            {
                return ColumnKind.Identifier;
            }

            bool isMany = texts.Count > MostCategories
                || (texts.Count > ManyCategories && texts.Count * RowsOfCategory > all)
                || (all >= FewRows && texts.Count * 2 > all);
            return isMany ? ColumnKind.FreeText
                : texts.Count == 1 && Missing == 0 && Numbers == 0 ? ColumnKind.Constant
                : texts.Count == 2 && Numbers == 0 && IsPair(texts[0], texts[1]) ? ColumnKind.Boolean
                : ColumnKind.Category;
        }
    }

    /// <summary>Looks at a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="numbers">How the file writes numbers.</param>
    /// <param name="room">Different texts that may still be kept, of all columns together.</param>
    internal void Add(ReadOnlySpan<byte> cell, CsvNumbers numbers, ref int room)
    {
        if (numbers.TryRead(cell, out float value) && !float.IsNaN(value))
        {
            Numbers++;
            return;
        }

        if (MissingCell.Is(cell))
        {
            Missing++;
            return;
        }

        index ??= new TextIndex();
        if (index.Find(cell) >= 0)
        {
            repeats++;
        }
        else if (index.Count <= MostCategories && room > 0)
        {
            index.Add(cell);
            room--;
        }

        // Of equal texts the first says what they are, but a date is found so seldom that each is looked at.
        if (DateCell.Is(cell))
        {
            Dates++;
        }
        else
        {
            Others++;
        }
    }

    /// <summary>The order of categories: no before yes, numbers by their value before texts by their code points.</summary>
    internal static string[] Order(IReadOnlyCollection<string> categories)
    {
        string[] ordered = [.. categories.OrderBy(Number).ThenBy(text => text, StringComparer.Ordinal)];
        return ordered.Length == 2 && IsPair(ordered[1], ordered[0]) && Place(no, ordered[1]) >= 0 ? [ordered[1], ordered[0]] : ordered;
    }

    private static double Number(string text) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : double.PositiveInfinity;

    private static bool IsPair(string a, string b) =>
        (Place(no, a) is int first and >= 0 && Place(yes, b) == first) || (Place(yes, a) is int second and >= 0 && Place(no, b) == second);

    private static int Place(string[] words, string text) => Array.FindIndex(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
}
