using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Finds a name among others: exactly, else by letters alone, where case, spaces and underscores do not count.</summary>
internal static class NameMatch
{
    /// <summary>What two names have in common that match loosely. A gap between two digits counts: x1_1 is not x11.</summary>
    internal static string Key(string name)
    {
        var key = new StringBuilder(name.Length);
        bool gap = false;
        foreach (char character in name)
        {
            if (char.IsWhiteSpace(character) || character == '_')
            {
                gap = true;
                continue;
            }

            if (gap && key.Length > 0 && char.IsDigit(key[^1]) && char.IsDigit(character))
            {
                key.Append(' ');
            }

            key.Append(char.ToUpperInvariant(character));
            gap = false;
        }

        return key.ToString();
    }

    /// <summary>Positions of all candidates that match loosely.</summary>
    internal static int[] Loose(string name, IReadOnlyList<string> candidates)
    {
        string key = Key(name);
        return key.Length == 0 ? [] : [.. Enumerable.Range(0, candidates.Count).Where(i => Key(candidates[i]) == key)];
    }

    /// <summary>Position of the candidate that is the name itself, or −1.</summary>
    internal static int Exact(string name, IReadOnlyList<string> candidates)
    {
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Some names in quotation marks with commas between, and how many more there are.</summary>
    internal static string List(IReadOnlyCollection<string> names, int most = 8) =>
        string.Join(", ", names.Take(most).Select(name => name.Length == 0 ? "(no name)" : $"'{CsvProblems.Clip(name)}'")) + (names.Count > most ? $" and {names.Count - most} more" : "");
}
