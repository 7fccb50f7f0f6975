using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests;

public class DecisionTests
{
    // ln 4 of an input is probability 0.8.
    private const float Ln4 = 1.3862944f;

    [Fact]
    public void The_threshold_compares_with_the_calibrated_probability()
    {
        // sigmoid(2·logit(p) − 1): ln 4 becomes 2·ln 4 − 1.
        using EdgeModel model = EdgeModel.Load(Binary(builder =>
        {
            builder.AddFloats(MetadataKey.Calibration, [(float)CalibrationMethod.Platt, 2f, -1f]);
            builder.AddFloats(MetadataKey.Threshold, [0.84f]);
        }));
        using var classifier = new Classifier(model);
        Decision decision = classifier.Classify([Ln4]);
        Assert.Equal(1 / (1 + Math.Exp(1 - (2 * Math.Log(4)))), decision.Probability, 1e-6);
        Assert.Equal(1, decision.ClassIndex);
        Assert.Equal(0, classifier.Classify([1.3f]).ClassIndex);
    }

    [Fact]
    public void No_decision_is_taken_within_the_abstain_band()
    {
        using EdgeModel model = EdgeModel.Load(Binary(builder => builder.AddFloats(MetadataKey.AbstainBand, [0.3f, 0.7f])));
        using var classifier = new Classifier(model);
        Decision unsure = classifier.Classify([0.1f]);
        Assert.Equal(Decision.None, unsure.ClassIndex);
        Assert.True(unsure.IsAbstained);
        Assert.Equal("", classifier.ClassText(unsure.ClassIndex));
        Assert.Equal(1, classifier.Classify([2f]).ClassIndex);
        Assert.False(classifier.Classify([2f]).IsAbstained);
        Assert.Equal(0, classifier.Classify([-2f]).ClassIndex);
    }

