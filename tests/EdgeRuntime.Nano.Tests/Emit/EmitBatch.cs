using System.Globalization;
using System.Reflection;
using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Models that are emitted one by one and compiled together, which takes a fraction of the time.</summary>
internal sealed class EmitBatch
{
    private readonly List<EmittedFile> files = [];
    private readonly List<byte[]> models = [];
    private Assembly? assembly;

    internal int Count => models.Count;

    /// <summary>Emits a model; its number.</summary>
    internal int Add(byte[] file, CountScaling? counts = null)
    {
        files.AddRange(NanoEmitter.Emit(file, new EmitOptions("Models", Name(models.Count), MaxAssemblies: 99) { Counts = counts }).Files);
        models.Add(file);
        return models.Count - 1;
    }

    /// <summary>The bytes of a model.</summary>
    internal byte[] File(int index) => models[index];

    /// <summary>The emitted files of a model.</summary>
    internal IEnumerable<EmittedFile> Files(int index) => files.Where(file => file.Name.StartsWith(Name(index), StringComparison.Ordinal));

    /// <summary>The class of a model.</summary>
    internal Type Code(int index) => (assembly ??= Assembly.Load(EmittedCode.Compile(files))).GetType("Models." + Name(index))!;

    /// <summary>Runs a model on values of its own types.</summary>
    internal T[] Run<T>(int index, Array input)
    {
        Type code = Code(index);
        var output = new T[(int)code.GetField("OutputLength")!.GetRawConstantValue()!];
        code.GetMethod("Run")!.Invoke(null, [input, output]);
        return output;
    }

    private static string Name(int index) => "M" + index.ToString("00000", CultureInfo.InvariantCulture);
}
