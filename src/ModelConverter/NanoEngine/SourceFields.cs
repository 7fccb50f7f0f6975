namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Writes automatic properties as fields. A property takes a nanoFramework assembly some 95 bytes: two methods, a field and three names
/// where a field has one.
/// </summary>
internal static class SourceFields
{
    /// <summary>The member, as a field where it is an automatic property.</summary>
    public static string Of(SourceMember member)
    {
        IReadOnlyList<SourceToken> tokens = member.Tokens;
        int open = tokens.TakeWhile(token => token.Text is not ("{" or "(" or "=")).Count();
        bool isAutomatic = open + 1 < tokens.Count && tokens[open].Text == "{" && tokens[open + 1].Text == "get" && tokens[open + 2].Text == ";";
        if (!isAutomatic)
        {
            return member.Text;
        }

        string text = member.Text;
        return text[..text.LastIndexOf('{')].TrimEnd() + ";";
    }
}
