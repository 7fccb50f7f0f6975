using System.Text;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Gives members that no program names short names: an assembly on a device holds the name of each. All tokens of a name are renamed
/// together, so that a name which means something else too stays right; names of nanoFramework's own members are left.
/// </summary>
internal static class SourceNames
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    // Members of mscorlib that the engine calls or replaces.
    private static readonly HashSet<string> foreign = ["Array", "Clear", "Copy", "Length", "Message", "MaxValue", "MinValue", "PositiveInfinity", "NaN", "ToString", "ToUInt16", "ToInt32", "ToInt64", "ToSingle"];

    /// <summary>The names of members that can be short: those of types that no program names, and what is not public of the others.</summary>
    /// <param name="members">Types with their members.</param>
    /// <param name="isPublic">Whether programs name a type.</param>
    public static IReadOnlySet<string> Internal(IEnumerable<(SourceType Type, SourceMember Member)> members, Func<string, bool> isPublic)
    {
        List<(SourceType Type, SourceMember Member)> all = [.. members.Where(item => item.Member.Name.Length > 0)];
        IEnumerable<string> kept = all.Where(item => isPublic(item.Type.Name) && item.Member.Tokens.Any(token => token.Text == "public")).Select(item => item.Member.Name);
        IEnumerable<string> types = all.Select(item => item.Type.Name);
        return all.Where(item => !item.Member.Tokens.Any(token => token.Text == "const")).Select(item => item.Member.Name).Except(kept).Except(types).Except(foreign).ToHashSet();
    }

    /// <summary>The source with short names for some.</summary>
    public static string Shorten(string source, IReadOnlySet<string> names)
    {
        IReadOnlyList<SourceToken> tokens = SourceLexer.Tokens(source);
        HashSet<string> taken = [.. tokens.Select(token => token.Text)];
        var shortened = new Dictionary<string, string>();
        using IEnumerator<string> free = Names().Where(name => !taken.Contains(name) && name is not ("as" or "do" or "if" or "in" or "is")).GetEnumerator();
        foreach (string name in tokens.Select(token => token.Text).Where(names.Contains).GroupBy(name => name).OrderByDescending(group => group.Count()).Select(group => group.Key))
        {
            if (name.Length > 2 && free.MoveNext())
            {
                shortened.Add(name, free.Current);
            }
        }

        var text = new StringBuilder();
        int position = 0;
        foreach (SourceToken token in tokens.Where(token => token.Kind == SourceTokenKind.Word))
        {
            if (shortened.TryGetValue(token.Text, out string? name))
            {
                text.Append(source, position, token.Start - position).Append(name);
                position = token.End;
            }
        }

        return text.Append(source, position, source.Length - position).ToString();
    }

    private static IEnumerable<string> Names() =>
        Letters.Select(letter => $"{letter}").Concat(Letters.SelectMany(first => Letters.Concat(Letters.ToUpperInvariant()).Select(second => $"{first}{second}")));
}
