extern alias nano;

using System.Globalization;
using System.Reflection;
using EdgeRuntime;
using EdgeRuntime.Nano.Tests;
using ModelExporter.Emit;
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

    /// <summary>What each engine says of a model that does not decide: an exception's message, or the comment in the emitted file.</summary>
    internal static IEnumerable<string> Refusals(byte[] file, EdgeModel model, float[] row)
    {
        yield return Assert.ThrowsAny<ArgumentException>(() => Desktop(model)).Message;
        var session = new NanoSession(NanoModel.Load(file));
        yield return Assert.Throws<InvalidOperationException>(() => session.Classify(row)).Message;
        string code = string.Concat(NanoEmitter.Emit(file, new EmitOptions()).Files.Select(part => part.Text));
        Assert.DoesNotContain(" Classify(", code, StringComparison.Ordinal);
        yield return code.Split('\n').Single(line => line.Contains("There is no Classify", StringComparison.Ordinal));
    }

    private static Func<float[], Decided> Desktop(EdgeModel model)
    {
        if (model.OutputLength <= 2)
        {
            var binary = new BinaryClassifier(model);
            return row => binary.Decide(row) is var decision ? new Decided(decision.Label, binary.LabelText(decision.Label), decision.Probability) : default;
        }

        var classifier = new Classifier(model);
        return row => classifier.Decide(row) is var decision ? new Decided(decision.Label, classifier.LabelText(decision.Label), decision.Probability) : default;
    }

    private static Func<float[], Decided> Nano(byte[] file)
    {
        NanoModel model = NanoModel.Load(file);
        var session = new NanoSession(model);
        string[] texts = model.File.Metadata.TextList(nano::ModelFormat.MetadataKey.Labels);
        return row =>
        {
            int label = session.Classify(row);
            return new Decided(label, Text(texts, label), Value(session.Scores, label));
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
        MethodInfo run = type.GetMethod("Run")!;
        string[] texts = (string[])type.GetField("Labels")!.GetValue(null)!;
        int outputs = (int)type.GetField("OutputLength")!.GetRawConstantValue()!;
        return row =>
        {
            Array input = Quantized(type, row, classify.GetParameters()[0].ParameterType.GetElementType()!);
            Array results = Array.CreateInstance(run.GetParameters()[1].ParameterType.GetElementType()!, outputs);
            int label = (int)classify.Invoke(null, [input])!;
            run.Invoke(null, [input, results]);
            return new Decided(label, Text(texts, label), Value(Real(type, results), label));
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

    private static float[] Real(Type model, Array results)
    {
        if (results is float[] values)
        {
            return values;
        }

        float scale = (float)model.GetField("OutputScale")!.GetRawConstantValue()!;
        int zero = (int)model.GetField("OutputZeroPoint")!.GetRawConstantValue()!;
        return [.. results.Cast<IConvertible>().Select(value => scale * (value.ToInt32(CultureInfo.InvariantCulture) - zero))];
    }

    private static string? Text(string[] texts, int label) => label >= 0 && label < texts.Length ? texts[label] : null;

    private static float Value(float[] outputs, int label) => outputs.Length <= 2 ? outputs[^1] : label < 0 ? float.NaN : outputs[label];
}
