using System.Text;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Writes the values of enumerations, and the constants of types that have nothing else, in place of their names: a type takes a
/// nanoFramework assembly 24 bytes and its name, an enumeration a field too. An enumeration becomes an int.
/// </summary>
internal sealed class SourceValues
{
    private readonly HashSet<string> enumerations = [];
    private readonly HashSet<string> holders = [];
    private readonly Dictionary<(string Type, string Member), string> values = [];

    /// <param name="types">Types that are written, each with the members that are.</param>
    /// <param name="isNamed">Whether programs name a type, which stays.</param>
    internal SourceValues(IEnumerable<(SourceType Type, IReadOnlyList<SourceMember> Members)> types, Func<string, bool> isNamed)
    {
        foreach (IGrouping<string, (SourceType Type, IReadOnlyList<SourceMember> Members)> parts in types.Where(part => !isNamed(part.Type.Name)).GroupBy(part => part.Type.Name))
        {
            List<SourceMember> members = [.. parts.SelectMany(part => part.Members)];
            if (parts.First().Type.IsEnum)
            {
                enumerations.Add(parts.Key);
                AddEnumeration(parts.Key, SourceLexer.Tokens(members[0].Text));
            }
            else if (!parts.First().Type.IsDelegate && members.All(member => member.IsConstant))
            {
                holders.Add(parts.Key);
                AddConstants(parts.Key, members);
            }
        }
    }

    /// <summary>Whether nothing of the type is left to write.</summary>
    internal bool Replaces(SourceType type) => enumerations.Contains(type.Name) || holders.Contains(type.Name);

    /// <summary>A source with values.</summary>
    internal string Write(string source)
    {
        IReadOnlyList<SourceToken> tokens = SourceLexer.Tokens(source);
        var written = new StringBuilder();
        int position = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i - 1].Text == ".")
            {
                continue;
            }

            string? value = null;
            int last = i;
            if (i + 2 < tokens.Count && tokens[i + 1].Text == "." && values.TryGetValue((tokens[i].Text, tokens[i + 2].Text), out value))
            {
                last = i + 2;
            }
            else if (enumerations.Contains(tokens[i].Text) && IsType(tokens, i))
            {
                value = "int";
            }

            if (value is not null)
            {
                written.Append(source, position, tokens[i].Start - position).Append(value);
                position = tokens[last].End;
                i = last;
            }
        }

        return written.Append(source, position, source.Length - position).ToString();
    }

    // A member can have the name of its type: then only a declaration, an array or a cast means the type.
    private static bool IsType(IReadOnlyList<SourceToken> tokens, int i) =>
        tokens[i + 1].Kind == SourceTokenKind.Word
        || tokens[i + 1].Text == "["
        || (i > 0 && tokens[i - 1].Text == "(" && tokens[i + 1].Text == ")" && (tokens[i + 2].Kind != SourceTokenKind.Mark || tokens[i + 2].Text == "("));

    // NAME = VALUE, ...
    private void AddEnumeration(string type, IReadOnlyList<SourceToken> tokens)
    {
        for (int i = 0; i + 2 < tokens.Count; i += tokens.Count > i + 3 && tokens[i + 3].Text == "," ? 4 : 3)
        {
            if (tokens[i].Kind != SourceTokenKind.Word || tokens[i + 1].Text != "=" || tokens[i + 2].Kind != SourceTokenKind.Literal)
            {
                throw new InvalidOperationException($"{type} has a member without a number.");
            }

            Add(type, tokens[i].Text, "int", tokens[i + 2].Text);
        }
    }

    // const TYPE NAME = VALUE; those before it can stand in the value.
    private void AddConstants(string type, List<SourceMember> members)
    {
        foreach (SourceMember member in members)
        {
            IReadOnlyList<SourceToken> tokens = member.Tokens;
            int equals = tokens.TakeWhile(token => token.Text != "=").Count();
            string value = string.Join(' ', tokens.Skip(equals + 1).Take(tokens.Count - equals - 2).Select(token => values.GetValueOrDefault((type, token.Text), token.Text)));
            Add(type, member.Name, tokens[equals - 2].Text, value);
        }
    }

    // The name stays for who reads the source.
    private void Add(string type, string name, string of, string value) =>
        values.Add((type, name), $"/*{type}.{name}*/" + (of == "int" && value.All(char.IsAsciiDigit) ? value : $"(({of})({value}))"));
}
