using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Documents.Tests;

/// <summary>A C# block as a program.</summary>
internal static class CSharpProgram
{
    // What ImplicitUsings gives a user's project.
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    // Once for all blocks: what is read of an assembly is read again for each reference to it.
    private static readonly Lazy<(string Name, MetadataReference Reference)[]> references = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => (Path.GetFileName(path), (MetadataReference)MetadataReference.CreateFromFile(path))),
    ]);

    internal static CSharpCompilation Compile(CodeBlock block, CancellationToken cancellation)
    {
        string code = block.WholeCode();

        // EdgeInference.Nano has ModelFormat's type names, so a program refers to one or the other.
        string[] others = code.Contains("using EdgeInference.Nano;", StringComparison.Ordinal) ? ["EdgeInference.Runtime.dll", "EdgeInference.Devices.dll", "EdgeInference.ModelFormat.dll"] : ["EdgeInference.Nano.dll", "EdgeInference.Nano.Signals.dll"];
        return CSharpCompilation.Create(
            "block",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: cancellation), CSharpSyntaxTree.ParseText(code, cancellationToken: cancellation)],
            references.Value.Where(item => !others.Contains(item.Name)).Select(item => item.Reference),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Sources of a project, by path, with what this project's own packages and projects offer; parts that a generator writes are missing.</summary>
    internal static CSharpCompilation Library(IReadOnlyDictionary<string, string> sources, CancellationToken cancellation) => CSharpCompilation.Create(
        "library",
        [
            CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: cancellation),
            .. sources.Select(source => CSharpSyntaxTree.ParseText(source.Value, path: source.Key, cancellationToken: cancellation)),
        ],
        references.Value.Where(item => item.Name is not ("EdgeInference.Nano.dll" or "EdgeInference.Nano.Signals.dll")).Select(item => item.Reference),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <summary>A shell command that runs the block with the packages of this project.</summary>
    internal static string Command(CodeBlock block, CancellationToken cancellation)
    {
        // Beside the tests, where the runtime looks for what their deps.json lists.
        string tests = Path.Combine(AppContext.BaseDirectory, "Documents.Tests");
        string program = Path.Combine(AppContext.BaseDirectory, $"block-{Path.GetFileNameWithoutExtension(block.Document)}-{block.Line}.dll");
        Assert.True(Compile(block, cancellation).Emit(program, cancellationToken: cancellation).Success, $"{block.Document}, line {block.Line} does not compile");
        return $"dotnet exec --depsfile '{tests}.deps.json' --runtimeconfig '{tests}.runtimeconfig.json' '{program}'\n";
    }
}
