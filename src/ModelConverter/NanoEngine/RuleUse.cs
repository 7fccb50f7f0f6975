using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>Which types the rules of a model's operators meet: an engine refuses an operator of another type before it asks the rule.</summary>
internal sealed class RuleUse
{
    private const string Folder = "/Rules/";
    private const string Table = "/OperatorTable.cs";

    private readonly Dictionary<string, HashSet<TensorType>> types = [];

    /// <param name="sources">All sources.</param>
    /// <param name="use">What the model uses.</param>
    internal RuleUse(IReadOnlyList<(string Path, string Text)> sources, EngineUse use)
    {
        Dictionary<string, IReadOnlyList<string>> words = sources.Where(source => source.Path.Contains(Folder, StringComparison.Ordinal))
            .ToDictionary(source => Name(source.Path), source => Words(source.Text));
        string table = sources.Single(source => source.Path.EndsWith(Table, StringComparison.Ordinal)).Text;
        foreach ((Opcode opcode, TensorType type) in use.Operators)
        {
            // Each has a line in the table's Check, which names its rule.
            string label = $"case Opcode.{opcode}:";
            foreach (string line in table.Split('\n').Where(line => line.Contains(label, StringComparison.Ordinal)))
            {
                Add(Words(line), type, words);
            }
        }
    }

    /// <summary>The types that the rule of a file meets; null for a file that is no rule, and for one that no rule of the model calls.</summary>
    internal IReadOnlySet<TensorType>? Types(string path) => path.Contains(Folder, StringComparison.Ordinal) ? types.GetValueOrDefault(Name(path)) : null;

    // A rule that another one calls meets what that one meets.
    private void Add(IEnumerable<string> named, TensorType type, Dictionary<string, IReadOnlyList<string>> words)
    {
        foreach (string rule in named.Where(words.ContainsKey))
        {
            if (!types.TryGetValue(rule, out HashSet<TensorType>? met))
            {
                types.Add(rule, met = []);
            }

            if (met.Add(type))
            {
                Add(words[rule], type, words);
            }
        }
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    private static IReadOnlyList<string> Words(string text) => [.. SourceLexer.Tokens(text).Where(token => token.Kind == SourceTokenKind.Word).Select(token => token.Text)];
}
