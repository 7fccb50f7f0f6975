using System.Text;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Gives types and members that no program names short names: an assembly on a device holds the name of each. All tokens of a name are
/// renamed together, so that a name which means something else too stays right; names of nanoFramework's own members are left.
/// </summary>
internal static class SourceNames
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    // Members of mscorlib that the engine calls or replaces.
    private static readonly HashSet<string> foreign = ["Array", "Clear", "Copy", "Length", "Message", "MaxValue", "MinValue", "PositiveInfinity", "NaN", "ToString", "ToUInt16", "ToInt32", "ToInt64", "ToSingle"];

    /// <summary>The names of members that can be short: those of types that no program names, and what is not public of the others.</summary>
    /// <param name="members">Types with their members.</param>
    /// <param name="isPublic">Whether programs name a type.</param>
    public static IReadOnlySet<string> Internal(IReadOnlyCollection<(SourceType Type, SourceMember Member)> members, Func<string, bool> isPublic)
    {
        List<(SourceType Type, SourceMember Member)> all = [.. members.Where(item => item.Member.Name.Length > 0)];
        HashSet<string> kept = Kept(members, isPublic);
        IEnumerable<string> types = all.Select(item => item.Type.Name);
        return all.Where(item => !item.Member.IsConstant).Select(item => item.Member.Name).Except(kept).Except(types).Except(foreign).ToHashSet();
    }

    /// <summary>The names of types that can be short.</summary>
    /// <param name="members">Types with their members.</param>
    /// <param name="isPublic">Whether programs name a type.</param>
    public static IReadOnlySet<string> InternalTypes(IReadOnlyCollection<(SourceType Type, SourceMember Member)> members, Func<string, bool> isPublic) =>
        members.Select(item => item.Type.Name).Where(name => !isPublic(name)).Except(Kept(members, isPublic)).Except(foreign).ToHashSet();

    /// <summary>The source with short names for some members, and, in capitals, for some types.</summary>
    public static string Shorten(string source, IReadOnlySet<string> members, IReadOnlySet<string> types)
    {
        IReadOnlyList<SourceToken> tokens = SourceLexer.Tokens(source);
        HashSet<string> taken = [.. tokens.Select(token => token.Text)];
        var shortened = new Dictionary<string, string>();
        Shorten(types, NamesOf(Letters.ToUpperInvariant()));
        Shorten(members.Except(types), NamesOf(Letters));

        void Shorten(IEnumerable<string> names, IEnumerable<string> shortNames)
        {
            using IEnumerator<string> free = shortNames.Where(name => !taken.Contains(name) && name is not ("as" or "do" or "if" or "in" or "is")).GetEnumerator();
            HashSet<string> wanted = [.. names];
            foreach (string name in tokens.Select(token => token.Text).Where(wanted.Contains).GroupBy(name => name).OrderByDescending(group => group.Count()).Select(group => group.Key))
            {
                if (name.Length > 2 && free.MoveNext())
                {
                    shortened.Add(name, free.Current);
                    taken.Add(free.Current);
                }
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

    // What is public of the types that programs name.
    private static HashSet<string> Kept(IEnumerable<(SourceType Type, SourceMember Member)> members, Func<string, bool> isPublic) =>
        members.Where(item => isPublic(item.Type.Name) && item.Member.Tokens.Any(token => token.Text == "public")).Select(item => item.Member.Name).ToHashSet();

    private static IEnumerable<string> NamesOf(string firstLetters) =>
        firstLetters.Select(letter => $"{letter}").Concat(firstLetters.SelectMany(first => Letters.Concat(Letters.ToUpperInvariant()).Select(second => $"{first}{second}")));
}
