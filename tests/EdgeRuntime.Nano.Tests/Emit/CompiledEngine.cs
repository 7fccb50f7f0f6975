extern alias nano;

using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelFormat;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>An engine that was emitted for a model and compiled without the whole engine beside it.</summary>
internal sealed class CompiledEngine
{
    // Engines for many models are the same source, and compiling is most of what these tests take.
    private static readonly ConcurrentDictionary<string, Lazy<CompiledEngine>> Known = new(StringComparer.Ordinal);

    private readonly Assembly assembly;

    private CompiledEngine(string source, byte[] bytes)
    {
        Source = source;
        Bytes = bytes;
        assembly = Assembly.Load(bytes);
    }

    /// <summary>The source.</summary>
    internal string Source { get; }

    /// <summary>The assembly.</summary>
    internal byte[] Bytes { get; }

    /// <summary>Emits an engine; compiles each source once.</summary>
    internal static CompiledEngine For(byte[] model, bool? classifier, bool chunks)
    {
        EmittedEngine engine = EngineEmitter.Emit(ModelFile.Read(new ModelBytes(model)), classifier, chunks);
        return Known.GetOrAdd(engine.Files[0].Text, source => new Lazy<CompiledEngine>(() => Compile(source))).Value;
    }

    private static CompiledEngine Compile(string source)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp7_3));
        CSharpCompilation compilation = EmittedCode.Compilation("EdgeInference.Nano" + Guid.NewGuid().ToString("N"), [tree]);
        compilation = compilation.RemoveReferences(compilation.References.Where(reference => reference.Display == typeof(nano::EdgeInference.Nano.NanoModel).Assembly.Location));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(item => item.Severity == DiagnosticSeverity.Error).Take(5)));
        return new CompiledEngine(source, stream.ToArray());
    }

    /// <summary>Its types, without those that the compiler adds.</summary>
    internal IEnumerable<Type> Types => assembly.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), false) && type.Name[0] != '<');

    /// <summary>A type by its name without the namespace.</summary>
    internal Type? Find(string name) => assembly.GetTypes().SingleOrDefault(type => type.Name == name);

    /// <summary>Loads a model.</summary>
    internal object Load(byte[] model) => Call(Find("NanoModel")!.GetMethod("Load", [typeof(byte[]), typeof(long), typeof(long)])!, null, model, 100_000_000L, 1L << 26);

    /// <summary>Loads a model in chunks of a size.</summary>
    internal object Load(byte[] model, int chunkBytes)
    {
        Type reader = Find("ChunkReader")!;
        Func<int, int, byte[]> read = (offset, count) => model[offset..(offset + count)];
        MethodInfo load = Find("NanoModel")!.GetMethod("Load", [reader, typeof(int), typeof(int), typeof(long), typeof(long)])!;
        return Call(load, null, Delegate.CreateDelegate(reader, read.Target, read.Method), model.Length, chunkBytes, 100_000_000L, 1L << 26);
    }

    /// <summary>A session of a loaded model.</summary>
    internal object Session(object model, bool packWeights) => Make("NanoSession", model, packWeights);

    /// <summary>An instance of a type.</summary>
    internal object Make(string type, params object[] arguments) => Find(type)!.GetConstructors().Single().Invoke(arguments);

    /// <summary>Runs a session.</summary>
    internal static float[] Run(object session, float[] input)
    {
        float[] output = new float[(int)Get(session, "OutputLength")];
        Call(session.GetType().GetMethod("Run", [typeof(float[]), typeof(float[])])!, session, input, output);
        return output;
    }

    /// <summary>The value of a property, or of the field that it became.</summary>
    internal static object Get(object target, string name) => target.GetType().GetProperty(name)?.GetValue(target) ?? target.GetType().GetField(name)!.GetValue(target)!;

    /// <summary>Calls a method; throws what it throws.</summary>
    internal static object Call(MethodInfo method, object? target, params object[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
}
