using System.Runtime.InteropServices;
using ModelFormat;
using ModelFormat.Writing;

namespace EdgeRuntime.Tests;

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
        using var classifier = new BinaryClassifier(model);
        Decision decision = classifier.Decide([Ln4]);
        Assert.Equal(1 / (1 + Math.Exp(1 - (2 * Math.Log(4)))), decision.Probability, 1e-6);
        Assert.Equal(1, decision.Label);
        Assert.Equal(0, classifier.Decide([1.3f]).Label);
    }

    [Fact]
    public void No_decision_is_taken_within_the_abstain_band()
    {
        using EdgeModel model = EdgeModel.Load(Binary(builder => builder.AddFloats(MetadataKey.AbstainBand, [0.3f, 0.7f])));
        using var classifier = new BinaryClassifier(model);
        Decision unsure = classifier.Decide([0.1f]);
        Assert.Equal(Decision.None, unsure.Label);
        Assert.True(unsure.IsAbstention);
        Assert.Equal("", classifier.LabelText(unsure.Label));
        Assert.Equal(1, classifier.Decide([2f]).Label);
        Assert.False(classifier.Decide([2f]).IsAbstention);
        Assert.Equal(0, classifier.Decide([-2f]).Label);
    }

    [Fact]
    public void An_input_unlike_the_training_data_is_told()
    {
        using EdgeModel model = EdgeModel.Load(Binary(builder => builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -2f, 2f])));
        using var classifier = new BinaryClassifier(model);
        Assert.False(classifier.Decide([1f]).IsUnlikeTrainingData);
        Assert.False(classifier.Decide([2.9f]).IsUnlikeTrainingData);
        Assert.True(classifier.Decide([3.1f]).IsUnlikeTrainingData);
        Assert.True(classifier.Decide([float.NaN]).IsUnlikeTrainingData);
        Assert.Equal(1, classifier.Decide([50f]).Label);
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
        before.Decide([4f]);
        Decision decision = after.Decide([4f]);
        Assert.Equal(2, decision.Label);
        double[] roots = [.. before.Probabilities.ToArray().Select(p => Math.Sqrt(p))];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(roots[i] / roots.Sum(), after.Probabilities[i], 1e-6);
        }

        Assert.Equal(after.Probabilities[2], decision.Probability);
        Assert.True(after.Decide([0.1f]).IsAbstention);
        Assert.True(after.Decide([-3f]).IsUnlikeTrainingData);
    }

    [Fact]
    public void Nothing_is_allocated_by_any_of_it()
    {
        using EdgeModel binary = EdgeModel.Load(Binary(AddEverything));
        using EdgeModel several = EdgeModel.Load(Softmax(AddEverything));
        using var one = new BinaryClassifier(binary);
        using var two = new Classifier(several);
        float[] input = [0.5f];
        one.Decide(input);
        two.Decide(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            one.Decide(input);
            two.Decide(input);
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
