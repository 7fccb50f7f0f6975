namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Writes automatic properties as fields. A property takes a nanoFramework assembly some 95 bytes: two methods, a field and three names
/// where a field has one.
/// </summary>
internal static class SourceFields
{
    /// <summary>The member, as a field where it is an automatic property.</summary>
    /// <param name="member">The member.</param>
    /// <param name="isNamed">Whether programs see it: then what only a constructor sets becomes a field that only it can set, and others stay.</param>
    public static string Of(SourceMember member, bool isNamed)
    {
        IReadOnlyList<SourceToken> tokens = member.Tokens;
        int open = tokens.TakeWhile(token => token.Text is not ("{" or "(" or "=")).Count();
        bool isAutomatic = open + 1 < tokens.Count && tokens[open].Text == "{" && tokens[open + 1].Text == "get" && tokens[open + 2].Text == ";";
        if (!isAutomatic || (isNamed && tokens[open + 3].Text != "}"))
        {
            return member.Text;
        }

        int start = tokens[0].End - (tokens[^1].End - member.Text.Length);
        string text = isNamed ? member.Text.Insert(start, " readonly") : member.Text;
        return text[..text.LastIndexOf('{')].TrimEnd() + ";";
    }
}
