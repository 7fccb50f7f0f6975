using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Mutation.Tests;

/// <summary>A source with switches, compiled with a switch that the test turns.</summary>
internal sealed class MutatedSource
{
    private const string TurnedByHand = "public static class EdgeMutant { public static int On; public static bool Is(int number) { return On == number; } }";

    private static readonly MetadataReference[] references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly Assembly assembly;

    internal MutatedSource(string source, LanguageVersion language = LanguageVersion.CSharp7_3)
    {
        var options = new CSharpParseOptions(language);
        var compilation = CSharpCompilation.Create(
            Path.GetRandomFileName(), [CSharpSyntaxTree.ParseText(source, options), CSharpSyntaxTree.ParseText(TurnedByHand, options)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + "\n" + source);
        stream.Position = 0;
        assembly = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(stream);
    }

    /// <summary>What C.M gives with a mutant on.</summary>
    internal object? Run(int mutant, params object[] arguments)
    {
        assembly.GetType("EdgeMutant")!.GetField("On")!.SetValue(null, mutant);
        return assembly.GetType("C")!.GetMethod("M")!.Invoke(null, arguments);
    }
}
