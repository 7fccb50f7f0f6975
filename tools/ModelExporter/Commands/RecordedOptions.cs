using System.CommandLine;
using System.CommandLine.Parsing;

namespace EdgeInference.Tool.Commands;

/// <summary>The options of a command line that a file records. No path, so that the same input gives the same bytes.</summary>
internal static class RecordedOptions
{
    // Options that say where results go or how they are printed, not what they are.
    private static readonly string[] Without = ["--output", "--onnx", "--history", "--json", "--quiet", "--help"];

    private static readonly string[] Paths = ["--calibrate", "--layers", "--data"];

    /// <summary>The options that were given and change the model, by name, with their values.</summary>
    internal static string Of(ParseResult result) => string.Join(' ', result.CommandResult.Children
        .OfType<OptionResult>()
        .Where(option => !option.Implicit && !Without.Contains(option.Option.Name))
        .OrderBy(option => option.Option.Name, StringComparer.Ordinal)
        .Select(option => string.Join(' ', [option.Option.Name, .. option.Tokens.Select(token => Word(token.Value, Paths.Contains(option.Option.Name)))])));

    // Of a path only the name of the file is kept; a unit or a label may hold a slash too.
    private static string Word(string value, bool isPath)
    {
        string word = isPath ? Path.GetFileName(value) : value;
        return word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;
    }
}
