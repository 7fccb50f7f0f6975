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

    /// <summary>The number of parts between commas within what token <paramref name="open"/> opens.</summary>
    public static int Parts(IReadOnlyList<SourceToken> tokens, int open)
    {
        int close = Close(tokens, open);
        int parts = close == open + 1 ? 0 : 1;
        for (int i = open + 1; i < close; i++)
        {
            if (tokens[i].Text is "{" or "(" or "[")
            {
                i = Close(tokens, i);
            }
            else if (tokens[i].Text == ",")
            {
                parts++;
            }
        }

        return parts;
    }
}
