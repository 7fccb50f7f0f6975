extern alias nano;

using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Compiles emitted code as a nanoFramework user's compiler would: C# 7.3, optimised.</summary>
internal static class EmittedCode
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "System.Console.dll" or "System.Collections.dll" or "System.Threading.dll" or "System.Threading.Thread.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(nano::EdgeInference.Nano.NanoModel).Assembly.Location),
    ];

    // A reference reads its assembly once, however many refer to it.
    private static readonly ConditionalWeakTable<byte[], MetadataReference> Parts = [];

    /// <summary>The compiled assembly of some files.</summary>
    internal static byte[] Compile(IEnumerable<EmittedFile> files) =>
        Compile(files.Select(file => (file.Name, file.Text)), LanguageVersion.CSharp7_3, "Emitted" + Guid.NewGuid().ToString("N"), []);

    /// <summary>The compiled assembly of one of several files, with those before it.</summary>
    internal static byte[] Compile(EmittedFile file, string assembly, IEnumerable<byte[]> parts) =>
        Compile([(file.Name, file.Text)], LanguageVersion.CSharp7_3, assembly, parts);

    /// <summary>The compiled assembly of one text.</summary>
    internal static byte[] CompileText(string text, LanguageVersion version) => Compile([("text.cs", text)], version, "Text", []);

    /// <summary>The compiled assembly of one text, for others to refer to.</summary>
    internal static byte[] CompileText(string text, string assembly, IEnumerable<byte[]> parts) =>
        Compile([("text.cs", text)], LanguageVersion.CSharp7_3, assembly, parts);

    /// <summary>The compiled assembly of some texts, with those they refer to.</summary>
    internal static byte[] Compile(IEnumerable<(string Name, string Text)> files, string assembly, IEnumerable<byte[]> parts) =>
        Compile(files, LanguageVersion.CSharp7_3, assembly, parts);

    /// <summary>Some trees, to be compiled or asked about. Without threads of the compiler's own: tests run on all processors in any case.</summary>
    internal static CSharpCompilation Compilation(string assembly, IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        assembly,
        trees,
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true, concurrentBuild: false, allowUnsafe: true));

    private static byte[] Compile(IEnumerable<(string Name, string Text)> files, LanguageVersion version, string assembly, IEnumerable<byte[]> parts)
    {
        var options = new CSharpParseOptions(version);
        CSharpCompilation compilation = Compilation(assembly, files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Name)))
            .AddReferences(parts.Select(part => Parts.GetValue(part, image => MetadataReference.CreateFromImage(image))));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);

        // A user's build may take warnings for errors. An emitted engine has the names of the package, which is referred to here in any case.
        Diagnostic[] problems = [.. result.Diagnostics.Where(item => item.Severity >= DiagnosticSeverity.Warning && item.Id != "CS0436")];
        Assert.True(result.Success && problems.Length == 0, string.Join(Environment.NewLine, problems.Take(5)));
        return stream.ToArray();
    }

    /// <summary>Runs a model's class on real inputs, through its scales where it takes integers.</summary>
    internal static float[] Run(Type model, float[] input, EdgeInference.ModelFormat.ModelFile file)
    {
        MethodInfo run = model.GetMethod("Run")!;
        Array source = Array.CreateInstance(run.GetParameters()[0].ParameterType.GetElementType()!, input.Length);
        Array output = Array.CreateInstance(run.GetParameters()[1].ParameterType.GetElementType()!, (int)model.GetField("OutputLength")!.GetRawConstantValue()!);
        var tensor = file.Inputs[0];
        for (int i = 0; i < input.Length; i++)
        {
            object value = input[i];
            if (source is sbyte[])
            {
                value = (sbyte)nano::EdgeInference.Nano.FloatMath.Round(input[i] / tensor.Scale, tensor.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
            }

            if (source is short[])
            {
                value = (short)nano::EdgeInference.Nano.FloatMath.Round(input[i] / tensor.Scale, tensor.ZeroPoint, short.MinValue, short.MaxValue);
            }

            source.SetValue(value, i);
        }

        run.Invoke(null, [source, output]);
        var result = file.Outputs[0];
        return [.. output.Cast<object>().Select(value => value is float real ? real : result.Scale * (Convert.ToInt32(value, null) - result.ZeroPoint))];
    }
}
