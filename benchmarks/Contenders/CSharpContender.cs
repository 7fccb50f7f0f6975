using System.Reflection;
using EdgeInference.Benchmarks.Models;
using EdgeInference.Benchmarks.Sources;
using EdgeInference.ModelConverter.Graphs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>The same model as C# that a person or m2cgen writes, compiled here and optimised by the JIT as any code is.</summary>
internal sealed class CSharpContender : ModelContender
{
    private readonly Action<float[], float[], int, int, int> run;

    private CSharpContender(Action<float[], float[], int, int, int> run, RowSet rows, int outputs)
        : base(Engine.CSharp, rows, outputs) => this.run = run;

    /// <exception cref="PeerException">The graph has an operator without loops, or too many constants.</exception>
    internal static CSharpContender Create(Graph graph, RowSet rows, int batch)
    {
        string source = LoopSource.Write(graph, batch, new CSharpLanguage());
        string references = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Model",
            [CSharpSyntaxTree.ParseText(source)],
            references.Split(Path.PathSeparator).Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(stream);
        if (!result.Success)
        {
            throw new InvalidOperationException($"{graph.Metadata.Name}: the emitted C# does not compile: {result.Diagnostics.First(message => message.Severity == DiagnosticSeverity.Error)}");
        }

        MethodInfo method = Assembly.Load(stream.ToArray()).GetType("Model")!.GetMethod("Run")!;
        return new CSharpContender(method.CreateDelegate<Action<float[], float[], int, int, int>>(), rows, graph.Outputs[0].Elements * batch);
    }

    public override void Run(int times) => run(Rows.Values, Output, Rows.Count, Take(times), times);

    public override void Dispose()
    {
    }
}
