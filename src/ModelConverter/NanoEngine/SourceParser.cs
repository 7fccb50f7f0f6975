namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Splits a source file into types and members: one namespace in braces, types that are not nested, one name a field.</summary>
internal sealed class SourceParser
{
    private readonly string text;
    private readonly IReadOnlyList<SourceToken> tokens;

    private SourceParser(string text)
    {
        this.text = text;
        tokens = SourceLexer.Tokens(text);
    }

    /// <summary>The types and members of a file.</summary>
    public static SourceFile Parse(string path, string text) => new SourceParser(text).Parse(path);

    private SourceFile Parse(string path)
    {
        var usings = new List<string>();
        int position = 0;
        while (position < tokens.Count && tokens[position].Text == "using")
        {
            int end = Find(position, ";");
            usings.Add(string.Concat(Words(position + 1, end)));
            position = end + 1;
        }

        // A file of attributes of the assembly has no namespace.
        if (position == tokens.Count || tokens[position].Text != "namespace")
        {
            return new SourceFile(path, usings, "", []);
        }

        int open = Find(position, "{");
        string space = string.Concat(Words(position + 1, open));
        int close = SourceBraces.Close(tokens, open);
        var types = new List<SourceType>();
        for (int next = open + 1; next < close;)
        {
            types.Add(Type(next, out next));
        }

        return new SourceFile(path, usings, space, types);
    }

    private SourceType Type(int first, out int next)
    {
        int from = tokens[first - 1].End;
        int word = first;
        while (tokens[word].Text is not ("class" or "struct" or "enum" or "delegate"))
        {
            word = tokens[word].Text == "[" ? SourceBraces.Close(tokens, word) + 1 : word + 1;
        }

        if (tokens[word].Text == "delegate")
        {
            int end = Find(word, ";");
            next = end + 1;
            return new SourceType(tokens[Find(word, "(") - 1].Text, text[from..tokens[end].End], Range(first, end + 1), [], []);
        }

        int open = Find(word, "{");
        int close = SourceBraces.Close(tokens, open);
        next = close + 1;
        string name = tokens[word + 1].Text;
        IReadOnlyList<SourceToken> header = Range(first, open);
        IReadOnlyList<string> bases = [.. header.SkipWhile(token => token.Text != ":").Where(token => token.Kind == SourceTokenKind.Word).Select(token => token.Text)];
        var members = new List<SourceMember>();
        if (tokens[word].Text == "enum")
        {
            members.Add(new SourceMember("", text[tokens[open].End..tokens[close].Start], [], -1, -1));
            return new SourceType(name, text[from..tokens[open].Start], header, members, bases);
        }

        for (int position = open + 1; position < close;)
        {
            int end = MemberEnd(position);
            members.Add(Member(name, position, end));
            position = end;
        }

        return new SourceType(name, text[from..tokens[open].Start], header, members, bases);
    }

    // Past the semicolon, or past the braces of a body or of accessors.
    private int MemberEnd(int position)
    {
        bool hasValue = false;
        while (true)
        {
            switch (tokens[position].Text)
            {
                case ";":
                    return position + 1;
                case "=":
                    hasValue = true;
                    break;
                case "{" when !hasValue:
                    position = SourceBraces.Close(tokens, position);
                    if (tokens[position + 1].Text != "=")
                    {
                        return position + 1;
                    }

                    break;
                case "{" or "(" or "[":
                    position = SourceBraces.Close(tokens, position);
                    break;
            }

            position++;
        }
    }

    private SourceMember Member(string type, int first, int end)
    {
        string own = text[tokens[first - 1].End..tokens[end - 1].End];
        IReadOnlyList<SourceToken> range = Range(first, end);
        int mark = first;
        while (tokens[mark].Text is not ("(" or "{" or "=" or ";"))
        {
            mark = tokens[mark].Text == "[" ? SourceBraces.Close(tokens, mark) + 1 : mark + 1;
        }

        string name = tokens[mark - 1].Text;
        bool isStaticConstructor = name == type && range.Any(token => token.Text == "static") && mark - first == 2;
        if (tokens[mark].Text != "(")
        {
            return new SourceMember(name, own, range, -1, -1);
        }

        int close = SourceBraces.Close(tokens, mark);
        int most = SourceBraces.Parts(tokens, mark);
        int optional = Range(mark, close).Count(token => token.Text == "=");
        return new SourceMember(isStaticConstructor ? "" : name, own, range, most - optional, most);
    }

    private int Find(int position, string mark)
    {
        while (tokens[position].Text != mark)
        {
            position++;
        }

        return position;
    }

    private IEnumerable<string> Words(int first, int end) => Range(first, end).Select(token => token.Text);

    private List<SourceToken> Range(int first, int end) => [.. tokens.Skip(first).Take(end - first)];
}
