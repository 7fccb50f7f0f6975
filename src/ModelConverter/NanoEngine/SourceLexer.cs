namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Splits C# 7.3 into tokens, as far as the engine's own sources need: no interpolated texts.</summary>
internal static class SourceLexer
{
    /// <summary>The tokens of a source.</summary>
    public static IReadOnlyList<SourceToken> Tokens(string text)
    {
        var tokens = new List<SourceToken>();
        int position = 0;
        while (position < text.Length)
        {
            int end = Trivia(text, position);
            if (end > position)
            {
                position = end;
                continue;
            }

            SourceTokenKind kind = Kind(text[position]);
            end = kind switch
            {
                SourceTokenKind.Word => While(text, position, IsWord),
                SourceTokenKind.Literal when text[position] is '"' or '\'' => Quoted(text, position),
                SourceTokenKind.Literal => Number(text, position),
                _ => position + 1,
            };
            tokens.Add(new SourceToken(kind, text[position..end], position));
            position = end;
        }

        return tokens;
    }

    private static SourceTokenKind Kind(char first) =>
        char.IsAsciiDigit(first) || first is '"' or '\'' ? SourceTokenKind.Literal : IsWord(first) ? SourceTokenKind.Word : SourceTokenKind.Mark;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    // White space, comments and preprocessor lines.
    private static int Trivia(string text, int position)
    {
        if (text[position] == '#' || text.AsSpan(position).StartsWith("//"))
        {
            int line = text.IndexOf('\n', position);
            return line < 0 ? text.Length : line;
        }

        if (text.AsSpan(position).StartsWith("/*"))
        {
            return text.IndexOf("*/", position + 2, StringComparison.Ordinal) + 2;
        }

        return While(text, position, char.IsWhiteSpace);
    }

    private static int While(string text, int position, Func<char, bool> belongs)
    {
        while (position < text.Length && belongs(text[position]))
        {
            position++;
        }

        return position;
    }

    // A sign belongs to an exponent: 1e-5f.
    private static int Number(string text, int position)
    {
        int end = While(text, position, c => IsWord(c) || c == '.');
        bool isExponent = text[end - 1] is 'e' or 'E' && !text.AsSpan(position).StartsWith("0x") && end < text.Length && text[end] is '-' or '+';
        return isExponent ? While(text, end + 1, IsWord) : end;
    }

    private static int Quoted(string text, int position)
    {
        char quote = text[position];
        int end = position + 1;
        while (text[end] != quote)
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        return end + 1;
    }
}
