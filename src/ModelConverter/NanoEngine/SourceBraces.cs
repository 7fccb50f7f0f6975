namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Pairs of braces, brackets and parentheses.</summary>
internal static class SourceBraces
{
    /// <summary>The token that closes what token <paramref name="open"/> opens.</summary>
    public static int Close(IReadOnlyList<SourceToken> tokens, int open)
    {
        int depth = 0;
        for (int i = open; ; i++)
        {
            depth += tokens[i].Text switch
            {
                "{" or "(" or "[" => 1,
                "}" or ")" or "]" => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return i;
            }
        }
    }

    /// <summary>The token that opens what token <paramref name="close"/> closes.</summary>
    public static int Open(IReadOnlyList<SourceToken> tokens, int close)
    {
        int open = close - 1;
        while (tokens[open].Text is not ("{" or "(" or "[") || Close(tokens, open) != close)
        {
            open--;
        }

        return open;
    }

    /// <summary>The first token of the last part between commas within what token <paramref name="open"/> opens.</summary>
    public static int LastPart(IReadOnlyList<SourceToken> tokens, int open) => Commas(tokens, open).LastOrDefault(open) + 1;

    /// <summary>The number of parts between commas within what token <paramref name="open"/> opens.</summary>
    public static int Parts(IReadOnlyList<SourceToken> tokens, int open) =>
        tokens[open + 1].Text is ")" or "}" or "]" ? 0 : Commas(tokens, open).Count() + 1;

    private static IEnumerable<int> Commas(IReadOnlyList<SourceToken> tokens, int open)
    {
        int close = Close(tokens, open);
        for (int i = open + 1; i < close; i++)
        {
            if (tokens[i].Text is "{" or "(" or "[")
            {
                i = Close(tokens, i);
            }
            else if (tokens[i].Text == ",")
            {
                yield return i;
            }
        }
    }
}
