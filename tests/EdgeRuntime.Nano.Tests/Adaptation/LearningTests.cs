using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>What the heads learn, and what it takes.</summary>
public class LearningTests
{
    private static readonly float[][] corners = [[0, 0], [0, 1], [1, 0], [1, 1]];

    /// <summary>The hidden layer is that of XNOR, so that the factory's head has each corner wrong.</summary>
    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int16)]
    public void The_head_of_XOR_is_learned_from_labelled_samples(Precision precision)
    {
        var table = new LabelledTable(["a", "b"], [.. Enumerable.Range(0, 40).Select(i => corners[i % 4])], [.. Enumerable.Range(0, 40).Select(i => i % 4 is 0 or 3 ? 1 : 0)], ["0", "1"]);
        byte[] file = AdaptableModels.File("xnor", table, precision, new AdaptableOptions { SelfTestSamples = 0 }, new TrainingOptions { HiddenSizes = [8], ValidationFraction = 0, Epochs = 300 });
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        Assert.Equal([1, 0, 0, 1], corners.Select(corner => classifier.Classify(corner).ClassIndex));
        int samples = 0;
        while (!corners.Select(corner => classifier.Classify(corner).ClassIndex).SequenceEqual([0, 1, 1, 0]) && samples < 100)
        {
            classifier.Learn(corners[samples % 4], samples % 4 is 1 or 2 ? 1 : 0);
            samples++;
        }

        Assert.InRange(samples, 1, 40);
        Assert.Null(classifier.Reason);
        Assert.All(corners, corner => Assert.True(classifier.Classify(corner).Probability is < 0.5f or >= 0.5f));
    }

    /// <summary>
    /// One sensor's values, all multiplied and shifted as by a sensor that drifts. The mean over 20 draws of 30 labelled samples is within a
    /// point of a network that was trained anew on all drifted rows.
    /// </summary>
    [Theory]
    [InlineData("ionosphere", "good_return", 0.5f, 0.3f)]
    [InlineData("breast_original", "malignant", 1.3f, 1f)]
    public void Thirty_samples_bring_a_drifted_sensor_back_within_a_point_of_retraining(string name, string label, float gain, float offset)
    {
        const int Draws = 20;
        LabelledTable train = AdaptableModels.Data(name + ".train.csv", label);
        LabelledTable test = AdaptableModels.Data(name + ".test.csv", label, train);
        LabelledTable driftedTrain = Drifted(train);
        LabelledTable driftedTest = Drifted(test);
        var network = new TrainingOptions { HiddenSizes = [16] };
        using EdgeModel retrained = EdgeModel.Load(EdgeTrainer.Train(driftedTrain, network).Model.Quantize(driftedTrain.Rows).ToBytes());
        using var again = new Classifier(retrained);
        double goal = Accuracy(driftedTest, row => again.Classify(row).ClassIndex);
        using EdgeModel model = EdgeModel.Load(AdaptableModels.File(name, train, Precision.Int8, new AdaptableOptions(), network));
        using var classifier = new AdaptiveClassifier(model);
        double factory = Accuracy(driftedTest, row => classifier.Classify(row).ClassIndex);
        double[] adapted = [.. Enumerable.Range(0, Draws).Select(draw =>
        {
            classifier.Reset();
            var random = new Random(draw);
            foreach (int row in Enumerable.Range(0, driftedTrain.Rows.Count).OrderBy(_ => random.Next()).Take(30).ToArray())
            {
                classifier.Learn(driftedTrain.Rows[row], driftedTrain.Labels[row]);
            }

            Assert.True(classifier.IsAdapted, classifier.Reason);
            return Accuracy(driftedTest, row => classifier.Classify(row).ClassIndex);
        })];
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: factory {factory:F1}, retrained {goal:F1}, adapted {adapted.Average():F1} (worst {adapted.Min():F1})");
        Assert.True(factory < goal - 3, $"The drift costs too little to show anything: {factory:F1} of {goal:F1}.");
        Assert.True(adapted.Average() >= goal - 1, $"factory {factory:F1}, retrained {goal:F1}, adapted {adapted.Average():F1}");

        LabelledTable Drifted(LabelledTable table) => table with { Rows = [.. table.Rows.Select(row => row.Select(x => (gain * x) + offset).ToArray())] };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_class_that_is_added_is_told_from_the_others(int neighbours)
    {
        LabelledTable all = AdaptableModels.Clouds(4, 6, 400, 8);
        LabelledTable known = all with
        {
            Rows = [.. all.Rows.Where((_, row) => all.Labels[row] < 3)],
            Labels = [.. all.Labels.Where(label => label < 3)],
            Classes = [.. all.Classes.Take(3)],
        };
        using EdgeModel model = EdgeModel.Load(AdaptableModels.File("known clouds", known, Precision.Int8, new AdaptableOptions { Neighbours = neighbours }));
        using var classifier = new AdaptiveClassifier(model);
        int added = classifier.AddClass("fourth");
        Assert.Equal(3, added);
        Assert.Equal(4, classifier.ClassCount);
        for (int i = 0; i < 80; i++)
        {
            if (all.Labels[i] == 3)
            {
                Assert.True(classifier.Learn(all.Rows[i], added));
            }
        }

        Assert.True(classifier.IsAdapted, classifier.Reason);
        int[] held = [.. Enumerable.Range(80, 320)];
        double right = held.Average(row => classifier.Classify(all.Rows[row]).ClassIndex == all.Labels[row] ? 1.0 : 0);
        Assert.True(right > 0.95, $"{right:P1} right");
        Decision decision = classifier.Classify(all.Rows[Array.IndexOf(all.Labels, 3, 80)]);
        Assert.Equal((3, "fourth"), (decision.ClassIndex, decision.ClassText));
        Assert.InRange(decision.Probability, 0.5f, 1f);
    }

    [Fact]
    public void The_threshold_of_anomalies_is_the_quantile_of_normal_samples()
    {
        LabelledTable table = AdaptableModels.Clouds(2, 6, 2000, 5);
        using EdgeModel model = EdgeModel.Load(AdaptableModels.File("normal clouds", table, Precision.Int8, new AdaptableOptions { AnomalyQuantile = 0.9 }));
        using var classifier = new AdaptiveClassifier(model);
        Assert.False(classifier.IsAnomaly);
        foreach (float[] row in table.Rows.Take(1500))
        {
            classifier.LearnNormal(row);
        }

        int above = table.Rows.Skip(1500).Count(row =>
        {
            classifier.Classify(row);
            return classifier.IsAnomaly;
        });
        Assert.InRange(above / 500.0, 0.05, 0.15);
    }

    private static double Accuracy(LabelledTable table, Func<float[], int> decide) =>
        100 * table.Rows.Zip(table.Labels).Average(pair => decide(pair.First) == pair.Second ? 1.0 : 0);
}
