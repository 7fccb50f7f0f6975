using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Nano.Tests.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// nanoFramework's interpreter takes a comparison with NaN by &gt; or &gt;= for true and by &lt; or &lt;= for false, as the desktop takes
/// all four. So code for it compares real numbers by &lt; and &lt;= alone.
/// </summary>
public class ComparisonTests
{
    [Fact]
    public void The_engine_compares_real_numbers_by_less_alone()
    {
        SyntaxTree[] trees = [.. Sources("src/EdgeRuntime.Nano", "src/ModelFormat/Numerics", "src/ModelFormat/Reading", "src/ModelFormat/Signals").Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), new CSharpParseOptions(LanguageVersion.CSharp7_3), path))];
        Assert.Empty(Faults(trees, path => !path.Contains("/Reading/", StringComparison.Ordinal) || path.EndsWith("DecisionRule.cs", StringComparison.Ordinal)));
    }

    [Fact]
    public void Emitted_code_compares_real_numbers_by_less_alone()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            IEnumerable<EmittedFile> files = NanoEmitter.Emit(seed % 3 == 0 ? RandomModels.Mixed(seed) : RandomModels.Float32(seed), new EmitOptions(MaxAssemblies: 99)).Files;
            Assert.Empty(Faults([.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, new CSharpParseOptions(LanguageVersion.CSharp7_3), file.Name))], _ => true));
        }
    }

    [Fact]
    public void A_comparison_by_greater_would_be_found()
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText("class C { static bool F(float a, float[] b, int c) { return a > b[0] || !(b[1] >= c) || c > 0 || a < 1f; } }", path: "a.cs");
        Assert.Equal(["a.cs: a > b[0]", "a.cs: b[1] >= c"], Faults([tree], _ => true));
    }

    private static string[] Faults(SyntaxTree[] trees, Func<string, bool> isChecked)
    {
        CSharpCompilation compilation = EmittedCode.Compilation("Checked", trees);
        return [.. trees.Where(tree => isChecked(tree.FilePath.Replace('\\', '/'))).SelectMany(tree =>
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            return tree.GetRoot().DescendantNodes().OfType<BinaryExpressionSyntax>()
                .Where(node => node.Kind() is SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression)
                .Where(node => IsReal(model, node.Left) || IsReal(model, node.Right))
                .Select(node => $"{Path.GetFileName(tree.FilePath)}: {node}");
        })];
    }

    private static bool IsReal(SemanticModel model, ExpressionSyntax node) => model.GetTypeInfo(node).Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    private static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("\\obj\\", StringComparison.Ordinal));

    private static string Root([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..");
}
