using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeInference.Mutation;

/// <summary>Code that only builds a text for a reader: a fault there is no fault of the computation.</summary>
internal static class Silence
{
    private static readonly string[] Members = ["ToString", "GetHashCode", "Describe", "Message", "Usage", "Dispose"];

    private static readonly string[] Calls = ["Throw", "Fail", "Refuse", "Refusal", "Error", "Warn", "Note", "Message", "Describe", "Write", "WriteLine", "MarkupLine", "Markup", "Assert"];

    internal static bool Covers(SyntaxNode node)
    {
        foreach (SyntaxNode ancestor in node.AncestorsAndSelf())
        {
            switch (ancestor)
            {
                case InterpolatedStringExpressionSyntax or ThrowExpressionSyntax or ThrowStatementSyntax or AttributeSyntax:
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AddExpression) && JoinsText(binary):
                case MethodDeclarationSyntax method when Members.Any(name => method.Identifier.Text.Contains(name, StringComparison.Ordinal)):
                case InvocationExpressionSyntax call when ancestor != node && Calls.Any(name => Name(call).StartsWith(name, StringComparison.Ordinal)):
                case BaseObjectCreationExpressionSyntax made when made is ObjectCreationExpressionSyntax { Type: var type } && type.ToString().EndsWith("Exception", StringComparison.Ordinal):
                case ArgumentSyntax argument when argument.Expression is LiteralExpressionSyntax text && text.IsKind(SyntaxKind.StringLiteralExpression):
                    return true;
            }
        }

        return false;
    }

    internal static string Name(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => "",
    };

    private static bool JoinsText(BinaryExpressionSyntax sum) =>
        IsText(sum.Left) || IsText(sum.Right) || sum.Left is BinaryExpressionSyntax left && left.IsKind(SyntaxKind.AddExpression) && JoinsText(left);

    private static bool IsText(ExpressionSyntax node) =>
        node is InterpolatedStringExpressionSyntax || node.IsKind(SyntaxKind.StringLiteralExpression) || node.IsKind(SyntaxKind.CharacterLiteralExpression);
}
