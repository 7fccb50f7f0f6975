using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeInference.ModelConverter.Adaptation;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// The class Learner of emitted code: the learning heads of EdgeInference.ModelFormat as they are, with the numbers of the model as
/// constants, so that what they learn has the same bits as on the engines.
/// </summary>
internal static class LearningCode
{
    /// <summary>The array into which a run copies what the last layer reads.</summary>
    private const string Hidden = "Hidden";

    private const string Prefix = "LearningHeads/";

    // What the heads call of the engine.
    private static readonly string[] shared = ["NanoEngine/ModelFormat/Numerics/FixedPoint.cs", "NanoEngine/ModelFormat/Numerics/FixedPointExponential.cs", "NanoEngine/ModelFormat/Reading/Crc32Table.cs"];

    /// <summary>The last layer of a model whose emitted code learns; null where it does not.</summary>
    internal static OperatorRecord? Layer(ModelFile file) =>
        AdaptationRecord.IsIn(file) && Obstacle(file) is null ? file.Operators[file.Bytes.U16(file.Metadata.PayloadOffset(MetadataKey.Adaptation) + AdaptationRecord.OperatorOffset)] : null;

    /// <summary>Writes the statements that keep what the last layer reads.</summary>
    internal static void Keep(EmitContext context, TensorInfo hidden)
    {
        string array = context.Buffer(Hidden, "short", hidden.Elements);
        string less = hidden.ZeroPoint == 0 ? "" : $" - ({Literal.Of(hidden.ZeroPoint)})";
        if (context.Loops(hidden.Elements))
        {
            context.CloseMethod();
            ArrayPlace source = context.Source(hidden);
            context.BeginLoop($"for (int h = 0; h < {Literal.Of(hidden.Elements)}; h++)", hidden.Elements);
            context.Add($"{array}[h] = (short)({source.Name}[{Literal.Of(source.Offset)} + h]{less});", 9, 16);
            context.EndLoop();
            return;
        }

        for (int i = 0; i < hidden.Elements; i++)
        {
            context.Room(20, 2);
            context.Add($"{array}[{Literal.Of(i)}] = (short)({context.Read(hidden, i)}{less});", 6, 12);
        }
    }

    /// <summary>The nested classes; empty where the model has no learning heads.</summary>
    internal static string Of(ModelFile file, string model, string inputType)
    {
        if (!AdaptationRecord.IsIn(file))
        {
            return "";
        }

        if (Names().Select(Path.GetFileNameWithoutExtension).Append("Learner").Contains(model))
        {
            throw new InputException($"The class of a model that learns cannot be called {model}, the name of a class within it; choose another with --class.");
        }

        if (Obstacle(file) is { } obstacle)
        {
            return $"        // There is no Learner: {obstacle}\n\n";
        }

        var text = new StringBuilder();
        text.Append(Learner(file, model, inputType));
        foreach (string name in Names())
        {
            text.Append(Nested(name));
        }

        return text.ToString();
    }

    private static string? Obstacle(ModelFile file) =>
        file.Decision.Refusal is { } refusal ? EmitText.Plain(refusal)
        : file.Decision.Calibration is not null ? "the model's probabilities are calibrated, which emitted code cannot do to learned ones; use the table form with EdgeInference.Nano.Adaptation."
        : null;

