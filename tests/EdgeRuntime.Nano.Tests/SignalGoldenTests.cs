using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Learning.DeviceTests;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// The signal pipelines of EdgeRuntime.Nano.Learning.DeviceTests and the features that EdgeRuntime makes of TestSignal. Written anew by
/// <c>EDGE_WRITE_GOLDEN=1</c>; held to the engine otherwise, to the bit. The .edge files are made where they are missing.
/// </summary>
public class SignalGoldenTests
{
    private const int Windows = 12;

    [Fact]
    public void Motion() => Check("Motion", new SignalSettings
    {
        Channels = [new("x", 0.001f), new("y", 0.001f), new("z", 0.001f)],
        SamplePeriod = 0.01f,
        Length = 128,
        Hop = 64,
        Filters = [new(FilterKind.HighPass, 0.5), new(FilterKind.LowPass, 20, Order: 4)],
        Features = [new(SignalFeature.Mean), new(SignalFeature.Variance), new(SignalFeature.Rms), new(SignalFeature.Peak), new(SignalFeature.ZeroCrossingRate), new(SignalFeature.BandPower, Bands: 8)],
    }, emits: true);

    [Fact]
    public void Sound() => Check("Sound", new SignalSettings
    {
        Channels = [new("sound", 1f)],
        SamplePeriod = 1f / 16000,
        Length = 400,
        Hop = 160,
        Features = [new(SignalFeature.MelPower, 20, 20, 8000, MelScale.Htk), new(SignalFeature.LogMelPower, 20, 20, 8000, MelScale.Slaney)],
    }, emits: true);

    [Fact]
    public void Current() => Check("Current", new SignalSettings
    {
        Channels = [new("current", 0.01f)],
        SamplePeriod = 0.001f,
        Length = 1000,
        Hop = 500,
        Filters = [new(FilterKind.Notch, 50, Quality: 10), new(FilterKind.BandPass, 100, Quality: 0.5)],
        Features = [new(SignalFeature.Rms), new(SignalFeature.BandPower, 5, 40, 400), new(SignalFeature.Peak)],
    });

    [Fact]
    public void Five_samples() => Check("Short", new SignalSettings
    {
        Channels = [new("a", 1f), new("b", 1f)],
        SamplePeriod = 1f,
        Length = 5,
        Hop = 1,
        Features = [new(SignalFeature.ZeroCrossingRate), new(SignalFeature.Mean), new(SignalFeature.Variance), new(SignalFeature.Peak), new(SignalFeature.Rms), new(SignalFeature.BandPower, 3)],
    });

    private static void Check(string name, SignalSettings settings, bool emits = false)
    {
        bool writes = Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1";
        string edge = Path.Combine(Folder(), name.ToLowerInvariant() + ".edge");
        if (writes && !File.Exists(edge))
        {
            File.WriteAllBytes(edge, Model(settings));
        }

        byte[] file = File.ReadAllBytes(edge);
        Hold(name + "Golden.g.cs", Text(name, file));
        if (emits)
        {
            Hold(name + "Model.g.cs", NanoEmitter.Emit(file, new EmitOptions("EdgeInference.Nano.Learning.DeviceTests", name + "Model")).Files.Single().Text);
        }

        void Hold(string code, string text)
        {
            string path = Path.Combine(Folder(), code);
            if (writes)
            {
                File.WriteAllText(path, text);
            }

            Assert.Equal(text, File.ReadAllText(path));
        }
    }

    // The model is of no matter here: it is where a pipeline is found.
    internal static byte[] Model(SignalSettings settings)
    {
        var pipeline = new SignalPipeline(settings);
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, pipeline.FeatureCount], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 4096);
        int weights = builder.AddConstant(TensorType.Float32, [1, pipeline.FeatureCount], new byte[4 * pipeline.FeatureCount]);
        builder.AddOperator(Opcode.Dense, [input, weights], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddTextList(MetadataKey.InputNames, [.. pipeline.FeatureNames]);
        builder.AddWindow(settings.SamplePeriod, settings.Length, settings.Hop);
        builder.AddBytes(MetadataKey.Signals, settings.Record());
        return builder.Build();
    }

    private static string Text(string name, byte[] file)
    {
        using EdgeModel model = EdgeModel.Load(file);
        SignalPipeline pipeline = SignalPipeline.Of(model.File)!;
        float[] features = new float[Windows * pipeline.FeatureCount];
        short[] sample = new short[pipeline.Channels.Count];
        var signal = new TestSignal(pipeline.Length);
        for (int window = 0; window < Windows;)
        {
            signal.Next(sample);
            if (pipeline.Add(sample))
            {
                pipeline.Features(features.AsSpan(window * pipeline.FeatureCount));
                window++;
                if (window == 3)
                {
                    pipeline.Reset();
                }
            }
        }

        // Something of each kind is not 0, and nothing is not finite.
        Assert.All(features, value => Assert.True(float.IsFinite(value)));
        string[] kinds = [.. pipeline.FeatureNames.Select(feature => Kind(feature, pipeline.Channels.Select(channel => channel.Name)))];
        Assert.All(kinds.Index().GroupBy(kind => kind.Item), group => Assert.Contains(group, kind => Enumerable.Range(0, Windows).Any(window => features[(window * kinds.Length) + kind.Index] != 0f)));
        var text = new StringBuilder("// <auto-generated>Written by SignalGoldenTests of EdgeRuntime.Nano.Tests.</auto-generated>\n\nnamespace EdgeInference.Nano.Learning.DeviceTests\n{\n");
        text.Append(CultureInfo.InvariantCulture, $"    internal static class {name}Golden\n    {{\n");
        text.Append(CultureInfo.InvariantCulture, $"        internal const string Kinds = \"{string.Join(' ', kinds)}\";\n\n");
        text.Append(CultureInfo.InvariantCulture, $"        internal static readonly byte[] File = Hex.Bytes(\"{Convert.ToHexStringLower(file)}\");\n\n");
        text.Append(CultureInfo.InvariantCulture, $"        internal static readonly float[] Features = Hex.Floats(\"{Convert.ToHexStringLower(MemoryMarshal.AsBytes<float>(features))}\");\n");
        return text.Append("    }\n}\n").ToString();
    }

    // "x_band_power_0" is of kind "band_power".
    private static string Kind(string feature, IEnumerable<string> channels)
    {
        string name = feature[(channels.First(channel => feature.StartsWith(channel + "_", StringComparison.Ordinal)).Length + 1)..];
        return name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('_');
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "EdgeRuntime.Nano.Learning.DeviceTests", "Golden");
}
