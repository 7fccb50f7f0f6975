using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>A change to one condition, bound or call of the reader.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Line">Its line, from 1 on.</param>
/// <param name="Before">What stands there.</param>
/// <param name="After">What stands there in the mutant.</param>
internal sealed record ReaderMutant(string File, int Line, string Before, string After)
{
    public override string ToString() => $"{File}: {Before} -> {After} (line {Line})";
}

/// <summary>
/// The sources of the reader and its rules, compiled once with all mutants behind one number, so that a test can ask of each
/// whether any row notices it. A check that is new has mutants at once, and they live until it has rows.
/// </summary>
internal sealed class ReaderMutants
{
    private const string Switch = """
        namespace EdgeInference.ModelFormat
        {
            public static class Mutant
            {
                public static int On = -1;
                public static bool[] Seen = new bool[COUNT];
                public static bool Is(int id) { Seen[id] = true; return On == id; }
                public static object[] Read(byte[] file)
                {
                    try { ModelFile.Read(new ModelBytes(file)); return null; }
                    catch (ModelFormatException e) { return new object[] { e.Section, e.Offset, e.Message }; }
                    catch (System.Exception e) { return new object[] { "", 0, e.GetType().Name }; }
                }
            }
        }
        """;

    // What is asked of a file after it was read; other tests hold it.
    private static readonly HashSet<string> NotReading = ["Crc32Table.cs", "DecisionRule.cs", "DecisionRule.Calibration.cs", "InPlaceRule.cs", "ModelFile.cs", "OperatorSteps.cs", "OperatorTable.cs"];

    private readonly Func<byte[], object[]?> read;
    private readonly System.Reflection.FieldInfo on;

