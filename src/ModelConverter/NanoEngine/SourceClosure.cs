namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// The types and members that some members reach, by the names in their code. A name may reach more than the compiler would; it never
/// reaches less, and what were missing would not compile.
/// </summary>
internal sealed class SourceClosure
{
    private readonly Dictionary<string, List<SourceType>> types = [];
    private readonly HashSet<string> namespaces = [];
    private readonly HashSet<string> reachedTypes = [];
    private readonly HashSet<SourceMember> reached = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(string Name, int Arguments)> anywhere = [];
    private readonly Queue<(string Type, SourceMember Member)> pending = new();

    private readonly Func<string, SourceMember, bool> isLeftOut;

    /// <param name="files">All files.</param>
    /// <param name="isLeftOut">Members that are not there, whoever names them.</param>
    internal SourceClosure(IReadOnlyList<SourceFile> files, Func<string, SourceMember, bool> isLeftOut)
    {
        this.isLeftOut = isLeftOut;
        foreach (SourceFile file in files)
        {
            namespaces.Add(file.Namespace.Split('.')[^1]);
            foreach (SourceType type in file.Types)
            {
                if (!types.TryGetValue(type.Name, out List<SourceType>? parts))
                {
                    types.Add(type.Name, parts = []);
                }

                parts.Add(type);
            }
        }
    }

    /// <summary>Whether the type is reached.</summary>
    public bool Has(SourceType type) => reachedTypes.Contains(type.Name);

    /// <summary>Whether the member is reached.</summary>
    public bool Has(SourceMember member) => reached.Contains(member);

    /// <summary>Reaches the members of a type that have the name and take so many arguments; −1 for all of the name.</summary>
    public void Reach(string type, string member, int arguments)
    {
        ReachType(type);
        ReachMember(type, member, arguments);
        Follow();
    }

    private void Follow()
    {
        while (pending.TryDequeue(out (string Type, SourceMember Member) item))
        {
            References(item.Type, item.Member.Tokens, item.Member);
        }
    }

    private void ReachType(string name)
    {
        if (!reachedTypes.Add(name))
        {
            return;
        }

        foreach (SourceType part in types[name])
        {
            References(name, part.HeaderTokens, null);
            foreach (SourceMember member in part.Members)
            {
                bool isKept = member.Name.Length == 0 || anywhere.Any(reference => reference.Name == member.Name && member.Takes(reference.Arguments));
                if (isKept || (member.IsOverride && (!part.Bases.Any(types.ContainsKey) || IsReachedByBase(name, member))))
                {
                    Keep(name, member);
                }
            }
        }
    }

    private bool IsReachedByBase(string type, SourceMember member) =>
        Chain(type).Skip(1).Any(name => types[name].SelectMany(part => part.Members).Any(other => other.Name == member.Name && reached.Contains(other)));

    private void Keep(string type, SourceMember member)
    {
        if (!isLeftOut(type, member) && reached.Add(member))
        {
            pending.Enqueue((type, member));
        }
    }

    private void ReachMember(string type, string name, int arguments)
    {
        foreach (string owner in Chain(type))
        {
            foreach (SourceMember member in Named(owner, name).Where(member => member.Takes(arguments)))
            {
                Keep(owner, member);
                foreach (string derived in reachedTypes.Where(other => other != owner && Chain(other).Contains(owner)).ToList())
                {
                    foreach (SourceMember over in Named(derived, name).Where(item => item.IsOverride))
                    {
                        Keep(derived, over);
                    }
                }
            }
        }
    }

    private void ReachAnywhere(string name, int arguments)
    {
        if (anywhere.Add((name, arguments)))
        {
            foreach (string type in reachedTypes.ToList())
            {
                ReachMember(type, name, arguments);
            }
        }
    }

    private IEnumerable<SourceMember> Named(string type, string name) =>
        types[type].SelectMany(part => part.Members).Where(member => member.Name == name);

    // The type and its bases.
    private IEnumerable<string> Chain(string type)
    {
        for (string? name = type; name is not null; name = types[name].SelectMany(part => part.Bases).FirstOrDefault(types.ContainsKey))
        {
            yield return name;
        }
    }

    private void References(string enclosing, IReadOnlyList<SourceToken> tokens, SourceMember? member)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != SourceTokenKind.Word)
            {
                continue;
            }

            string word = tokens[i].Text;
            int arguments = i + 1 < tokens.Count && tokens[i + 1].Text == "(" ? SourceBraces.Parts(tokens, i + 1) : -1;
            string before = i == 0 ? "" : tokens[i - 1].Text;
            if (before == ".")
            {
                AfterDot(enclosing, i < 2 ? "" : tokens[i - 2].Text, i >= 3 && tokens[i - 3].Text == ".", word, arguments);
            }
            else if (before == "new")
            {
                ReachConstructor(word, arguments);
            }
            else if (word is "base" or "this" && before == ":")
            {
                ReachConstructor(Chain(enclosing).ElementAtOrDefault(word == "base" ? 1 : 0) ?? "", arguments);
            }
            else
            {
                Simple(enclosing, word, arguments, member);
            }
        }
    }

    private void AfterDot(string enclosing, string left, bool isPath, string word, int arguments)
    {
        if (namespaces.Contains(left) && types.ContainsKey(word))
        {
            ReachType(word);
        }
        else if (types.ContainsKey(left) && (isPath || !IsOwn(enclosing, left)))
        {
            ReachMember(left, word, arguments);
        }
        else
        {
            ReachAnywhere(word, arguments);
        }
    }

    // C# looks for a member of the enclosing type before it looks for a type.
    private void Simple(string enclosing, string word, int arguments, SourceMember? member)
    {
        bool isOwn = IsOwn(enclosing, word);
        if (isOwn)
        {
            ReachMember(enclosing, word, arguments);
        }
        else if (!types.ContainsKey(word) && char.IsUpper(word[0]))
        {
            // A member of an object that is being made. Words in lower case are the language's, or locals.
            ReachAnywhere(word, arguments);
        }

        bool isDeclaredSo = member is not null && Chain(enclosing).SelectMany(name => Named(name, word)).Any(own => IsOfOwnName(own));
        if (types.TryGetValue(word, out List<SourceType>? parts) && (!isOwn || isDeclaredSo || parts[0].IsEnum))
        {
            ReachType(word);
        }
    }

    private bool IsOwn(string enclosing, string word) => Chain(enclosing).Any(name => Named(name, word).Any(member => member.Name != name));

    // A member whose type has its name: both are meant.
    private static bool IsOfOwnName(SourceMember member) =>
        member.Tokens.Zip(member.Tokens.Skip(1)).Any(pair => pair.First.Text == member.Name && pair.Second.Text == member.Name);

    private void ReachConstructor(string type, int arguments)
    {
        if (types.ContainsKey(type))
        {
            ReachType(type);
            foreach (SourceMember member in Named(type, type).Where(member => member.Takes(arguments)))
            {
                Keep(type, member);
            }
        }
    }
}
