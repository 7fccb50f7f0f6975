extern alias nano;

using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests;

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
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        Assembly assembly = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions()).Files));
        MethodInfo classify = assembly.GetType("Models.Model")!.GetMethod("Classify")!;
        var labels = new HashSet<int>();
        for (float p = 0f; p <= 1f; p += 1f / 512)
        {
            Decision expected = classifier.Classify([p]);
            Assert.Equal(expected.ClassIndex, nano.Classify([p]));
            Assert.Equal((expected.Probability, (int)expected.Reason, expected.ClassText), (nano.Probability, (int)nano.Reason, nano.ClassText(expected.ClassIndex)));
            Assert.Equal(classifier.Probabilities.ToArray(), nano.Probabilities);
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
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        var random = new Random(3);
        var labels = new HashSet<int>();
        for (int i = 0; i < 500; i++)
        {
            float[] input = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
            Decision expected = classifier.Classify(input);
            Assert.Equal(expected.ClassIndex, nano.Classify(input));
            Assert.Equal(classifier.Probabilities.ToArray(), nano.Probabilities);
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
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        var random = new Random(width);
        int unlike = 0;
        for (int i = 0; i < 500; i++)
        {
            float[] input = RandomModels.Input(random, width);
            Decision expected = classifier.Classify(input);
            Assert.Equal(expected.ClassIndex, nano.Classify(input));
            Assert.Equal(expected.OutlierScore, nano.OutlierScore);
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
        builder.AddOutput(output, OutputRole.Probability);
        builder.AddFloats(MetadataKey.InputStatistics, [0.4f, 0.3f, -0.2f, 1.1f, 0.5f, 0.2f, 0f, 1f]);
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(builder.Build())));
        nano.Classify(new short[] { 5000, -700 });
        float raw = nano.OutlierScore;
        nano.Classify(new float[] { 0.001f * 5000, 0.001f * -700 });
        Assert.Equal(nano.OutlierScore, raw);
        Assert.True(raw > 1f);
    }

    [Fact]
    public void Decisions_allocate_nothing()
    {
        byte[] file = Model([(float)CalibrationMethod.Temperature, 1.7f], [0.3f, 0.45f], [0.4f, 0.3f, -0.2f, 1.1f, 0.5f, 0.2f, 0f, 1f, 0.5f, 0.2f, 0f, 1f], width: 3);
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        float[] input = [0.1f, 0.7f, 0.2f];
        nano.Classify(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            nano.Classify(input);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // Roles as in OutputRole; a threshold of −1 is none in the file.
    [Theory]
    [InlineData(1, OutputRole.Probability, -1f)]
    [InlineData(2, OutputRole.Probability, -1f)]
    [InlineData(2, OutputRole.Probability, 0.25f)]
    [InlineData(3, OutputRole.Probability, -1f)]
    [InlineData(1, OutputRole.Score, 0f)]
    [InlineData(2, OutputRole.Score, 0f)]
    [InlineData(3, OutputRole.Score, 0f)]
    public void Ties_missing_values_and_scores_are_decided_as_the_desktop_does(int width, OutputRole role, float threshold)
    {
        byte[] file = Model(null, null, [], width, null, role, threshold);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new Classifier(model);
        var nano = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(file)));
        Assert.Equal((classifier.ClassCount, classifier.Threshold), (nano.ClassCount, nano.Threshold));
        float[] values = role == OutputRole.Score ? [-1f, -0.25f, 0f, 0.25f, 1f, float.NaN] : [0f, 0.25f, 0.5f, 0.75f, 1f, float.PositiveInfinity];
        for (int i = 0; i < Math.Pow(values.Length, width); i++)
        {
            float[] input = [.. Enumerable.Range(0, width).Select(column => values[i / (int)Math.Pow(values.Length, column) % values.Length])];
            Decision expected = classifier.Classify(input);
            Assert.Equal(expected.ClassIndex, nano.Classify(input));
            Assert.Equal((expected.Probability, (int)expected.Reason, expected.ClassText), (nano.Probability, (int)nano.Reason, nano.ClassText(expected.ClassIndex)));
            Assert.Equal(classifier.Probabilities.ToArray(), nano.Probabilities);
        }
    }

    [Theory]
    [InlineData(OutputRole.Unknown, 1, "--head")]
    [InlineData(OutputRole.Value, 1, "--head")]
    [InlineData(OutputRole.Probability, 2, "--outputs")]
    public void What_cannot_decide_is_refused_and_runs(OutputRole role, int outputs, string option)
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(Model(null, null, [], 2, null, role, -1f, outputs)));
        Assert.Contains(option, Assert.Throws<ArgumentException>(() => new Engine.Classifier(session)).Message, StringComparison.Ordinal);
        float[] output = new float[session.OutputLength];
        session.Run([1f, 2f], output);
        Assert.Equal(2f, output[1]);
    }

    [Fact]
    public void A_threshold_is_for_two_classes_and_finite()
    {
        var two = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(Model(null, null, [], 2))));
        var three = new Engine.Classifier(new Engine.NanoSession(Engine.NanoModel.Load(Model(null, null, [], 3))));
        two.Threshold = 0.25f;
        Assert.Equal(1, two.Classify([0.75f, 0.25f]));
        Assert.Throws<ArgumentException>(() => two.Threshold = float.NaN);
        Assert.Throws<InvalidOperationException>(() => three.Threshold = 0.25f);
        Assert.Throws<ArgumentException>(() => three.ClassText(3));
        Assert.Equal("", three.ClassText(Engine.Classifier.None));
    }

    // The outputs are the inputs: probabilities.
    private static byte[] Model(float[]? calibration, float[]? band, float[] statistics, int width = 1, float[]? limits = null, OutputRole role = OutputRole.Probability, float threshold = -1f, int outputs = 1)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, width], 0);
        builder.AddInput(input);
        for (int i = 0; i < outputs; i++)
        {
            int output = builder.AddTensor(TensorType.Float32, [1, width], 64 * (i + 1));
            builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
            builder.AddOutput(output, role);
        }

        if (threshold >= 0f)
        {
            builder.AddFloats(MetadataKey.Threshold, [threshold]);
        }

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