    internal ReaderMutants()
    {
        string sources = Path.Combine(Folder(), "..", "..", "..", "src", "ModelFormat");
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        SyntaxTree[] trees =
        [
            .. Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories)
                .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}Writing{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path)),
        ];
        MetadataReference[] references =
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "System.Memory.dll" or "System.Collections.dll" or "System.Linq.dll" or "System.Runtime.InteropServices.dll" or "System.Text.Encoding.Extensions.dll")
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
        var compilation = CSharpCompilation.Create("Mutants", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        foreach (SyntaxTree tree in trees.Where(tree => (tree.FilePath.Contains($"{Path.DirectorySeparatorChar}Reading{Path.DirectorySeparatorChar}", StringComparison.Ordinal) || Path.GetFileName(tree.FilePath) is "SignalsRecord.cs" or "SignalPlan.cs") && !NotReading.Contains(Path.GetFileName(tree.FilePath))))
        {
            var writer = new MutantWriter(compilation.GetSemanticModel(tree), Path.GetFileName(tree.FilePath), All);
            SyntaxNode root = writer.Visit(tree.GetRoot());
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(root.ToFullString(), options, tree.FilePath));
        }

        // The compiler's own usings of the project.
        compilation = compilation.AddSyntaxTrees(
            CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;", options),
            CSharpSyntaxTree.ParseText(Switch.Replace("COUNT", $"{All.Count}", StringComparison.Ordinal), options));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(item => item.Severity == DiagnosticSeverity.Error).Take(10)));
        Type type = System.Reflection.Assembly.Load(stream.ToArray()).GetType("EdgeInference.ModelFormat.Mutant")!;
        on = type.GetField("On")!;
        Seen = (bool[])type.GetField("Seen")!.GetValue(null)!;
        read = type.GetMethod("Read")!.CreateDelegate<Func<byte[], object[]?>>();
    }

    internal List<ReaderMutant> All { get; } = [];

    /// <summary>The mutants whose place was passed since this was last cleared.</summary>
    internal bool[] Seen { get; }

    /// <summary>What is wrong with how a mutant takes the file of a row, −1 being none; null where nothing is.</summary>
    internal string? Fault(RuleRow row, int mutant)
    {
        on.SetValue(null, mutant);
        object[]? refusal = read(row.File);
        return refusal is null ? row.Fault(null, 0, "") : row.Fault((string)refusal[0], (int)refusal[1], (string)refusal[2]);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <summary>Puts each mutant behind its number.</summary>
internal sealed class MutantWriter(SemanticModel model, string file, List<ReaderMutant> all) : CSharpSyntaxRewriter
{
    // The arguments of these are bounds or counts.
    private static readonly HashSet<string> Bounded = ["IntWithin", "ConstantWithin", "Constant", "Output", "Requantization", "CheckWindow", "CountEntries", "Within"];

    // What is asked of a file after it was read; other tests hold it.
    private static readonly HashSet<string> NotReading = ["Abstains", "Accepts", "AcceptsMissing", "All", "At", "IsNaN", "LeftShiftOf", "Refusal", "ShapeText", "Text", "TextList"];

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) => NotReading.Contains(node.Identifier.Text) ? node : base.VisitMethodDeclaration(node);

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) => NotReading.Contains(node.Identifier.Text) ? node : base.VisitPropertyDeclaration(node);

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node) =>
        node.WithStatement((StatementSyntax)Visit(node.Statement)).WithCondition(Condition(node.Condition));

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) => node.WithStatement((StatementSyntax)Visit(node.Statement));

    public override SyntaxNode? VisitFieldDeclaration(FieldDeclarationSyntax node) => node;

    public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) => node.WithStatements([.. node.Statements.Select(statement => (StatementSyntax)Visit(statement))]);

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node)
    {
        string text = Text(node.Condition);
        var condition = (ExpressionSyntax)Visit(node.Condition);
        return node.WithCondition(Choose(node.Condition, condition, (text, "true"), (text, "false")))
            .WithStatement((StatementSyntax)Visit(node.Statement)).WithElse((ElseClauseSyntax?)Visit(node.Else));
    }

    public override SyntaxNode? VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        // The larger of two is the same where they are equal.
        if (node.Condition is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.GreaterThanExpression } most && most.Left.ToString() == node.WhenTrue.ToString() && most.Right.ToString() == node.WhenFalse.ToString())
        {
            return node.WithCondition(Choose(node.Condition, node.Condition, (Text(node.Condition), "true"), (Text(node.Condition), "false")));
        }

        string text = Text(node.Condition);
        var condition = (ExpressionSyntax)Visit(node.Condition);
        bool value = model.GetTypeInfo(node).Type is { SpecialType: not SpecialType.System_String };
        return node.WithCondition(value ? Choose(node.Condition, condition, (text, "true"), (text, "false")) : condition)
            .WithWhenTrue((ExpressionSyntax)Visit(node.WhenTrue)).WithWhenFalse((ExpressionSyntax)Visit(node.WhenFalse));
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        // A call for its check alone may be left out.
        bool call = node.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "check" } } or IdentifierNameSyntax };
        var visited = (ExpressionStatementSyntax)base.VisitExpressionStatement(node)!;
        return call ? SyntaxFactory.ParseStatement($"if (!Mutant.Is({Add(node, Text(node), "")})) {{ {visited.ToString()} }}\n") : visited;
    }

    public override SyntaxNode? VisitLiteralExpression(LiteralExpressionSyntax node) => node.Parent is ReturnStatementSyntax && node.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression
        ? Choose(node, node, (Text(node), $"!{node}"))
        : node;

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        string name = (node.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.Text ?? node.Expression.ToString();
        if (!Bounded.Contains(name))
        {
            return base.VisitInvocationExpression(node);
        }

        var arguments = node.ArgumentList.Arguments.Select((argument, i) =>
        {
            var visited = (ExpressionSyntax)Visit(argument.Expression);
            bool number = model.GetTypeInfo(argument.Expression).Type is { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 };
            if (!number || i == 0)
            {
                return argument.WithExpression(visited);
            }

            string text = argument.Expression.ToString();
            return argument.WithExpression(Choose(argument.Expression, visited, (Text(node), $"unchecked(({text}) + 1)"), (Text(node), $"unchecked(({text}) - 1)")));
        });
        return node.WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments)));
    }

    public override SyntaxNode? VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        var visited = (BinaryExpressionSyntax)base.VisitBinaryExpression(node)!;
        string a = node.Left.ToString();
        string b = node.Right.ToString();
        string text = Text(node);
        bool whole = IsWhole(node.Left) && IsWhole(node.Right);
        switch (node.Kind())
        {
            case SyntaxKind.LogicalAndExpression:
                return Choose(node, visited, (text, a), (text, b));
            case SyntaxKind.LogicalOrExpression:
                return Choose(node, visited, (text, a), (text, b));
            case SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression when whole && b == "0" && IsNeverNegative(node.Left):
                return Choose(node, visited, (text, node.IsKind(SyntaxKind.EqualsExpression) ? $"{a} != 0" : $"{a} == 0"));
            case SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression when whole:
                string other = node.IsKind(SyntaxKind.EqualsExpression) ? "" : "!";
                return Choose(node, visited, (text, $"{other}({a} >= {b})"), (text, $"{other}({a} <= {b})"));
            case SyntaxKind.EqualsExpression:
                return Choose(node, visited, (text, $"{a} != {b}"));
            case SyntaxKind.NotEqualsExpression:
                return Choose(node, visited, (text, $"{a} == {b}"));
            case SyntaxKind.LessThanExpression:
                return Choose(node, visited, whole ? [(text, $"{a} <= {b}"), (text, $"{a} < ({b}) - 1L")] : [(text, $"{a} <= {b}")]);
            case SyntaxKind.LessThanOrEqualExpression:
                return Choose(node, visited, whole ? [(text, $"{a} < {b}"), (text, $"{a} <= ({b}) + 1L")] : [(text, $"{a} < {b}")]);
            case SyntaxKind.GreaterThanExpression:
                return Choose(node, visited, whole ? [(text, $"{a} >= {b}"), (text, $"{a} > ({b}) + 1L")] : [(text, $"{a} >= {b}")]);
            case SyntaxKind.GreaterThanOrEqualExpression:
                return Choose(node, visited, whole ? [(text, $"{a} > {b}"), (text, $"{a} >= ({b}) - 1L")] : [(text, $"{a} > {b}")]);
            default:
                return visited;
        }
    }

    // A loop over a few axes or parameters ends one too soon.
    private ExpressionSyntax? Condition(ExpressionSyntax? condition) =>
        condition is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression } loop && IsWhole(loop.Left)
            ? Choose(loop, loop, (Text(loop), $"{loop} - 1"))
            : condition;

    // Bits, remainders and counts.
    private static bool IsNeverNegative(ExpressionSyntax node) => node switch
    {
        ParenthesizedExpressionSyntax inner => IsNeverNegative(inner.Expression),
        BinaryExpressionSyntax binary => binary.Kind() is SyntaxKind.BitwiseAndExpression or SyntaxKind.ModuloExpression,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text is "Length" or "Elements",
        IdentifierNameSyntax name => name.Identifier.Text is "count" or "i" or "code",
        _ => false,
    };

    private bool IsWhole(ExpressionSyntax node) => model.GetTypeInfo(node).Type is { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 };

    private ParenthesizedExpressionSyntax Choose(ExpressionSyntax at, ExpressionSyntax original, params (string Before, string After)[] mutants)
    {
        string text = original.ToString();
        foreach ((string before, string after) in mutants)
        {
            text = $"(Mutant.Is({Add(at, before, after)}) ? ({after}) : {text})";
        }

        return (ParenthesizedExpressionSyntax)SyntaxFactory.ParseExpression(text.StartsWith('(') ? text : $"({text})");
    }

    private int Add(SyntaxNode at, string before, string after)
    {
        all.Add(new ReaderMutant(file, at.GetLocation().GetLineSpan().StartLinePosition.Line + 1, Clean(before), Clean(after)));
        return all.Count - 1;
    }

    private static string Text(SyntaxNode node) => Clean(node.ToString());

    private static string Clean(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
