extern alias nano;

using System.Reflection;
using EdgeRuntime;
using EdgeRuntime.Nano.Tests;
using ModelExporter.Emit;
using NanoClassifier = nano::EdgeRuntime.Nano.Classifier;
using NanoModel = nano::EdgeRuntime.Nano.NanoModel;
using NanoSession = nano::EdgeRuntime.Nano.NanoSession;

namespace ModelExporter.Tests.Decisions;

/// <summary>What a classifier said of one row.</summary>
/// <param name="Label">The class, −1 for none.</param>
/// <param name="Text">The class's text, or null where the engine gives none.</param>
/// <param name="Value">Probability or score: of class 1 of two, of the decided class of more.</param>
internal readonly record struct Decided(int Label, string? Text, float Value);

/// <summary>The classifiers of all engines behind one face. All that the tests of decisions know of the engines' classes is here.</summary>
internal static class EngineAdapter
{
    /// <summary>Every classifier that decides on a model, by name. The emitted one is missing where the emitter points to the table form.</summary>
    internal static IEnumerable<(string Engine, Func<float[], Decided> Decide)> Classifiers(byte[] file, EdgeModel model)
    {
        yield return ("EdgeRuntime", Desktop(model));
        yield return ("EdgeRuntime.Nano", Nano(file));
        if (Emitted(file) is { } emitted)
        {
            yield return ("emitted code", emitted);
        }
    }

    private static Func<float[], Decided> Desktop(EdgeModel model)
    {
        var classifier = new Classifier(model);
        return row => classifier.Classify(row) is var decision ? new Decided(decision.ClassIndex, decision.ClassText, decision.Probability) : default;
    }

    private static Func<float[], Decided> Nano(byte[] file)
    {
        var classifier = new NanoClassifier(new NanoSession(NanoModel.Load(file)));
        return row =>
        {
            int label = classifier.Classify(row);
            return new Decided(label, Text(classifier.ClassText, label), classifier.Probability);
        };
    }

    private static Func<float[], Decided>? Emitted(byte[] file)
    {
        EmittedModel emitted;
        try
        {
            emitted = NanoEmitter.Emit(file, new EmitOptions());
        }
        catch (InputException exception)
        {
            Assert.Contains("--form table", exception.Message, StringComparison.Ordinal);
            return null;
        }

        Type type = Assembly.Load(EmittedCode.Compile(emitted.Files)).GetType("Models.Model")!;
        var classify = type.GetMethod("Classify", [typeof(float[])])!.CreateDelegate<Func<float[], int>>();
        var classText = type.GetMethod("ClassText")!.CreateDelegate<Func<int, string>>();
        var probability = type.GetProperty("Probability")!.GetMethod!.CreateDelegate<Func<float>>();
        return row =>
        {
            int label = classify(row);
            return new Decided(label, Text(classText, label), probability());
        };
    }

    private static string? Text(Func<int, string> texts, int label) => label < 0 ? null : texts(label);
}
