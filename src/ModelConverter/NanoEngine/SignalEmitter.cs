using System.Text;
using System.Text.RegularExpressions;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Writes of the sources of signal pipelines what one of them uses, as types to be nested in a class.</summary>
internal static partial class SignalEmitter
{
    /// <summary>The type that a program makes, as the written sources name it.</summary>
    public const string Core = "SignalCore";

    /// <summary>The type that rounds values to counts.</summary>
    public const string Counts = "SampleCounts";

    private const string Folder = "ModelFormat/Signals/";
    private const int BytesOfToken = 2;

    private static readonly string[] named = [Core, Counts];

    /// <summary>Reaches some members of a type, whatever they take.</summary>
    public static void Reach(SourceClosure closure, string type, IEnumerable<string> members)
    {
        foreach (string member in members)
        {
            closure.Reach(type, member, -1);
        }
    }

    /// <summary>The types, four spaces deep, and bytes of their IL at most: a token compiles to less than two.</summary>
    /// <param name="file">A model with a pipeline.</param>
    public static (string Text, int Bytes) Emit(ModelFile file)
    {
        var use = new EngineUse(file);
        List<SourceFile> files =
        [
            .. EngineSources.All()
                .Where(source => source.Path.StartsWith(Folder, StringComparison.Ordinal) && use.HasSignalPart(source.Path.Split('.')[^2]))
                .Select(source => SourceParser.Parse(source.Path, SourceCases.Reduce(source.Text, use, null, null))),
        ];
        var closure = new SourceClosure(files, (_, _) => false);
        Reach(closure, Core, [Core, "Add", "Features", "Reset", "RamBytes"]);
        Reach(closure, Counts, ["Of"]);
        List<(SourceType Type, IReadOnlyList<SourceMember> Members)> written =
        [
            .. files.SelectMany(source => source.Types).Where(closure.Has).Select(type => (type, (IReadOnlyList<SourceMember>)[.. type.Members.Where(closure.Has)])),
        ];
        var values = new SourceValues(written, named.Contains);
        var text = new StringBuilder();
        int tokens = 0;
        foreach ((SourceType type, IReadOnlyList<SourceMember> members) in written.Where(item => !values.Replaces(item.Type)))
        {
            text.Append(type.Header).Append('{');
            foreach (SourceMember member in members)
            {
                tokens += member.Tokens.Count;
                text.Append(SourceFields.Of(member, isNamed: false));
            }

            text.Append("\n    }\n");
        }

        List<(SourceType Type, SourceMember Member)> all = [.. written.SelectMany(item => item.Members.Select(member => (item.Type, member)))];

        // Documentation names parameters and types as they were before they got short names, which a compiler that reads it refuses.
        string sources = Documentation().Replace(values.Write(text.ToString()), "");
        return (SourceNames.Shorten(sources, SourceNames.Internal(all, named.Contains), SourceNames.InternalTypes(all, named.Contains)), tokens * BytesOfToken);
    }

    [GeneratedRegex(@"^ *///.*\n", RegexOptions.Multiline)]
    private static partial Regex Documentation();
}