    private static string Learner(ModelFile file, string model, string inputType)
    {
        HeadSettings settings = AdaptationRecord.Read(file);
        using EdgeModel engine = EdgeModel.Load(file.Bytes.Memory);
        using var factory = new Runtime.Adaptation.AdaptiveClassifier(engine);
        var head = new AdaptiveHead(settings);
        float[][] rows = [.. Enumerable.Range(0, head.TestCount).Select(i => Row(file, engine.InputLength, head.TestVector(i)))];
        short[][] tests = [.. HiddenVectors.Of(engine, rows).Vectors];
        int[] called = [.. rows.Select(row => Called(file, factory, row))];
        string template = Text(Prefix + "Learner.template");
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MODEL"] = model,
            ["INPUT"] = inputType,
            ["SETTINGS"] = Settings(settings),
            ["HASH"] = Numbers("byte", SHA256.HashData(file.Bytes.Memory.Span[..file.Length])),
            ["TESTS"] = Numbers("short", [.. tests.SelectMany(test => test)]),
            ["CALLED"] = Numbers("int", called),
            ["DECIDE"] = Decide(file.Decision, settings.Units),
            ["VALUE"] = settings.Units > 2 ? "shares[index]" : Invariant($"shares[{settings.Units - 1}]"),
            ["LOW"] = Literal.Of(file.Decision.AbstainLow),
            ["HIGH"] = Literal.Of(file.Decision.AbstainHigh),
        };
        foreach ((string key, string value) in values)
        {
            template = template.Replace("$" + key + "$", value, StringComparison.Ordinal);
        }

        return Indented(template);
    }

    // Without the abstain band, as the adapted head is judged.
    private static int Called(ModelFile file, Runtime.Adaptation.AdaptiveClassifier factory, float[] row)
    {
        factory.Classify(row);
        float[] values = factory.Probabilities.ToArray();
        return values.Length == 2 && !(file.Outputs[0].Elements == 2 && file.Decision.Threshold == DecisionMetadata.DefaultThreshold)
            ? file.Decision.Threshold <= values[1] ? 1 : 0
            : Array.IndexOf(values, values.Max());
    }

    private static float[] Row(ModelFile file, int length, int vector)
    {
        int place = file.SectionOffset(FormatLayout.SelfTestSection) + (4 * vector * length);
        return [.. Enumerable.Range(0, length).Select(i => file.Bytes.F32(place + (4 * i)))];
    }

    // The rule of DecisionRule on shares.
    private static string Decide(DecisionMetadata decision, int units) =>
        units > 2 ? "Highest(shares)"
        : units == 2 && decision.Threshold == DecisionMetadata.DefaultThreshold ? "shares[0] < shares[1] ? 1 : 0"
        : Invariant($"{Literal.Of(decision.Threshold)} <= shares[{units - 1}] / 32768f ? 1 : 0");

    private static string Settings(HeadSettings settings)
    {
        var text = new StringBuilder();
        foreach (System.Reflection.FieldInfo field in typeof(HeadSettings).GetFields().Where(field => !field.IsLiteral))
        {
            string value = field.GetValue(settings) switch
            {
                null => "null",
                bool flag => flag ? "true" : "false",
                int number => Literal.Of(number),
                short[] numbers => Numbers("short", numbers),
                int[] numbers => Numbers("int", numbers),
                long[] numbers => Numbers("long", numbers),
                byte[] numbers => Numbers("byte", numbers),
                object other => throw new InvalidOperationException($"{field.Name} is a {other.GetType().Name}."),
            };
            text.Append(CultureInfo.InvariantCulture, $"            settings.{field.Name} = {value};\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Numbers<T>(string type, IReadOnlyList<T> values) =>
        values.Count == 0 ? $"new {type}[0]" : string.Create(CultureInfo.InvariantCulture, $"new {type}[] {{ {string.Join(", ", values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))} }}");

    // What stands between the braces of a source's namespace, without comments: the model's file holds it once.
    private static string Nested(string name)
    {
        string source = Text(name);
        int open = source.IndexOf("\n{\n", source.IndexOf("namespace ", StringComparison.Ordinal), StringComparison.Ordinal);
        IEnumerable<string> lines = source[(open + 3)..source.LastIndexOf('}')].Split('\n')
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Length == 0 ? line : "    " + line);
        string text = string.Join('\n', lines).TrimEnd() + "\n\n";
        return text.Replace("static partial class", "internal static class", StringComparison.Ordinal).Replace("internal internal", "internal", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names() =>
        typeof(LearningCode).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".cs", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Concat(shared);

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(LearningCode).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Indented(string text) =>
        string.Concat(text.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : "        " + line + "\n")) + "\n";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
