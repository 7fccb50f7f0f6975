namespace EdgeInference.ModelConverter;

/// <summary>Finds the word that someone probably meant.</summary>
internal static class Suggestion
{
    /// <summary>Nobody types longer words, and a file may have names of megabytes.</summary>
    internal const int MostLetters = 100;

    /// <summary>Pairs of letters that are compared for one suggestion, some 10,000 candidates of 20 letters.</summary>
    internal const long MostPairs = 4_000_000;

    /// <summary>The candidate nearest to a word by Levenshtein distance, or an empty text where none is near. Of candidates without end the first are looked at.</summary>
    internal static string Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > MostLetters)
        {
            return "";
        }

        string best = "";
        int bestDistance = (word.Length / 3) + 1;
        long pairs = 0;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) > bestDistance)
            {
                continue;
            }

            pairs += (long)word.Length * candidate.Length;
            if (pairs > MostPairs)
            {
                break;
            }

            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance <= bestDistance && (best.Length == 0 || distance < bestDistance))
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
