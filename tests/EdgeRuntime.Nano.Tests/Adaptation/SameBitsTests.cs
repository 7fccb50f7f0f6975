extern alias nano;

using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;
using Device = nano::EdgeInference.Nano;
using DeviceClassifier = nano::EdgeInference.Nano.Adaptation.AdaptiveClassifier;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>The same samples in the same order give the same bits on every engine.</summary>
public class SameBitsTests
{
    private const int Samples = 1000;

    [Theory]
    [InlineData(2, Precision.Int8, 0)]
    [InlineData(2, Precision.Int16, 3)]
    [InlineData(3, Precision.Int8, 3)]
    [InlineData(4, Precision.Int16, 0)]
    public void A_thousand_samples_leave_the_same_state_and_decisions(int classes, Precision precision, int neighbours)
    {
        LabelledTable table = AdaptableModels.Clouds(classes, 5, 120, classes);
        byte[] file = AdaptableModels.File($"clouds {classes}", table, precision, new AdaptableOptions { Neighbours = neighbours, Passes = 1, StoredSamples = 12 });
        using EdgeModel model = EdgeModel.Load(file);
        using var fast = new AdaptiveClassifier(model);
        using var reference = new AdaptiveClassifier(model, KernelSet.Reference);
        DeviceClassifier device = Nano(file);
        var random = new Random(classes);
        Assert.Equal(classes, fast.AddClass("new"));
        Assert.Equal(classes, reference.AddClass("new"));
        Assert.Equal(classes, device.AddClass("new"));
        Assert.Contains("has the text 'new' already", Assert.Throws<ArgumentException>(() => device.AddClass("new")).Message, StringComparison.Ordinal);
        Assert.Contains($"Class 0 has the text '{fast.ClassText(0)}' already", Assert.Throws<ArgumentException>(() => device.AddClass(fast.ClassText(0))).Message, StringComparison.Ordinal);
        for (int i = 0; i < Samples; i++)
        {
            float[] row = [.. table.Rows[random.Next(table.Rows.Count)].Select(x => x + (random.NextSingle() * 2))];
            int label = random.Next(classes + 1);
            Assert.True(fast.Learn(row, label) & reference.Learn(row, label) & device.Learn(row, label));
            Assert.True(fast.LearnNormal(row) & reference.LearnNormal(row) & device.LearnNormal(row));
            if (i % 10 == 0)
            {
                Same(fast, reference, device, [.. row.Select(x => x * random.NextSingle() * 2)]);
            }
        }

        byte[] state = fast.Save();
        Assert.Equal(state, reference.Save());
        Assert.Equal(state, device.Save());
        Assert.Equal(fast.StateBytes, state.Length);
        Assert.Equal((fast.MemoryBytes, fast.StateBytes, fast.MaxLogitChange), (device.MemoryBytes, device.StateBytes, device.MaxLogitChange));
        Assert.Equal((fast.SelfTestCount, fast.FactoryRight, fast.AdaptedRight, fast.IsAdapted, fast.Reason), (device.SelfTestCount, device.FactoryRight, device.AdaptedRight, device.IsAdapted, device.Reason));

        // Read back by the other engine, it goes on in the same way.
        using var next = new AdaptiveClassifier(model);
        Assert.Null(next.Restore(device.Save()));
        DeviceClassifier nextDevice = Nano(file);
        Assert.Null(nextDevice.Restore(state));
        Assert.True(next.Learn(table.Rows[0], 0) & nextDevice.Learn(table.Rows[0], 0) & fast.Learn(table.Rows[0], 0));
        Assert.Equal(fast.Save(), next.Save());
        Assert.Equal(fast.Save(), nextDevice.Save());
        Assert.Equal("new", next.ClassText(classes));
        Assert.Equal("new", nextDevice.ClassText(classes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_that_is_read_in_chunks_learns_the_same(bool wide)
    {
        LabelledTable table = AdaptableModels.Clouds(3, 5, 120, 3);
        byte[] file = AdaptableModels.File("clouds 3", table, wide ? Precision.Int16 : Precision.Int8, new AdaptableOptions());
        DeviceClassifier whole = Nano(file);
        var chunked = new DeviceClassifier(new Device.NanoSession(Device.NanoModel.Load((position, count) => file[position..(position + count)], file.Length, 64)));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(whole.Learn(table.Rows[i], (i + 1) % 3), chunked.Learn(table.Rows[i], (i + 1) % 3));
        }

        Assert.Equal(whole.Save(), chunked.Save());
    }

    [Fact]
    public void Nothing_is_learned_of_a_value_that_is_not_finite()
    {
        LabelledTable table = AdaptableModels.Clouds(3, 5, 120, 3);
        byte[] file = AdaptableModels.File("clouds 3", table, Precision.Int8, new AdaptableOptions());
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        DeviceClassifier device = Nano(file);
        byte[] before = classifier.Save();
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] row = [value, .. table.Rows[0].Skip(1)];
            Assert.False(classifier.Learn(row, 0) | classifier.LearnNormal(row) | device.Learn(row, 0) | device.LearnNormal(row));
            Assert.Equal(Decision.None, classifier.Classify(row).ClassIndex);
            Assert.Equal(DeviceClassifier.None, device.Classify(row));
        }

        Assert.Equal(before, classifier.Save());
        Assert.Equal(before, device.Save());
    }

    private static void Same(AdaptiveClassifier fast, AdaptiveClassifier reference, DeviceClassifier device, float[] row)
    {
        Decision decision = fast.Classify(row);
        Assert.Equal(decision, reference.Classify(row));
        Assert.Equal(decision.ClassIndex, device.Classify(row));
        Assert.Equal(decision.Probability, device.Probability);
        Assert.Equal(fast.Probabilities, device.Probabilities);
        Assert.Equal((fast.AnomalyScore, fast.AnomalyThreshold, fast.IsAnomaly), (device.AnomalyScore, device.AnomalyThreshold, device.IsAnomaly));
    }

    private static DeviceClassifier Nano(byte[] file) => new(new Device.NanoSession(Device.NanoModel.Load(file)));
}
