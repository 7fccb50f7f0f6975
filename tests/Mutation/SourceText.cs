using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Mutation;

/// <summary>Text of syntax as tokens: what is compared, and what is written on one line so that line numbers stay.</summary>
internal static class SourceText
{
    internal static readonly CSharpParseOptions Language = new(LanguageVersion.Preview, DocumentationMode.None);

    internal static SyntaxNode Parse(string text) => CSharpSyntaxTree.ParseText(text, Language).GetRoot();

    internal static string[] Tokens(SyntaxNode node) => [.. node.DescendantTokens().SelectMany(token => Split(token.Text))];

    internal static string[] Tokens(string text)
    {
        // Where it is whole, as the parser sees it: the lexer alone takes an interpolated string for one token.
        SyntaxNode? whole = new SyntaxNode[] { SyntaxFactory.ParseExpression(text, options: Language), SyntaxFactory.ParseStatement(text, options: Language) }
            .FirstOrDefault(node => !node.ContainsDiagnostics);
        return whole is not null
            ? Tokens(whole)
            : [.. SyntaxFactory.ParseTokens(text, options: Language).Where(token => !token.IsKind(SyntaxKind.EndOfFileToken)).SelectMany(token => Split(token.Text))];
    }

    internal static bool Same(SyntaxNodeOrToken left, SyntaxNodeOrToken right) =>
        left.RawKind == right.RawKind && left.AsNode() is SyntaxNode a && right.AsNode() is SyntaxNode b
            ? SyntaxFactory.AreEquivalent(a, b)
            : left.IsToken && right.IsToken && left.AsToken().Text == right.AsToken().Text;

    internal static string OneLine(SyntaxNode node)
    {
        var text = new StringBuilder();
        foreach (SyntaxToken token in node.DescendantTokens())
        {
            if (text.Length > 0 && token.SpanStart > token.GetPreviousToken().Span.End)
            {
                text.Append(' ');
            }

            text.Append(token.Text);
        }

        return text.ToString();
    }

    // The lexer leaves it to the parser whether two of these are one operator.
    internal static IEnumerable<string> Split(string token) => token switch
    {
        ".." => [".", "."],
        ">>" or ">>>" or ">>=" or ">>>=" => token.TrimEnd('=').Select((_, i) => i == token.TrimEnd('=').Length - 1 && token[^1] == '=' ? ">=" : ">"),
        _ => [token],
    };
}
