using System.Security.Cryptography;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>Whoever labels samples can move no decision beyond the stated limit, and the factory's head takes over where it does harm.</summary>
public class PoisonTests
{
    private static readonly LabelledTable table = AdaptableModels.Clouds(3, 5, 120, 3);

    [Theory]
    [InlineData(Precision.Int8, true)]
    [InlineData(Precision.Int8, false)]
    [InlineData(Precision.Int16, true)]
    [InlineData(Precision.Int16, false)]
    public void The_worst_labels_for_thousands_of_samples_stay_within_the_limit(Precision precision, bool anchored)
    {
        byte[] file = AdaptableModels.File("clouds 3", table, precision, new AdaptableOptions { Anchored = anchored, MaxLogitChange = 3, Passes = 1, StoredSamples = 8, LearningRate = 4 });
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        using var factory = new Classifier(model);
        float largest = 0;
        for (int i = 0; i < 3000; i++)
        {
            float[] row = table.Rows[i % table.Rows.Count];
            Decision decision = classifier.Classify(row);
            if (!classifier.IsAdapted)
            {
                Assert.Equal(factory.Classify(row), decision);
            }

            // What the model thinks least likely.
            int worst = Array.IndexOf(classifier.Probabilities.ToArray(), classifier.Probabilities.ToArray().Min());
            classifier.Learn(row, worst);
            if (i % 100 == 99)
            {
                largest = Math.Max(largest, LargestChange(model, file, classifier.Save(), i));
            }
        }

        Assert.Equal(3f, classifier.MaxLogitChange);
        Assert.InRange(largest, 0.5f, 3f);
        if (!anchored)
        {
            Assert.False(classifier.IsAdapted);
            Assert.Matches("^The adapted head has [0-9]+ of 16 self-test samples right, the factory head [0-9]+; the factory head decides\\.$", classifier.Reason);
        }

        // Good samples bring it back.
        for (int i = 0; i < 600; i++)
        {
            classifier.Learn(table.Rows[i % table.Rows.Count], table.Labels[i % table.Rows.Count]);
        }

        Assert.True(classifier.IsAdapted, classifier.Reason);
    }

    /// <summary>The most that a state moves a logit, over random hidden vectors and those at their bounds.</summary>
    internal static float LargestChange(EdgeModel model, byte[] file, byte[] state, int seed)
    {
        HeadSettings settings = AdaptationRecord.Read(model.File);
        var learned = new AdaptiveHead(settings);
        var factory = new AdaptiveHead(settings);
        Assert.Null(StateFile.Read(state, learned, SHA256.HashData(file)));
        var random = new Random(seed);
        long largest = 0;
        int low = settings.IsWide ? short.MinValue : sbyte.MinValue - settings.ZeroPoint;
        int high = settings.IsWide ? short.MaxValue : sbyte.MaxValue - settings.ZeroPoint;
        for (int i = 0; i < 40; i++)
        {
            for (int k = 0; k < settings.Depth; k++)
            {
                learned.Hidden[k] = factory.Hidden[k] = (short)(i % 2 == 0 ? random.Next(low, high + 1) : random.Next(2) == 0 ? low : high);
            }

            learned.Decide();
            factory.Decide();
            largest = Math.Max(largest, learned.Dense.Logits.Zip(factory.Dense.Logits).Max(pair => Math.Abs(pair.First - pair.Second)));
        }

        return largest / (float)(1L << settings.FractionBits);
    }
}
