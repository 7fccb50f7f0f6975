using EdgeInference.ModelConverter.NanoEngine;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>The names that stand in emitted code beside that of its class: what it declares, and what it takes from elsewhere.</summary>
internal sealed class CodeNames
{
    private const int ClassDepth = 2;

    private readonly HashSet<string> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly HashSet<(string Name, string Next)> uses = [];

    /// <summary>Reads the names of some files, each with one class in a namespace.</summary>
    internal CodeNames(IEnumerable<EmittedFile> files)
    {
        foreach (EmittedFile file in files)
        {
            Read(SourceLexer.Tokens(file.Text));
        }
    }

    /// <summary>Members of the classes, nested types among them.</summary>
    internal IReadOnlySet<string> Members => members;

    /// <summary>Types and namespaces of elsewhere: what begins with a capital and is no member. Locals do not.</summary>
    internal IReadOnlySet<string> Types => used.Where(name => char.IsUpper(name[0]) && !members.Contains(name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a name stands for nothing but the class itself: each time with one of its members behind it.</summary>
    internal bool IsClassItself(string name) => uses.Where(use => use.Name == name).All(use => members.Contains(use.Next));

    private void Read(IReadOnlyList<SourceToken> tokens)
    {
        int depth = 0;
        int parentheses = 0;
        bool isDeclared = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            string text = tokens[i].Text;
            if (tokens[i].Kind == SourceTokenKind.Mark)
            {
                depth += text == "{" ? 1 : text == "}" ? -1 : 0;
                parentheses += text == "(" ? 1 : text == ")" ? -1 : 0;

                // A member ends with its body, or with a semicolon.
                isDeclared &= depth > ClassDepth || text is not (";" or "}");
                continue;
            }

            if (tokens[i].Kind != SourceTokenKind.Word || depth < ClassDepth)
            {
                continue;
            }

            if (depth == ClassDepth && parentheses == 0 && !isDeclared && i + 1 < tokens.Count && tokens[i + 1].Text is "(" or "=" or ";" or "{")
            {
                isDeclared = true;
                members.Add(text);
                if (tokens[i - 1].Text == "enum")
                {
                    // Values of an enumeration are named behind a dot only.
                    i = End(tokens, i);
                    isDeclared = false;
                }
            }
            else if (tokens[i - 1].Text != ".")
            {
                used.Add(text);
                uses.Add((text, i + 2 < tokens.Count && tokens[i + 1].Text == "." ? tokens[i + 2].Text : ""));
            }
        }
    }

    private static int End(IReadOnlyList<SourceToken> tokens, int start)
    {
        int i = start;
        while (tokens[i].Text != "}")
        {
            i++;
        }

        return i;
    }
}
