using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeInference.Mutation;

/// <summary>Where a switch may stand.</summary>
internal static class Positions
{
    /// <summary>Whether <c>(on ? other : node)</c> may take the node's place.</summary>
    internal static bool TakesExpression(SyntaxNode node) => node is ExpressionSyntax expression
        && !InConstant(node)
        && expression is not (ThrowExpressionSyntax or DeclarationExpressionSyntax or RefExpressionSyntax or InitializerExpressionSyntax
            or BaseExpressionSyntax or MemberBindingExpressionSyntax or ElementBindingExpressionSyntax or PredefinedTypeSyntax
            or ArrayTypeSyntax or NullableTypeSyntax or PointerTypeSyntax or RefTypeSyntax or GenericNameSyntax or OmittedTypeArgumentSyntax)
        && !IsPart(expression);

    /// <summary>Whether <c>{ if (on) { other } else { statement } }</c> may take the statement's place.</summary>
    internal static bool TakesStatement(SyntaxNode node) =>
        node is StatementSyntax and not (LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax or LabeledStatementSyntax)
        && !(node is BlockSyntax && node.Parent is not StatementSyntax);

    /// <summary>Whether the compiler needs the value: attributes, constants, defaults, labels and patterns.</summary>
    internal static bool InConstant(SyntaxNode node)
    {
        foreach (SyntaxNode ancestor in node.AncestorsAndSelf())
        {
            switch (ancestor)
            {
                case AttributeSyntax or EnumMemberDeclarationSyntax or CaseSwitchLabelSyntax or PatternSyntax or TypeParameterConstraintClauseSyntax:
                case EqualsValueClauseSyntax { Parent: ParameterSyntax }:
                case FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.FixedKeyword):
                case LocalDeclarationStatementSyntax { IsConst: true }:
                case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } }:
                    return true;
                case MemberDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    private static bool IsPart(ExpressionSyntax node) => node.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == node,
        MemberAccessExpressionSyntax access => access.Name == node || access.Expression == node && node is TypeSyntax,
        InvocationExpressionSyntax invocation => invocation.Expression == node,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.PreIncrementExpression) || prefix.IsKind(SyntaxKind.PreDecrementExpression)
            || prefix.IsKind(SyntaxKind.AddressOfExpression),
        PostfixUnaryExpressionSyntax => true,
        ExpressionStatementSyntax => true,
        ConditionalAccessExpressionSyntax conditional => conditional.WhenNotNull == node,
        ForStatementSyntax loop => loop.Condition != node,
        NameColonSyntax or NameEqualsSyntax or QualifiedNameSyntax or AliasQualifiedNameSyntax or RefExpressionSyntax or UsingDirectiveSyntax
            or BaseTypeSyntax or TypeArgumentListSyntax or ExplicitInterfaceSpecifierSyntax or ParameterSyntax or TypeConstraintSyntax => true,
        VariableDeclarationSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax or LocalFunctionStatementSyntax or DeclarationExpressionSyntax => true,
        CastExpressionSyntax cast => cast.Type == node,
        BinaryExpressionSyntax binary => binary.Right == node && (binary.IsKind(SyntaxKind.AsExpression) || binary.IsKind(SyntaxKind.IsExpression)),
        BaseObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax or StackAllocArrayCreationExpressionSyntax or ArrayTypeSyntax
            or TypeOfExpressionSyntax or SizeOfExpressionSyntax or DefaultExpressionSyntax or NullableTypeSyntax or PointerTypeSyntax or RefTypeSyntax => true,
        ForEachStatementSyntax each => each.Type == node,
        ConditionalExpressionSyntax or null => false,
        _ => false,
    };
}
