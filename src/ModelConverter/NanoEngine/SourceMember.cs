namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>One member of a type, or an enumeration's whole list.</summary>
/// <param name="Name">Its name; the type's for a constructor, empty for what is always kept.</param>
/// <param name="Text">Its text with the comments before it.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="MinArguments">Fewest arguments of a call; −1 for what is not called.</param>
/// <param name="MaxArguments">Most arguments of a call.</param>
internal sealed record SourceMember(string Name, string Text, IReadOnlyList<SourceToken> Tokens, int MinArguments, int MaxArguments)
{
    /// <summary>Whether it replaces a member of the base type, so that it is called without its type being named.</summary>
    public bool IsOverride => Declares("override");

    /// <summary>Whether it is a constant.</summary>
    public bool IsConstant => Declares("const");

    /// <summary>Whether a reference with so many arguments, −1 for one without a call, may mean it.</summary>
    public bool Takes(int arguments) => arguments < 0 || MinArguments < 0 || (arguments >= MinArguments && arguments <= MaxArguments);

    private bool Declares(string word) => Tokens.TakeWhile(token => token.Text is not ("(" or "{" or "=")).Any(token => token.Text == word);
}

/// <summary>One declaration of a type in one file; a partial type has several.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Header">Its text from the comments before it to the opening brace, or the whole of a delegate.</param>
/// <param name="HeaderTokens">The tokens of the header.</param>
/// <param name="Members">Its members, none of a delegate.</param>
/// <param name="Bases">The words after the colon.</param>
internal sealed record SourceType(string Name, string Header, IReadOnlyList<SourceToken> HeaderTokens, IReadOnlyList<SourceMember> Members, IReadOnlyList<string> Bases)
{
    /// <summary>Whether it is an enumeration, which is kept as a whole.</summary>
    public bool IsEnum => HeaderTokens.Any(token => token.Text == "enum");

    /// <summary>Whether it is a delegate, which has no body.</summary>
    public bool IsDelegate => HeaderTokens.Any(token => token.Text == "delegate");
}

/// <summary>One source file.</summary>
/// <param name="Path">Its path within the engine.</param>
/// <param name="Usings">The namespaces that it uses.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Types">Its types.</param>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Usings, string Namespace, IReadOnlyList<SourceType> Types);