    [Fact]
    public void An_input_unlike_the_training_data_is_told()
    {
        using EdgeModel model = EdgeModel.Load(Binary(builder => builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -2f, 2f])));
        using var classifier = new Classifier(model);
        Assert.False(classifier.Classify([1f]).IsUnlikeTrainingData);
        Assert.False(classifier.Classify([2.9f]).IsUnlikeTrainingData);
        Assert.True(classifier.Classify([3.1f]).IsUnlikeTrainingData);
        Assert.True(classifier.Classify([float.NaN]).IsUnlikeTrainingData);
        Assert.Equal(1, classifier.Classify([50f]).ClassIndex);
    }

    [Fact]
    public void Several_classes_are_calibrated_by_temperature_and_abstain()
    {
        using EdgeModel plain = EdgeModel.Load(Softmax(_ => { }));
        using EdgeModel model = EdgeModel.Load(Softmax(builder =>
        {
            builder.AddFloats(MetadataKey.Calibration, [(float)CalibrationMethod.Temperature, 2f]);
            builder.AddFloats(MetadataKey.AbstainBand, [0f, 0.4f]);
            builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -1f, 5f]);
        }));
        using var before = new Classifier(plain);
        using var after = new Classifier(model);
        before.Classify([4f]);
        Decision decision = after.Classify([4f]);
        Assert.Equal(2, decision.ClassIndex);
        double[] roots = [.. before.Probabilities.ToArray().Select(p => Math.Sqrt(p))];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(roots[i] / roots.Sum(), after.Probabilities[i], 1e-6);
        }

        Assert.Equal(after.Probabilities[2], decision.Probability);
        Assert.True(after.Classify([0.1f]).IsAbstained);
        Assert.True(after.Classify([-3f]).IsUnlikeTrainingData);
    }

    [Fact]
    public void Nothing_is_allocated_by_any_of_it()
    {
        using EdgeModel binary = EdgeModel.Load(Binary(AddEverything));
        using EdgeModel several = EdgeModel.Load(Softmax(AddEverything));
        using var one = new Classifier(binary);
        using var two = new Classifier(several);
        float[] input = [0.5f];
        one.Classify(input);
        two.Classify(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            one.Classify(input);
            two.Classify(input);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void AddEverything(ModelBuilder builder)
        {
            builder.AddFloats(MetadataKey.Calibration, [(float)CalibrationMethod.Temperature, 2f]);
            builder.AddFloats(MetadataKey.AbstainBand, [0.45f, 0.55f]);
            builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -2f, 2f]);
            builder.AddFloats(MetadataKey.InputLimits, [1f, 9f]);
        }
    }

    [Theory]
    [InlineData(new float[] { 0.5f, 0.5f }, null, 0)]
    [InlineData(new float[] { 0.49f, 0.5f }, null, 1)]
    [InlineData(new float[] { 0.5f, 0.51f }, null, 1)]
    [InlineData(new float[] { 0.6f, 0.55f }, null, 0)]
    [InlineData(new float[] { 0.7f, 0.3f }, 0.3f, 1)]
    [InlineData(new float[] { 0.7f, 0.29f }, 0.3f, 0)]
    [InlineData(new float[] { 0.5f }, null, 1)]
    [InlineData(new float[] { 0.49999997f }, null, 0)]
    [InlineData(new float[] { 0.4f, 0.4f, 0.2f }, null, 0)]
    [InlineData(new float[] { 0.2f, 0.4f, 0.4f }, null, 1)]
    public void Ties_and_thresholds_decide_as_documented(float[] values, float? threshold, int expected)
    {
        using EdgeModel model = EdgeModel.Load(SmallModels.Values(values.Length, OutputRole.Probability, threshold));
        using var classifier = new Classifier(model);
        Decision decision = classifier.Classify(values);
        Assert.Equal(expected, decision.ClassIndex);
        Assert.Equal(expected.ToString(System.Globalization.CultureInfo.InvariantCulture), decision.ClassText);
        Assert.Equal(values.Length == 3 ? 0.4f : values[^1], decision.Probability);
        Assert.Equal(values.Length == 1 ? [1 - values[0], values[0]] : values, classifier.Probabilities.ToArray());
        Assert.Equal((decision.Probability, decision.Reason), (classifier.Probability, classifier.Reason));
    }

    [Theory]
    [InlineData(new float[] { 0f }, 1)]
    [InlineData(new float[] { -0.1f }, 0)]
    [InlineData(new float[] { 0.2f }, 1)]
    [InlineData(new float[] { 0f, 0f }, 1)]
    [InlineData(new float[] { 1f, -1f }, 0)]
    [InlineData(new float[] { 2f, 1f }, 0)]
    [InlineData(new float[] { -2f, -1f }, 1)]
    [InlineData(new float[] { -2f, -1f, -3f }, 1)]
    public void Scores_decide_by_their_margin(float[] values, int expected)
    {
        using EdgeModel model = EdgeModel.Load(SmallModels.Values(values.Length, OutputRole.Score, 0f));
        using var classifier = new Classifier(model);
        Assert.Equal(expected, classifier.Classify(values).ClassIndex);
        Assert.Equal(values.Length == 1 ? [-values[0], values[0]] : values, classifier.Probabilities.ToArray());
    }

    [Theory]
    [InlineData(OutputRole.Unknown, 1, "--head")]
    [InlineData(OutputRole.Logit, 1, "--head")]
    [InlineData(OutputRole.Value, 1, "--head")]
    [InlineData(OutputRole.Label, 1, "--outputs")]
    [InlineData(OutputRole.Probability, 2, "--outputs")]
    public void What_cannot_decide_is_refused_and_the_option_named(OutputRole role, int outputs, string option)
    {
        using EdgeModel model = EdgeModel.Load(SmallModels.Values(2, role, null, outputs));
        Assert.Contains(option, Assert.Throws<ArgumentException>(() => new Classifier(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_threshold_is_for_two_classes_and_finite()
    {
        using EdgeModel two = EdgeModel.Load(SmallModels.Values(2, OutputRole.Probability, null));
        using EdgeModel three = EdgeModel.Load(SmallModels.Values(3, OutputRole.Probability, null));
        using var binary = new Classifier(two);
        using var several = new Classifier(three);
        Assert.Equal((2, 0.5f), (binary.ClassCount, binary.Threshold));
        binary.Threshold = 0.25f;
        Assert.Equal(1, binary.Classify([0.75f, 0.25f]).ClassIndex);
        Assert.Throws<ArgumentOutOfRangeException>(() => binary.Threshold = float.NaN);
        Assert.True(float.IsNaN(several.Threshold));
        Assert.Throws<InvalidOperationException>(() => several.Threshold = 0.5f);
        Assert.Throws<ArgumentOutOfRangeException>(() => several.ClassText(3));
    }

    [Fact]
    public void A_classifier_opened_from_a_file_frees_its_model()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, SmallModels.Values(2, OutputRole.Probability, null));
            Classifier classifier = Classifier.Open(path);
            Assert.Equal(1, classifier.Classify([0.1f, 0.9f]).ClassIndex);
            classifier.Dispose();
            Assert.Throws<ObjectDisposedException>(() => classifier.Classify([0.1f, 0.9f]));
            File.WriteAllBytes(path, SmallModels.Values(2, OutputRole.Value, null));
            Assert.Throws<ArgumentException>(() => Classifier.Open(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Binary(Action<ModelBuilder> addRecords)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        int weights = builder.AddConstant(TensorType.Float32, [1, 1], MemoryMarshal.AsBytes<float>([1f]));
        builder.AddOperator(Opcode.Dense, [input, weights], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        return Finish(builder, input, output, addRecords);
    }

    private static byte[] Softmax(Action<ModelBuilder> addRecords)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int logits = builder.AddTensor(TensorType.Float32, [1, 3], 64);
        int output = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int weights = builder.AddConstant(TensorType.Float32, [3, 1], MemoryMarshal.AsBytes<float>([-1f, 0.25f, 0.5f]));
        builder.AddOperator(Opcode.Dense, [input, weights], [logits], [0, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Softmax, [logits], [output], [BitConverter.SingleToInt32Bits(1f), 0, 0, 0]);
        return Finish(builder, input, output, addRecords);
    }

    private static byte[] Finish(ModelBuilder builder, int input, int output, Action<ModelBuilder> addRecords)
    {
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        addRecords(builder);
        return builder.Build();
    }
}
