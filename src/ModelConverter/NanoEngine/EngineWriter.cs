using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Writes what a closure reaches as one source.</summary>
internal sealed partial class EngineWriter
{
    private const int BytesOfMember = 15;

    // Types whose members programs name. What they see of the first three is not theirs to set.
    private static readonly string[] Named = ["NanoModel", "NanoSession", "Classifier", "ModelFormatException", "DecisionReason", "ChunkReader", "SignalPipeline"];

    // Of x != x, the test for NaN, and of fields and cases that only what the model does not use would write.
    private const string CutWarnings = "#pragma warning disable CS0649, CS1522, CS1718\n";

    private const string Explanation = """

        namespace EdgeInference.ModelFormat
        {
            partial class ModelFormatException
            {
                internal ModelFormatException(string section, int offset, int fault)
                    : this(section, offset, "fault " + fault.ToString() + "; 'edge inspect' says what is wrong")
                {
                }

                static partial void Explain(ref string problem)
                {
                    problem = problem[0] == 'f' ? problem : problem + "; or emit the engine for this model";
                }
            }
        }

        """;

    private readonly IReadOnlyList<SourceFile> files;
    private readonly SourceClosure closure;
    private readonly IReadOnlyList<string> sentences;
    private readonly HashSet<string> namespaces;
    private readonly SourceValues values;
    private readonly StringBuilder body = new();
    private int members;
    private int tokens;

    internal EngineWriter(IReadOnlyList<SourceFile> files, SourceClosure closure, IReadOnlyList<string> sentences)
    {
        this.files = [.. files.Where(file => file.Types.Any(closure.Has))];
        this.closure = closure;
        this.sentences = sentences;
        namespaces = [.. this.files.Select(file => file.Namespace)];
        values = new SourceValues(Written, Named.Contains);
    }

    /// <summary>Types that were written.</summary>
    public int Types { get; private set; }

    /// <summary>Bytes of the assembly (.pe) on a device, estimated: a token takes about one, and names are short. docs/esp32.md has measured ones.</summary>
    public int AssemblyBytes => (tokens + (members * BytesOfMember)) * 90 / 100;

    /// <summary>The source.</summary>
    /// <param name="header">Comments to begin with.</param>
    public string Write(string header)
    {
        foreach (SourceFile file in files)
        {
            Write(file);
        }

        List<(SourceType Type, SourceMember Member)> written = [.. Written.SelectMany(item => item.Members.Select(member => (item.Type, member)))];
        string sources = values.Write(body.Append(Explanation).ToString());
        sources = SourceNames.Shorten(sources, SourceNames.Internal(written, Named.Contains), SourceNames.InternalTypes(written, Named.Contains));
        HashSet<string> used = [.. FaultNumber().Matches(sources).Select(match => match.Value)];
        var text = new StringBuilder(header);
        text.Append("// Faults of a model file, as messages number them:\n");
        for (int i = 0; i < sentences.Count; i++)
        {
            if (used.Contains(SourceFaults.Text(i + 1)))
            {
                text.Append(CultureInfo.InvariantCulture, $"//   {i + 1}  {string.Join(' ', sentences[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}\n");
            }
        }

        return text.Append("// </auto-generated>\n").Append(CutWarnings).Append(sources).ToString();
    }

    private IEnumerable<(SourceType Type, IReadOnlyList<SourceMember> Members)> Written =>
        files.SelectMany(file => file.Types).Where(closure.Has).Select(type => (type, (IReadOnlyList<SourceMember>)[.. type.Members.Where(closure.Has)]));

    [GeneratedRegex(@"/\*fault\*/\d+")]
    private static partial Regex FaultNumber();

    // Kernels and rules are in the namespaces of what uses them: an assembly holds the name of each.
    private static string Outer(string space) => space.EndsWith(".Kernels", StringComparison.Ordinal) || space.EndsWith(".Rules", StringComparison.Ordinal) ? space[..space.LastIndexOf('.')] : space;

    private void Write(SourceFile file)
    {
        List<SourceType> types = [.. file.Types.Where(type => closure.Has(type) && !values.Replaces(type))];
        if (types.Count == 0)
        {
            return;
        }

        body.Append(CultureInfo.InvariantCulture, $"\n// {file.Path}\nnamespace {Outer(file.Namespace)}\n{{\n");
        foreach (string used in file.Usings.Where(used => used == "System" || namespaces.Contains(used)).Select(Outer).Where(used => used != Outer(file.Namespace)).Distinct())
        {
            body.Append(CultureInfo.InvariantCulture, $"    using {used};\n");
        }

        foreach (SourceType type in types)
        {
            Types++;
            tokens += type.HeaderTokens.Count;
            body.Append(type.Header);
            if (type.IsDelegate)
            {
                continue;
            }

            body.Append('{');
            foreach (SourceMember member in type.Members.Where(closure.Has))
            {
                members++;
                tokens += member.Tokens.Count;
                body.Append(SourceFields.Of(member, Named.Contains(type.Name)));
            }

            body.Append("\n    }");
        }

        body.Append("\n}\n");
    }
}
