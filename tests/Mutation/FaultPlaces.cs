using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace EdgeInference.Mutation;

/// <summary>Finds where a listed fault goes.</summary>
internal static class FaultPlaces
{
    /// <summary>Each costs a build where it does not compile.</summary>
    private const int MostForms = 4;

    internal static Mutant Find(Fault fault, string text)
    {
        SyntaxNode root = SourceText.Parse(text);
        List<SyntaxNode> members = fault.Member is null ? [root] : [.. root.DescendantNodes().Where(node => IsMember(node, fault.Member))];
        if (members.Any(member => member is not BaseTypeDeclarationSyntax))
        {
            // A constructor has the name of its type.
            members.RemoveAll(member => member is BaseTypeDeclarationSyntax);
        }

        if (members.Count == 0)
        {
            throw new MutationException($"{fault.Where}: {fault.Name}: {fault.File} has no member '{fault.Member}'.");
        }

        string[] wanted = SourceText.Tokens(fault.Original);
        List<TextSpan> spans = [.. members.SelectMany(member => Nodes(member, wanted)).Distinct()];
        if (spans.Count == 0)
        {
            spans = [.. members.SelectMany(member => Runs(member, wanted)).Distinct()];
        }

        string within = fault.File + (fault.Member is null ? "" : $", {fault.Member}");
        TextSpan span = spans.Count switch
        {
            0 => throw new MutationException($"{fault.Where}: {fault.Name}: '{fault.Original}' no longer stands in {within}."),
            1 => spans[0],
            int count => throw new MutationException($"{fault.Where}: {fault.Name}: '{fault.Original}' stands {count} times in {within}."),
        };

        bool removes = fault.Replacement.Length == 0 && root.FindNode(span) is StatementSyntax;
        var plain = new Edit(span, removes ? ";" : fault.Replacement, Shape.Choice);
        SyntaxNode changed = SourceText.Parse(string.Concat(text.AsSpan(0, span.Start), plain.NewText, text.AsSpan(span.End)));
        return new Mutant
        {
            Area = fault.Area,
            Name = fault.Name,
            File = fault.File,
            Line = root.SyntaxTree.GetLineSpan(span).StartLinePosition.Line + 1,
            Original = fault.Original,
            Replacement = fault.Replacement,
            Forms = fault.Rebuild ? [] : [.. Forms(root, changed).Take(MostForms)],
            Plain = plain,
            Fault = fault,
        };
    }

    private static bool IsMember(SyntaxNode node, string name) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text == name,
        LocalFunctionStatementSyntax function => function.Identifier.Text == name,
        PropertyDeclarationSyntax property => property.Identifier.Text == name,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text == name || name is ".ctor" or "constructor",
        DestructorDeclarationSyntax destructor => "~" + destructor.Identifier.Text == name,
        VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => field.Identifier.Text == name,
        EventDeclarationSyntax declared => declared.Identifier.Text == name,
        IndexerDeclarationSyntax => name is "this" or "this[]" or "Item",
        OperatorDeclarationSyntax declared => name == declared.OperatorToken.Text || name == "operator " + declared.OperatorToken.Text || name == "operator" + declared.OperatorToken.Text,
        ConversionOperatorDeclarationSyntax declared => name == declared.Type.ToString(),
        BaseTypeDeclarationSyntax type => type.Identifier.Text == name,
        EnumMemberDeclarationSyntax value => value.Identifier.Text == name,
        _ => false,
    };

    private static IEnumerable<TextSpan> Nodes(SyntaxNode member, string[] wanted) =>
        from node in member.DescendantNodesAndSelf()
        where node is ExpressionSyntax or StatementSyntax && SourceText.Tokens(node).AsSpan().SequenceEqual(wanted)
        select node.Span;

    /// <summary>Tokens one after the other, whatever they are part of: a row of a table, a declaration.</summary>
    private static IEnumerable<TextSpan> Runs(SyntaxNode member, string[] wanted)
    {
        (string Text, TextSpan Span)[] tokens = [.. member.DescendantTokens().SelectMany(token => SourceText.Split(token.Text).Select(text => (text, token.Span)))];
        for (int i = 0; i + wanted.Length <= tokens.Length; i++)
        {
            if (wanted.Index().All(token => tokens[i + token.Index].Text == token.Item))
            {
                yield return TextSpan.FromBounds(tokens[i].Span.Start, tokens[i + wanted.Length - 1].Span.End);
            }
        }
    }

    // A choice of 2 or 2.0 is a double either way, and what is divided by it no longer an integer.
    private static bool ChangesType(SyntaxNode before, SyntaxNode after) =>
        before is LiteralExpressionSyntax was && after is LiteralExpressionSyntax now && was.Token.Value?.GetType() != now.Token.Value?.GetType();

    /// <summary>The smallest expression or statement that differs, then those around it.</summary>
    private static List<Edit> Forms(SyntaxNode before, SyntaxNode after)
    {
        var path = new Stack<(SyntaxNode Before, SyntaxNode After)>();
        while (path.Count == 0 || !ChangesType(before, after))
        {
            path.Push((before, after));
            ChildSyntaxList left = before.ChildNodesAndTokens(), right = after.ChildNodesAndTokens();
            if (before.RawKind != after.RawKind || left.Count != right.Count)
            {
                break;
            }

            int[] different = [.. Enumerable.Range(0, left.Count).Where(i => !SourceText.Same(left[i], right[i]))];
            if (different.Length != 1 || left[different[0]].AsNode() is not SyntaxNode inner || right[different[0]].AsNode() is not SyntaxNode other)
            {
                break;
            }

            (before, after) = (inner, other);
        }

        var forms = new List<Edit>();
        foreach ((SyntaxNode node, SyntaxNode other) in path)
        {
            if (node is MemberDeclarationSyntax && node is not GlobalStatementSyntax)
            {
                break;
            }

            if (other is ExpressionSyntax and not ThrowExpressionSyntax && Positions.TakesExpression(node))
            {
                forms.Add(new Edit(node.Span, SourceText.OneLine(other), Shape.Choice));
            }
            else if (other is StatementSyntax && Positions.TakesStatement(node))
            {
                forms.Add(new Edit(node.Span, SourceText.OneLine(other), Shape.Statement));
            }
        }

        return forms;
    }
}
