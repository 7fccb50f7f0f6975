extern alias nano;

using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;
using Device = nano::EdgeInference.Nano;
using DeviceClassifier = nano::EdgeInference.Nano.Adaptation.AdaptiveClassifier;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>A state that is damaged, or of another model, is refused in a sentence, and the factory's head decides.</summary>
public class StateFileTests
{
    private const string Start = "The adapted state is not used: ";
    private const string End = "; the model decides as the factory made it.";

    private static readonly LabelledTable table = AdaptableModels.Clouds(3, 5, 120, 3);
    private static readonly AdaptableOptions options = new() { StoredSamples = 4, AddedClasses = 2 };

    [Fact]
    public void A_state_with_any_byte_damaged_is_refused()
    {
        byte[] file = AdaptableModels.File("clouds 3", table, Precision.Int8, options);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        var device = new DeviceClassifier(new Device.NanoSession(Device.NanoModel.Load(file)));
        byte[] empty = classifier.Save();
        byte[] state = Learned(classifier);
        var random = new Random(1);
        for (int i = 0; i < state.Length; i++)
        {
            byte[] damaged = [.. state];
            damaged[i] ^= (byte)(1 << random.Next(8));
            Refused(classifier.Restore(damaged));
            Assert.Equal(device.Restore(damaged), classifier.Restore(damaged));
            Assert.False(classifier.IsAdapted | device.IsAdapted);
            Assert.Equal(empty, classifier.Save());
        }

        for (int length = 0; length < state.Length; length++)
        {
            Refused(classifier.Restore(state.AsSpan(0, length)));
        }

        Refused(classifier.Restore([.. state, 0]));
        Assert.Equal(empty, classifier.Save());
        Assert.Null(classifier.Restore(state));
        Assert.Equal(state, classifier.Save());
    }

    /// <summary>Whoever can make a checksum can make any state; it still moves no logit further than the model says.</summary>
    [Fact]
    public void A_state_that_was_made_up_is_refused_or_within_the_limits()
    {
        byte[] file = AdaptableModels.File("clouds 3", table, Precision.Int8, options);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        byte[] state = Learned(classifier);
        int taken = 0;
        int refused = 0;
        Seeds.Each(3_000, seed =>
        {
            var random = new Random(seed);
            byte[] made = [.. state];
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                made[random.Next(StateFile.HeaderBytes, made.Length - 4)] = (byte)(random.Next(3) switch { 0 => 255, 1 => 127, _ => random.Next(256) });
            }

            BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(made.Length - 4), new ModelBytes(made).Crc32(0, made.Length, made.Length - 4));
            lock (classifier)
            {
                string? problem = classifier.Restore(made);
                taken += problem is null ? 1 : 0;
                refused += problem is null ? 0 : 1;
                bool good = problem is null || (problem.StartsWith(Start, StringComparison.Ordinal) && problem.EndsWith(End, StringComparison.Ordinal));
                classifier.Classify(table.Rows[(int)((uint)seed % table.Rows.Count)]);
                classifier.LearnNormal(table.Rows[(int)((uint)seed % table.Rows.Count)]);
                classifier.Learn(table.Rows[(int)((uint)seed % table.Rows.Count)], 0);
                return good && PoisonTests.LargestChange(model, file, classifier.Save(), seed) <= classifier.MaxLogitChange;
            }
        });
        Assert.True(taken > 0 && refused > 0, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public void A_state_of_another_model_is_refused_and_names_the_hash()
    {
        using EdgeModel first = EdgeModel.Load(AdaptableModels.File("clouds 3", table, Precision.Int8, options));
        using EdgeModel second = EdgeModel.Load(AdaptableModels.File("clouds 3", table, Precision.Int8, options with { LearningRate = 0.5 }));
        using var one = new AdaptiveClassifier(first);
        using var other = new AdaptiveClassifier(second);
        string? problem = other.Restore(Learned(one));
        Refused(problem);
        Assert.Contains("learned by another model, whose SHA-256 differs", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_SHA_256_of_the_model()
    {
        byte[] file = AdaptableModels.File("clouds 3", table, Precision.Int8, options);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        Assert.Equal(SHA256.HashData(file), classifier.Save()[12..44]);
    }

    private static byte[] Learned(AdaptiveClassifier classifier)
    {
        classifier.Reset();
        int added = classifier.AddClass("added");
        for (int i = 0; i < 60; i++)
        {
            classifier.LearnNormal(table.Rows[i]);
            classifier.Learn(table.Rows[i], i % 7 == 0 ? added : table.Labels[i]);
        }

        return classifier.Save();
    }

    private static void Refused(string? problem)
    {
        Assert.StartsWith(Start, problem, StringComparison.Ordinal);
        Assert.EndsWith(End, problem, StringComparison.Ordinal);
    }
}
