extern alias nano;

using System.Globalization;
using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;
using NanoClassifier = nano::EdgeInference.Nano.Classifier;
using NanoModel = nano::EdgeInference.Nano.NanoModel;
using NanoSession = nano::EdgeInference.Nano.NanoSession;

namespace EdgeInference.Tool.Tests.Decisions;

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
        yield return ("EdgeInference.Nano", Nano(file));
        if (Emitted(file) is { } emitted)
        {
            yield return ("emitted code", emitted);
        }
    }

    /// <summary>What each engine says of a model that does not decide: an exception's message, or the comment in the emitted file.</summary>
    internal static IEnumerable<string> Refusals(byte[] file, EdgeModel model)
    {
        yield return Assert.ThrowsAny<ArgumentException>(() => Desktop(model)).Message;
        var session = new NanoSession(NanoModel.Load(file));
        yield return Assert.ThrowsAny<Exception>(() => new NanoClassifier(session)).Message;
        string code = string.Concat(NanoEmitter.Emit(file, new EmitOptions()).Files.Select(part => part.Text));
        Assert.DoesNotContain(" Classify(", code, StringComparison.Ordinal);
        yield return code.Split('\n').Single(line => line.Contains("There is no Classify", StringComparison.Ordinal));
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
        MethodInfo classify = type.GetMethods().Single(method => method.Name == "Classify");
        var classText = type.GetMethod("ClassText")!.CreateDelegate<Func<int, string>>();
        var probability = type.GetProperty("Probability")!.GetMethod!.CreateDelegate<Func<float>>();
        return row =>
        {
            Array input = Quantized(type, row, classify.GetParameters()[0].ParameterType.GetElementType()!);
            int label = (int)classify.Invoke(null, [input])!;
            return new Decided(label, Text(classText, label), probability());
        };
    }

    private static Array Quantized(Type model, float[] row, Type element)
    {
        if (element == typeof(float))
        {
            return row;
        }

        float scale = (float)model.GetField("InputScale")!.GetRawConstantValue()!;
        int zero = (int)model.GetField("InputZeroPoint")!.GetRawConstantValue()!;
        Array input = Array.CreateInstance(element, row.Length);
        for (int i = 0; i < row.Length; i++)
        {
            input.SetValue(Convert.ChangeType(MathF.Round(row[i] / scale) + zero, element, CultureInfo.InvariantCulture), i);
        }

        return input;
    }

    private static string? Text(Func<int, string> texts, int label) => label < 0 ? null : texts(label);
}
