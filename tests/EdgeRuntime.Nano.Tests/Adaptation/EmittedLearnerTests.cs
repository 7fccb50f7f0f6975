using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>Emitted code learns the same bits as the engine, and needs no engine for it.</summary>
public class EmittedLearnerTests
{
    [Theory]
    [InlineData(2, Precision.Int8, 0, false)]
    [InlineData(2, Precision.Int16, 3, false)]
    [InlineData(3, Precision.Int8, 3, true)]
    [InlineData(4, Precision.Int16, 0, true)]
    public void A_thousand_samples_leave_the_same_state_and_decisions(int classes, Precision precision, int neighbours, bool packed)
    {
        LabelledTable table = AdaptableModels.Clouds(classes, 5, 120, classes);
        byte[] file = AdaptableModels.File($"clouds {classes}", table, precision, new AdaptableOptions { Neighbours = neighbours, Passes = 1, StoredSamples = 12 });
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new AdaptiveClassifier(model);
        EmittedModel emitted = packed ? NanoEmitter.EmitPacked(file, new EmitOptions()) : NanoEmitter.Emit(file, new EmitOptions());

        // What the model itself calls of the engine, the softmax of int8, is all.
        byte[] assembly = EmittedCode.Compile(emitted.Files);
        Assert.Empty(NanoGuard.Check(assembly, emitted.NeedsEngine ? ["EdgeInference.Nano"] : []));
        Assert.Equal(precision == Precision.Int8 && classes > 2, emitted.NeedsEngine);
        Type type = Assembly.Load(assembly).GetType("Models.Model+Learner", throwOnError: true)!;
        object learner = Activator.CreateInstance(type)!;
        Assert.Equal(classes, classifier.AddClass("new"));
        Assert.Equal(classes, Call("AddClass", "new"));

        // Two classes of one text would be told apart by nobody.
        foreach (string text in (string[])["new", classifier.ClassText(1)])
        {
            string refusal = Assert.Throws<ArgumentException>(() => classifier.AddClass(text)).Message;
            Assert.Contains($" has the text '{text}' already; learn with its number, or give another text.", refusal, StringComparison.Ordinal);
            Assert.StartsWith(Assert.IsType<ArgumentException>(Assert.Throws<TargetInvocationException>(() => Call("AddClass", text)).InnerException).Message, refusal, StringComparison.Ordinal);
        }

        var random = new Random(classes);
        for (int i = 0; i < 1000; i++)
        {
            float[] row = [.. table.Rows[random.Next(table.Rows.Count)].Select(x => x + (random.NextSingle() * 2))];
            int label = random.Next(classes + 1);
            Assert.Equal(classifier.Learn(row, label), Call("Learn", row, label));
            Assert.Equal(classifier.LearnNormal(row), Call("LearnNormal", row));
            if (i % 10 == 0)
            {
                float[] other = [.. row.Select(x => x * random.NextSingle() * 2)];
                Decision decision = classifier.Classify(other);
                Assert.Equal(decision.ClassIndex, Call("Classify", other));
                Assert.Equal((decision.Probability, classifier.AnomalyScore, classifier.AnomalyThreshold, classifier.IsAnomaly), (Get("Probability"), Get("AnomalyScore"), Get("AnomalyThreshold"), Get("IsAnomaly")));
                Assert.Equal((classifier.AdaptedRight, classifier.FactoryRight, classifier.IsAdapted), (Get("AdaptedRight"), Get("FactoryRight"), Get("IsAdapted")));
            }
        }

        byte[] state = classifier.Save();
        Assert.Equal(state, Call("Save"));
        learner = Activator.CreateInstance(type)!;
        Assert.Null(Call("Restore", state));
        Assert.Equal(state, Call("Save"));
        Assert.StartsWith("The adapted state is not used: ", (string?)Call("Restore", new byte[100]), StringComparison.Ordinal);
        Assert.Equal(false, Call("Learn", (float[])[float.NaN, .. table.Rows[0].Skip(1)], 0));

        object? Call(string name, params object[] arguments) => type.GetMethod(name)!.Invoke(learner, arguments);

        object? Get(string name) => type.GetProperty(name)!.GetValue(learner);
    }
}
