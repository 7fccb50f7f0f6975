using System.Globalization;
using System.Text;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Writes the sources of the nanoFramework engine that one model uses: its operators, each for its type, and what they call.</summary>
internal static class EngineEmitter
{
    /// <summary>The file of the sources.</summary>
    public const string SourceName = "EdgeInference.Nano.g.cs";

    private const string EnginePath = "EdgeRuntime.Nano/";
    private const string Ports = "/TensorPort.cs";
    private const string KernelTable = "/KernelTable.cs";
    private const string Session = "NanoSession";
    private const string Classifier = "Classifier";

    /// <summary>Emits an engine.</summary>
    /// <param name="file">The model.</param>
    /// <param name="classifier">Whether it has the class Classifier; null where the model can decide.</param>
    /// <param name="chunks">Whether it loads models in chunks.</param>
    /// <exception cref="InputException">The model cannot decide but a classifier is asked for, or it uses an operator that the engine does not have.</exception>
    public static EmittedEngine Emit(ModelFile file, bool? classifier, bool chunks)
    {
        if (classifier == true && file.Decision.Refusal is { } refusal)
        {
            throw new InputException("An engine with a classifier needs a model that decides. " + refusal);
        }

        var use = new EngineUse(file);
        var parts = new EngineParts(classifier ?? file.Decision.Refusal is null, chunks);
        IReadOnlyList<(string Path, string Text)> all = EngineSources.All();
        CheckKernels(file, all.Single(source => source.Path.EndsWith(KernelTable, StringComparison.Ordinal)).Text);
        var faults = new SourceFaults(all.Select(source => source.Text));
        var rules = new RuleUse(all, use);
        var files = new List<SourceFile>();
        foreach ((string path, string text) in all)
        {
            // Numbered first, so that a number means the same in every engine of this version.
            string numbered = faults.Number(text);
            if (IsPart(path, use, parts))
            {
                files.Add(SourceParser.Parse(path, SourceCases.Reduce(numbered, use, TypesOf(path, use), rules.Types(path))));
            }
        }

        var closure = new SourceClosure(files, (type, member) => type is Session or Classifier && !Takes(member, file));
        Reach(closure, file, parts);
        if (use.Has(MetadataKey.Signals))
        {
            SignalEmitter.Reach(closure, "SignalPipeline", ["Of", "Add", "Features", "Reset", "Count", "Channels", "ChannelName", "CountSize", "FeatureCount", "Hop", "Length", "RamBytes", "SamplePeriod"]);
        }

        var writer = new EngineWriter(files, closure, faults.Sentences);
        string source = writer.Write(Header(use, parts));
        return new EmittedEngine([(SourceName, source), .. EngineProject.Files()], [.. use.Operators.Select(pair => $"{pair.Opcode} {pair.Type}")], writer.Types, writer.AssemblyBytes);
    }

    private static IReadOnlySet<TensorType>? TypesOf(string path, EngineUse use) =>
        !path.StartsWith(EnginePath, StringComparison.Ordinal) ? null : path.EndsWith(Ports, StringComparison.Ordinal) ? use.PortTypes : use.Types;

    // By the first line of an operator, that of KernelTable.Has.
    private static void CheckKernels(ModelFile file, string table)
    {
        foreach (OperatorRecord record in file.Operators)
        {
            TensorType type = record.Inputs[0].Type;
            int start = table.IndexOf($"case Opcode.{record.Opcode}:", StringComparison.Ordinal);
            string line = start < 0 ? "" : table[start..table.IndexOf(';', start)];
            if (!line.Contains($"TensorType.{type}", StringComparison.Ordinal))
            {
                throw new InputException($"EdgeInference.Nano has no {record.Name} for {type}; export the model in another precision, or write it as code, --form code.");
            }
        }
    }

    // The file of a part implements partial methods: without it their calls are none.
    private static bool IsPart(string path, EngineUse use, EngineParts parts)
    {
        string[] names = path.Split('.');
        return names[^2] switch
        {
            "Decision" => parts.Classifier,
            "Calibration" => use.Has(MetadataKey.Calibration),
            "Statistics" => use.Has(MetadataKey.InputStatistics),
            "Chunks" => parts.Chunks,
            "Filters" or "Bands" or "Triangles" => use.HasSignalPart(names[^2]),
            _ => !path.EndsWith("/EmittedCode.cs", StringComparison.Ordinal),
        };
    }

    // Raw values of a type that the model does not take are refused by the compiler then.
    private static bool Takes(SourceMember member, ModelFile file)
    {
        IEnumerable<string> words = member.Tokens.TakeWhile(token => token.Text != "{").Select(token => token.Text);
        return words.All(word => word switch
        {
            "sbyte" => file.Inputs.All(tensor => tensor.Type == TensorType.Int8),
            "short" => file.Inputs.All(tensor => tensor.Type == TensorType.Int16),
            _ => true,
        });
    }

    private static void Reach(SourceClosure closure, ModelFile file, EngineParts parts)
    {
        closure.Reach("NanoModel", "Load", parts.Chunks ? -1 : 1);
        foreach (string length in (string[])["InputLength", "OutputLength"])
        {
            closure.Reach("NanoModel", length, -1);
            closure.Reach(Session, length, -1);
        }

        closure.Reach(Session, Session, 1);
        closure.Reach(Session, "Run", -1);
        bool hasState = file.Tensors.Any(tensor => tensor.Storage == TensorStorage.State);
        if (hasState)
        {
            closure.Reach(Session, "Reset", -1);
        }

        if (parts.Classifier)
        {
            foreach (string member in (string[])[Classifier, "None", "Classify", "ClassCount", "ClassText", "OutlierScore", "Probabilities", "Probability", "Reason", "Threshold", .. hasState ? (string[])["Reset"] : []])
            {
                closure.Reach(Classifier, member, -1);
            }
        }
    }

    private static string Header(EngineUse use, EngineParts parts)
    {
        var text = new StringBuilder();
        text.Append("// <auto-generated>\n");
        text.Append(CultureInfo.InvariantCulture, $"// Made by {ToolVersion.Text} with 'edge emit --engine'. Do not edit: emit again.\n");
        text.Append("// EdgeInference.Nano with these operators only, by the type of their first input:\n");
        foreach ((Opcode opcode, TensorType type) in use.Operators)
        {
            text.Append(CultureInfo.InvariantCulture, $"//   {opcode} {type}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"// {(parts.Classifier ? "With" : "Without")} Classifier, {(parts.Chunks ? "with" : "without")} models in chunks.\n");
        return text.ToString();
    }
}
