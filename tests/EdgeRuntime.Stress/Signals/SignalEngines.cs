extern alias nano;

using System.Reflection;
using EdgeInference.ModelConverter;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Signals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Device = nano::EdgeInference.Nano.Signals;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Runtime.Stress.Signals;

/// <summary>One pipeline on three engines: EdgeRuntime, EdgeRuntime.Nano and emitted code, each from the same model file.</summary>
internal sealed class SignalEngines
{
    private static readonly MetadataReference[] references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly Device.SignalPipeline device;
    private readonly Func<short[], int, bool> add;
    private readonly Action<float[]> features;
    private readonly Action reset;
    private readonly float[][] results;

    private SignalEngines(byte[] file, Type code)
    {
        Pipeline = SignalPipeline.Of(ModelFile.Read(new ModelBytes(file)))!;
        device = Device.SignalPipeline.Of(Engine.NanoModel.Load(file));
        add = code.GetMethod("Add")!.CreateDelegate<Func<short[], int, bool>>();
        features = code.GetMethod("Features")!.CreateDelegate<Action<float[]>>();
        reset = code.GetMethod("Reset")!.CreateDelegate<Action>();
        results = [.. Enumerable.Range(0, 3).Select(_ => new float[Pipeline.FeatureCount])];
    }

    /// <summary>EdgeRuntime's.</summary>
    internal SignalPipeline Pipeline { get; }

    /// <summary>The features that all gave.</summary>
    internal float[] Features => results[0];

    /// <summary>A model that gives the features as they are.</summary>
    internal static byte[] Model(SignalSettings settings)
    {
        int count = new SignalPipeline(settings).FeatureCount;
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, count], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, count], (4 * count) + 60);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Value);
        builder.AddWindow(settings.SamplePeriod, settings.Length, settings.Hop);
        builder.AddBytes(MetadataKey.Signals, settings.Record());
        return builder.Build();
    }

    /// <summary>Emitted code for some models, compiled as one assembly: class M0Signals and so on.</summary>
    internal static byte[] Compile(IReadOnlyList<byte[]> models, Action<EmittedFile>? look = null)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp7_3);
        var trees = new List<SyntaxTree>();
        for (int i = 0; i < models.Count; i++)
        {
            EmittedFile file = NanoEmitter.Emit(models[i], new EmitOptions("Models", $"M{i}x")).Files[^1];
            look?.Invoke(file);
            trees.Add(CSharpSyntaxTree.ParseText(file.Text, options, file.Name));
        }

        var compilation = CSharpCompilation.Create("Signals" + Guid.NewGuid().ToString("N"), trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        Diagnostic[] problems = [.. compilation.Emit(stream).Diagnostics.Where(item => item.Severity >= DiagnosticSeverity.Warning)];
        return problems.Length == 0 ? stream.ToArray() : throw new InvalidOperationException(string.Join(Environment.NewLine, problems.Take(5).Select(item => item.ToString())));
    }

    /// <summary>All engines for some models.</summary>
    internal static IReadOnlyList<SignalEngines> Of(IReadOnlyList<byte[]> models)
    {
        var assembly = Assembly.Load(Compile(models));
        return [.. models.Select((file, i) => new SignalEngines(file, assembly.GetType($"Models.M{i}xSignals")!))];
    }

    /// <summary>Adds a sample to all.</summary>
    /// <returns>Whether a window is due.</returns>
    /// <exception cref="InvalidOperationException">They do not agree.</exception>
    internal bool Add(short[] sample)
    {
        bool due = Pipeline.Add(sample.AsSpan());
        return device.Add(sample, 0) == due && add(sample, 0) == due ? due : throw new InvalidOperationException("A window is due on one engine and not on another.");
    }

    /// <summary>Makes the features on all.</summary>
    /// <returns>The first feature whose bits are not the same; −1 where all are.</returns>
    internal int Difference()
    {
        Pipeline.Features(results[0]);
        device.Features(results[1]);
        features(results[2]);
        for (int i = 0; i < results[0].Length; i++)
        {
            int bits = BitConverter.SingleToInt32Bits(results[0][i]);
            if (BitConverter.SingleToInt32Bits(results[1][i]) != bits || BitConverter.SingleToInt32Bits(results[2][i]) != bits)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The value of a feature on each engine.</summary>
    internal string Text(int feature) => string.Join(", ", results.Select(values => values[feature].ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Begins anew on all.</summary>
    internal void Reset()
    {
        Pipeline.Reset();
        device.Reset();
        reset();
    }
}
