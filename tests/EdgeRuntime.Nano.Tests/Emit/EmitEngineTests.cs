extern alias nano;

using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Engines for one model: they have what it uses, give the bits of the whole engine, and say what they lack.</summary>
public class EmitEngineTests
{
    /// <summary>The models of the device tests, and random ones of every kind, the same in every run.</summary>
    public static TheoryData<string> Models =>
    [
        "breast_cancer", "breast_cancer_float32", "breast_cancer_int16", "digits", "digits_cnn", "layer", "layer_int16", "float_operators", "int8_operators",
        "Int8", "Mixed", "Float32", "QuantizedImage", "Float32Image", "Recurrent", "Summed", "Trees", "Features", "Coupling",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void An_engine_gives_the_bits_of_the_whole_one(string name)
    {
        byte[] file = Model(name);
        CompiledEngine engine = CompiledEngine.For(file, classifier: null, chunks: false);
        Assert.Empty(NanoGuard.Check(engine.Bytes));
        Assert.Null(engine.Find("ChunkReader"));
        foreach (bool pack in (bool[])[true, false])
        {
            var whole = new Engine.NanoSession(Engine.NanoModel.Load(file), pack);
            object session = engine.Session(engine.Load(file), pack);
            var random = new Random(7);
            for (int i = 0; i < 8; i++)
            {
                float[] input = RandomModels.Input(random, whole.InputLength);
                float[] expected = new float[whole.OutputLength];
                whole.Run(input, expected);
                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), CompiledEngine.Run(session, input).Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    [Theory]
    [InlineData("breast_cancer")]
    [InlineData("digits")]
    [InlineData("breast_cancer_int16")]
    public void An_engine_with_chunks_reads_in_chunks(string name)
    {
        byte[] file = Model(name);
        CompiledEngine engine = CompiledEngine.For(file, classifier: false, chunks: true);
        Assert.Empty(NanoGuard.Check(engine.Bytes));
        Assert.Null(engine.Find("Classifier"));
        var whole = new Engine.NanoSession(Engine.NanoModel.Load(file));
        float[] input = RandomModels.Input(new Random(3), whole.InputLength);
        float[] expected = new float[whole.OutputLength];
        whole.Run(input, expected);
        Assert.Equal(expected, CompiledEngine.Run(engine.Session(engine.Load(file, 100), false), input));
    }

    [Fact]
    public void A_classifier_of_an_engine_decides_as_the_whole_one()
    {
        foreach (bool isCalibrated in (bool[])[false, true])
        {
            foreach (bool hasStatistics in (bool[])[false, true])
            {
                byte[] file = Decider(isCalibrated, hasStatistics);
                CompiledEngine engine = CompiledEngine.For(file, classifier: null, chunks: false);
                Assert.Empty(NanoGuard.Check(engine.Bytes));
                Assert.Equal(isCalibrated, engine.Source.Contains("/ProbabilityCalibration.cs\n", StringComparison.Ordinal));
                Assert.Equal(hasStatistics, engine.Source.Contains("/InputStatistics.cs\n", StringComparison.Ordinal));
                var whole = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
                object classifier = engine.Make("Classifier", engine.Session(engine.Load(file), true));
                foreach (float value in (float[])[0f, 0.2f, 0.45f, 0.7f, 5f, float.NaN])
                {
                    float[] row = [value, 0.3f];
                    Assert.Equal(whole.Classify(row), CompiledEngine.Call(classifier.GetType().GetMethod("Classify", [typeof(float[])])!, classifier, row));
                    Assert.Equal(whole.Probability, CompiledEngine.Get(classifier, "Probability"));
                    Assert.Equal(whole.OutlierScore, CompiledEngine.Get(classifier, "OutlierScore"));
                    Assert.Equal((int)whole.Reason, (int)CompiledEngine.Get(classifier, "Reason"));
                    Assert.Equal(whole.ClassText(1), CompiledEngine.Call(classifier.GetType().GetMethod("ClassText")!, classifier, 1));
                }
            }
        }
    }

    /// <summary>An operator, a type of an operator, a type of a tensor, and a record of the contract.</summary>
    [Theory]
    [InlineData("layer", "digits_cnn", "this engine has no operator number")]
    [InlineData("layer", "layer_int16", "this engine has no opcode 1 for element type int16")]
    [InlineData("breast_cancer_float32", "breast_cancer", "this engine has no operator number 5")]
    [InlineData("plain decider", "calibrated decider", "this engine has no record 8 of the contract, which is required")]
    [InlineData("breast_cancer_float32", "layer", "this engine has no opcode 1 for element type int8")]
    [InlineData("int8 steps", "int16 steps", "this engine has no tensors of element type int16")]
    public void What_an_engine_lacks_is_refused_in_one_sentence(string own, string other, string sentence)
    {
        CompiledEngine engine = CompiledEngine.For(Model(own), classifier: null, chunks: false);
        engine.Load(Model(own));
        Exception refusal = Assert.ThrowsAny<Exception>(() => engine.Load(Model(other)));
        Assert.Equal("ModelFormatException", refusal.GetType().Name);
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("; or emit the engine for this model.", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A rule keeps what it says about its operators' types, one that another operator's rule calls for both.</summary>
    [Theory]
    [InlineData("layer", false, false)]
    [InlineData("layer_int16", false, true)]
    [InlineData("breast_cancer_float32", true, false)]
    public void A_rule_has_the_types_of_its_operators(string name, bool hasFloat, bool hasInt16)
    {
        string source = EngineEmitter.Emit(ModelFile.Read(new ModelBytes(Model(name))), false, false).Files[0].Text;
        Assert.Equal(hasFloat, source.Contains("has quantization inputs in float32", StringComparison.Ordinal));
        Assert.Equal(hasInt16, source.Contains("has a bias outside 46 bits", StringComparison.Ordinal));
        Assert.Contains("has a zero point that differs from its output's", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_refused_by_a_number_that_the_source_explains()
    {
        byte[] file = Model("breast_cancer");
        CompiledEngine engine = CompiledEngine.For(file, classifier: false, chunks: false);
        string source = EngineEmitter.Emit(ModelFile.Read(new ModelBytes(file)), false, false).Files[0].Text;
        byte[] damaged = [.. file];
        damaged[^1] ^= 1;
        string message = Assert.ThrowsAny<Exception>(() => engine.Load(damaged)).Message;
        string number = message.Split("fault ")[1].Split(';')[0];
        Assert.Contains("'edge inspect' says what is wrong", message, StringComparison.Ordinal);
        Assert.Contains($"//   {number}  \"the CRC-32 does not match", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_kernel_or_a_decision_is_refused()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Int64, [1, 2], 0);
        int output = builder.AddTensor(TensorType.Int64, [2, 1], 64);
        builder.AddOperator(Opcode.Transpose, [input], [output], [1, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output);
        ModelFile wide = ModelFile.Read(new ModelBytes(builder.Build()));
        Assert.Contains("EdgeInference.Nano has no Transpose for Int64", Assert.Throws<InputException>(() => EngineEmitter.Emit(wide, null, false)).Message, StringComparison.Ordinal);
        ModelFile undecided = ModelFile.Read(new ModelBytes(Steps(TensorType.Int8)));
        Assert.Contains("needs a model that decides", Assert.Throws<InputException>(() => EngineEmitter.Emit(undecided, true, false)).Message, StringComparison.Ordinal);
    }

    /// <summary>Bytes of IL, which the compiler decides alone; docs/esp32.md has those of the assemblies (.pe) on a device.</summary>
    [Theory]
    [InlineData("layer", false, 16_450)]
    [InlineData("breast_cancer", false, 17_900)]
    [InlineData("breast_cancer", null, 19_550)]
    [InlineData("digits_cnn", false, 26_400)]
    public void An_engine_stays_small(string name, bool? classifier, int most)
    {
        CompiledEngine engine = CompiledEngine.For(Model(name), classifier, chunks: false);
        Assert.InRange(NanoGuard.InstructionBytes(engine.Bytes), 5_000, most);
    }

    /// <summary>An assembly on a device holds a record and the name of each type, and a field for an enumeration.</summary>
    [Theory]
    [InlineData("breast_cancer")]
    [InlineData("Trees")]
    [InlineData("calibrated decider")]
    public void Only_types_that_programs_name_are_named(string name)
    {
        CompiledEngine engine = CompiledEngine.For(Model(name), classifier: null, chunks: false);
        string[] named = ["Classifier", "DecisionReason", "ModelFormatException", "NanoModel", "NanoSession"];
        Assert.Subset(named.ToHashSet(), engine.Types.Where(type => type.Name.Length > 2).Select(type => type.Name).ToHashSet());
        Assert.DoesNotContain(engine.Types, type => type.IsEnum && type.Name != "DecisionReason");
        Assert.Subset(new HashSet<string?> { "EdgeInference.ModelFormat", "EdgeInference.ModelFormat.Numerics", "EdgeInference.Nano" }, engine.Types.Select(type => type.Namespace).ToHashSet());
    }

    private static byte[] Model(string name) => name switch
    {
        "Int8" => RandomModels.Int8(2),
        "Mixed" => RandomModels.Mixed(3),
        "Float32" => RandomModels.Float32(4),
        "QuantizedImage" => RandomModels.QuantizedImage(5),
        "Float32Image" => RandomModels.Float32Image(6),
        "Recurrent" => RandomModels.Recurrent(7, smooth: true),
        "Summed" => RandomModels.Summed(8),
        "Trees" => RandomModels.Trees(9),
        "Features" => RandomModels.Features(11),
        "Coupling" => RandomModels.Coupling(10),
        "plain decider" => Decider(isCalibrated: false, hasStatistics: false),
        "calibrated decider" => Decider(isCalibrated: true, hasStatistics: false),
        "int8 steps" => Steps(TensorType.Int8),
        "int16 steps" => Steps(TensorType.Int16),
        _ => File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "EdgeRuntime.Nano.DeviceTests", "Golden", name + ".edge")),
    };

    // Quantize has one row for both of its outputs.
    private static byte[] Steps(TensorType type)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int output = builder.AddTensor(type, [1, 2], 64, new TensorQuantization(0.01f, 0));
        builder.AddOperator(Opcode.Quantize, [input], [output], []);
        builder.AddInput(input);
        builder.AddOutput(output);
        return builder.Build();
    }

    // Its outputs are its inputs.
    private static byte[] Decider(bool isCalibrated, bool hasStatistics)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 2], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddTextList(MetadataKey.Labels, ["läuft", "steht"]);
        if (isCalibrated)
        {
            builder.AddFloats(MetadataKey.Calibration, [(int)CalibrationMethod.Platt, 2f, -0.7f]);
        }

        if (hasStatistics)
        {
            builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -1f, 1f, 0f, 1f, -1f, 1f]);
            builder.AddFloats(MetadataKey.InputLimits, [0.5f, 2f]);
        }

        return builder.Build();
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
