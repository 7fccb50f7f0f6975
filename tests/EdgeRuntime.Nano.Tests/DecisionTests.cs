extern alias nano;

using System.Reflection;
using ModelExporter.Emit;
using ModelFormat;
using ModelFormat.Writing;
using Engine = nano::EdgeRuntime.Nano;

namespace EdgeRuntime.Nano.Tests;

public class DecisionTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(new float[] { 0f, 2f, -0.7f }, null)]
    [InlineData(new float[] { 0f, 2f, -0.7f }, new float[] { 0.3f, 0.6f })]
    [InlineData(null, new float[] { 0.4f, 0.6f })]
    public void Both_forms_decide_as_the_desktop_does(float[]? calibration, float[]? band)
    {
        byte[] file = Model(calibration is null ? null : [(int)CalibrationMethod.Platt, .. calibration[1..]], band, []);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        Assembly assembly = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions()).Files));
        MethodInfo classify = assembly.GetType("Models.Model")!.GetMethod("Classify")!;
        var labels = new HashSet<int>();
        for (float p = 0f; p <= 1f; p += 1f / 512)
        {
            Decision expected = classifier.Classify([p]);
            Assert.Equal(expected.ClassIndex, session.Classify([p]));
            Assert.Equal(expected.Probability, session.Scores[0]);
            Assert.Equal(expected.ClassIndex, classify.Invoke(null, [new float[] { p }]));
            labels.Add(expected.ClassIndex);
        }

        Assert.Equal(band is null ? 2 : 3, labels.Count);
    }

    [Fact]
    public void Several_classes_are_decided_as_the_desktop_does()
    {
        byte[] file = Model([(float)CalibrationMethod.Temperature, 1.7f], [0.3f, 0.45f], [], width: 3);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        var random = new Random(3);
        var labels = new HashSet<int>();
        for (int i = 0; i < 500; i++)
        {
            float[] input = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
            Decision expected = classifier.Classify(input);
            Assert.Equal(expected.ClassIndex, session.Classify(input));
            Assert.Equal(classifier.Probabilities.ToArray(), session.Scores);
            labels.Add(expected.ClassIndex);
        }

        Assert.Equal(4, labels.Count);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(3, new float[] { 0.5f, 2f })]
    public void Inputs_unlike_the_training_data_score_as_on_the_desktop(int width, float[]? limits)
    {
        float[] statistics = [.. Enumerable.Range(0, width).SelectMany(i => new[] { 0.4f + (0.1f * i), 0.3f, -0.2f, 1.1f })];
        byte[] file = Model(null, null, statistics, width, limits);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        var random = new Random(width);
        int unlike = 0;
        for (int i = 0; i < 500; i++)
        {
            float[] input = RandomModels.Input(random, width);
            Decision expected = classifier.Classify(input);
            Assert.Equal(expected.ClassIndex, session.Classify(input));
            Assert.Equal(expected.Unlikeness, session.Unlikeness);
            unlike += expected.IsUnlikeTrainingData ? 1 : 0;
        }

        Assert.InRange(unlike, 50, 499);
    }

    [Fact]
    public void A_quantized_input_scores_as_the_number_that_it_stands_for()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Int16, [1, 2], 0, new TensorQuantization(0.001f, 0));
        int output = builder.AddTensor(TensorType.Int16, [1, 2], 0, new TensorQuantization(0.001f, 0));
        builder.AddOperator(Opcode.Reshape, [input], [output], []);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddFloats(MetadataKey.InputStatistics, [0.4f, 0.3f, -0.2f, 1.1f, 0.5f, 0.2f, 0f, 1f]);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(builder.Build()));
        session.Classify(new short[] { 5000, -700 });
        float raw = session.Unlikeness;
        session.Classify(new float[] { 0.001f * 5000, 0.001f * -700 });
        Assert.Equal(session.Unlikeness, raw);
        Assert.True(raw > 1f);
    }

    [Fact]
    public void Decisions_allocate_nothing()
    {
        byte[] file = Model([(float)CalibrationMethod.Temperature, 1.7f], [0.3f, 0.45f], [0.4f, 0.3f, -0.2f, 1.1f, 0.5f, 0.2f, 0f, 1f, 0.5f, 0.2f, 0f, 1f], width: 3);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        float[] input = [0.1f, 0.7f, 0.2f];
        session.Classify(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            session.Classify(input);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // The outputs are the inputs: probabilities.
    private static byte[] Model(float[]? calibration, float[]? band, float[] statistics, int width = 1, float[]? limits = null)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, width], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output);
        if (calibration is not null)
        {
            builder.AddFloats(MetadataKey.Calibration, calibration);
        }

        if (band is not null)
        {
            builder.AddFloats(MetadataKey.AbstainBand, band);
        }

        if (statistics.Length > 0)
        {
            builder.AddFloats(MetadataKey.InputStatistics, statistics);
        }

        if (limits is not null)
        {
            builder.AddFloats(MetadataKey.InputLimits, limits);
        }

        return builder.Build();
    }
}
