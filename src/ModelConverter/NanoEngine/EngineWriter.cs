using System.Globalization;
using System.Text;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Writes what a closure reaches as one source.</summary>
internal sealed class EngineWriter
{
    private const int BytesOfMember = 15;

    // What programs see of these is not theirs to set.
    private static readonly string[] KeptProperties = ["NanoModel", "NanoSession", "Classifier"];

    // Types whose members programs name.
    private static readonly string[] Named = [.. KeptProperties, "ModelFormatException"];

    private const string Explanation = """

        namespace EdgeInference.ModelFormat
        {
            partial class ModelFormatException
            {
                static partial void Explain(ref string problem)
                {
                    problem = problem[0] <= '9' ? "fault " + problem + "; 'edge inspect' says what is wrong" : problem + "; or emit the engine for this model";
                }
            }
        }

        """;

    private readonly IReadOnlyList<SourceFile> files;
    private readonly SourceClosure closure;
    private readonly IReadOnlyList<string> sentences;
    private readonly HashSet<string> namespaces;
    private readonly StringBuilder body = new();
    private int members;
    private int tokens;

    internal EngineWriter(IReadOnlyList<SourceFile> files, SourceClosure closure, IReadOnlyList<string> sentences)
    {
        this.files = [.. files.Where(file => file.Types.Any(closure.Has))];
        this.closure = closure;
        this.sentences = sentences;
        namespaces = [.. this.files.Select(file => file.Namespace)];
    }

    /// <summary>Types that were written.</summary>
    public int Types { get; private set; }

    /// <summary>Bytes of the assembly (.pe) on a device, estimated: a token takes about one, and names are short. docs/esp32.md has measured ones.</summary>
    public int AssemblyBytes => (tokens + (members * BytesOfMember)) * 93 / 100;

    /// <summary>The source.</summary>
    /// <param name="header">Comments to begin with.</param>
    public string Write(string header)
    {
        foreach (SourceFile file in files)
        {
            Write(file);
        }

        IEnumerable<(SourceType Type, SourceMember Member)> written = files.SelectMany(file => file.Types).SelectMany(type => type.Members.Where(closure.Has).Select(member => (type, member)));
        string sources = SourceNames.Shorten(body.Append(Explanation).ToString(), SourceNames.Internal(written, Named.Contains));
        var text = new StringBuilder(header);
        text.Append("// Faults of a model file, as messages number them:\n");
        for (int i = 0; i < sentences.Count; i++)
        {
            if (sources.Contains(string.Create(CultureInfo.InvariantCulture, $"\"{i + 1}\""), StringComparison.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"//   {i + 1}  {string.Join(' ', sentences[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}\n");
            }
        }

        return text.Append("// </auto-generated>\n").Append(sources).ToString();
    }

    private void Write(SourceFile file)
    {
        body.Append(CultureInfo.InvariantCulture, $"\n// {file.Path}\nnamespace {file.Namespace}\n{{\n");
        foreach (string used in file.Usings.Where(used => used == "System" || namespaces.Contains(used)))
        {
            body.Append(CultureInfo.InvariantCulture, $"    using {used};\n");
        }

        foreach (SourceType type in file.Types.Where(closure.Has))
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
                body.Append(KeptProperties.Contains(type.Name) ? member.Text : SourceFields.Of(member));
            }

            body.Append("\n    }");
        }

        body.Append("\n}\n");
    }
}
