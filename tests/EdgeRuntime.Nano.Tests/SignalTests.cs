extern alias nano;

using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime.Signals;
using EdgeInference.Runtime.Stress.Signals;
using Device = nano::EdgeInference.Nano.Signals;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

/// <summary>Signal pipelines on nanoFramework's engine, in emitted code and in an engine for one model.</summary>
public class SignalTests
{
    // Of each part that code may have or lack.
    public static TheoryData<string> Pipelines => ["statistics", "filters", "bands", "mel", "all", "odd"];

    /// <summary>The short form of 'dotnet run -c Release --project tests/EdgeRuntime.Stress -- signals SEED WINDOWS'.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_windows_have_the_same_bits_on_three_engines_within_their_bounds(int seed)
    {
        Assert.Null(SignalRun.Run(seed, 1500, 120, out IReadOnlyDictionary<string, double> shares));

        // Each kind was met, so that a run that compares nothing fails.
        Assert.Equal(9, shares.Count);
        Assert.All(shares.Where(share => share.Key != "peak"), share => Assert.True(share.Value > 0, share.Key));
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Emitted_code_is_nanoFrameworks(string name)
    {
        byte[] model = SignalEngines.Model(Settings(name));
        int most = 0;
        byte[] assembly = SignalEngines.Compile([model], file =>
        {
            most = file.InstructionBytes;
            Assert.DoesNotContain("EdgeInference.", string.Join('\n', file.Text.Split('\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal))), StringComparison.Ordinal);
        });
        Assert.Empty(NanoGuard.Check(assembly));
        Assert.InRange(NanoGuard.InstructionBytes(assembly), 500, most);
        string[] types = [.. System.Reflection.Assembly.Load(assembly).GetTypes().Select(type => type.Name)];
        Assert.Contains("M0xSignals", types);
    }

    [Fact]
    public void Emitted_code_has_what_its_pipeline_uses()
    {
        int Bytes(string name) => NanoGuard.InstructionBytes(SignalEngines.Compile([SignalEngines.Model(Settings(name))]));
        int statistics = Bytes("statistics");
        Assert.True(Bytes("filters") > statistics);
        Assert.True(Bytes("bands") > statistics);
        Assert.True(Bytes("mel") > Bytes("bands"));
        Assert.True(Bytes("all") > Bytes("mel"));
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void An_engine_for_one_model_has_its_pipeline(string name)
    {
        SignalSettings settings = Settings(name);
        byte[] model = SignalEngines.Model(settings);
        CompiledEngine engine = CompiledEngine.For(model, classifier: false, chunks: false);
        Assert.Empty(NanoGuard.Check(engine.Bytes));
        object own = CompiledEngine.Call(engine.Find("SignalPipeline")!.GetMethod("Of")!, null, engine.Load(model));
        var whole = Device.SignalPipeline.Of(Engine.NanoModel.Load(model));
        var random = new Random(5);
        short[] counts = RandomSignals.Counts(random, 3 * settings.Length * settings.Channels.Count);
        float[] expected = new float[whole.FeatureCount];
        float[] actual = new float[whole.FeatureCount];
        int windows = 0;
        for (int i = 0; i < counts.Length; i += settings.Channels.Count)
        {
            bool due = whole.Add(counts, i);
            Assert.Equal(due, CompiledEngine.Call(own.GetType().GetMethod("Add")!, own, counts, i));
            if (due)
            {
                whole.Features(expected);
                own.GetType().GetMethod("Features")!.Invoke(own, [actual]);
                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
                windows++;
            }
        }

        Assert.True(windows > 1);
        Assert.Equal(whole.RamBytes, CompiledEngine.Get(own, "RamBytes"));
    }

    [Fact]
    public void Pipelines_are_an_assembly_that_nanoFramework_can_run()
    {
        Assert.Empty(NanoGuard.Check(File.ReadAllBytes(typeof(Device.SignalPipeline).Assembly.Location), "EdgeInference.Nano"));
    }

    [Fact]
    public void A_graph_takes_its_pipeline_into_the_file()
    {
        SignalSettings settings = Settings("all");
        var made = new SignalPipeline(settings);
        Graph graph = GraphReader.Read(ModelFile.Read(new ModelBytes(SignalEngines.Model(settings))));
        graph.Metadata = graph.Metadata with { Signals = settings, InputNames = made.FeatureNames };
        ModelFile file = ModelFile.Read(new ModelBytes(ModelWriter.Write(graph)));
        Assert.Equal(made.FeatureNames, file.Metadata.TextList(MetadataKey.InputNames));
        Assert.Equal((settings.SamplePeriod, settings.Length, settings.Hop), (file.Decision.SamplePeriod, file.Decision.WindowLength, file.Decision.WindowHop));
        Assert.Equal(made.FeatureNames, SignalPipeline.Of(file)!.FeatureNames);
        graph.Metadata = graph.Metadata with { InputNames = [.. made.FeatureNames.Reverse()] };
        Assert.Throws<ModelFormatException>(() => ModelWriter.Write(graph));
    }

    /// <summary>The engine's assembly takes the record as it is; the pipeline's checks it.</summary>
    [Fact]
    public void A_damaged_record_is_refused_when_the_pipeline_is_made()
    {
        byte[] model = SignalEngines.Model(Settings("bands"));
        ModelFile file = ModelFile.Read(new ModelBytes(model));
        int kinds = file.Metadata.PayloadOffset(MetadataKey.Signals) + 2;
        model[kinds] = 2;
        EdgeInference.ModelFormat.Writing.ModelBuilder.WriteCrc(model);
        var loaded = Engine.NanoModel.Load(model);
        Exception refusal = Assert.ThrowsAny<Exception>(() => Device.SignalPipeline.Of(loaded));
        Assert.Contains("a feature of the signals does not fit in the record", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, Assert.Throws<ModelFormatException>(() => ModelFile.Read(new ModelBytes(model))).Message);
    }

    [Fact]
    public void An_engine_for_a_model_without_a_pipeline_refuses_one()
    {
        CompiledEngine engine = CompiledEngine.For(File.ReadAllBytes(Path.Combine(ProjectFolder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden", "breast_cancer_float32.edge")), classifier: false, chunks: false);
        Assert.Null(engine.Find("SignalPipeline"));
        Exception refusal = Assert.ThrowsAny<Exception>(() => engine.Load(SignalEngines.Model(Settings("statistics"))));
        Assert.Contains("this engine has no ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_refuses_samples_and_room_that_do_not_fit()
    {
        var pipeline = Device.SignalPipeline.Of(Engine.NanoModel.Load(SignalEngines.Model(Settings("statistics"))));
        Assert.Equal((2, 8, 4, 0.01f, 10), (pipeline.Channels, pipeline.Length, pipeline.Hop, pipeline.SamplePeriod, pipeline.FeatureCount));
        Assert.Equal((2 * 2 * 8) + (4 * 5), pipeline.RamBytes);
        Assert.Equal(("a", 0.5f), (pipeline.ChannelName(0), pipeline.CountSize(0)));
        Assert.Equal(("b", 1f), (pipeline.ChannelName(1), pipeline.CountSize(1)));
        Assert.Throws<ArgumentException>(() => pipeline.Add(null, 0));
        Assert.Throws<ArgumentException>(() => pipeline.Add([1, 2], 1));
        Assert.Throws<ArgumentException>(() => pipeline.Add([1, 2], -1));
        Assert.Throws<ArgumentException>(() => pipeline.Features(new float[9]));
        Assert.Throws<ArgumentException>(() => pipeline.Features(null));
        Assert.False(pipeline.Add([1, 2, 3], 1));
        Assert.Null(Device.SignalPipeline.Of(Engine.NanoModel.Load(File.ReadAllBytes(Path.Combine(ProjectFolder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden", "breast_cancer.edge")))));
        Assert.Throws<ArgumentNullException>(() => Device.SignalPipeline.Of(null));
        Assert.Equal(2, Device.SignalPipeline.Count(1.25f, 0.5f));
    }

    private static SignalSettings Settings(string name)
    {
        var settings = new SignalSettings
        {
            Channels = [new("a", 0.5f), new("b")],
            SamplePeriod = 0.01f,
            Length = name == "odd" ? 37 : name is "statistics" or "filters" ? 8 : 64,
            Hop = name == "odd" ? 5 : 4,
            Features = [new(SignalFeature.Mean), new(SignalFeature.Variance), new(SignalFeature.Rms), new(SignalFeature.Peak), new(SignalFeature.ZeroCrossingRate)],
        };
        SignalOutput bands = new(SignalFeature.BandPower, 8);
        SignalOutput mel = new(SignalFeature.MelPower, 6, 1, 45);
        SignalOutput log = new(SignalFeature.LogMelPower, 5, 1, 45, MelScale.Slaney);
        return name switch
        {
            "filters" => settings with { Filters = [new(FilterKind.HighPass, 1, 4), new(FilterKind.Notch, 20, 2, 5)] },
            "bands" => settings with { Features = [bands] },
            "mel" => settings with { Features = [log] },
            "all" => settings with { Filters = [new(FilterKind.LowPass, 30)], Features = [.. settings.Features, bands, mel, log] },
            "odd" => settings with { Features = [mel, bands with { Bands = 3 }, new(SignalFeature.Rms)] },
            _ => settings,
        };
    }

    private static string ProjectFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
