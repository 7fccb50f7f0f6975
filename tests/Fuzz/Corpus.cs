using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Fuzz;

/// <summary>
/// The files that fuzzing found worth keeping: a folder for each target, and beside it a list of what becomes of each file.
/// Used by the fuzzer, and by the tests that run the files again.
/// </summary>
internal static partial class Corpus
{
    /// <summary>What an accepted file comes to.</summary>
    internal const string Accepted = "accepted";

    /// <summary>The folder with <c>layers.json</c> and <c>weights.safetensors</c>, which weights and lists of layers need.</summary>
    internal static string Companions { get; } = Path.Combine(Folder(), "companions");

    /// <summary>The targets that have files.</summary>
    internal static IEnumerable<string> Targets => Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)).Where(name => name != "companions").Order(StringComparer.Ordinal);

    /// <summary>The folder of a target's files.</summary>
    internal static string FolderOf(string target) => Path.Combine(Folder(), target);

    /// <summary>What becomes of a target's files now, one line each.</summary>
    /// <param name="target">The target.</param>
    /// <param name="refusal">Reads a file; gives the sentence with which it was refused, or null.</param>
    internal static string[] Outcomes(string target, Func<byte[], string?> refusal) =>
        [.. Directory.GetFiles(FolderOf(target)).Order(StringComparer.Ordinal).Select(path => $"{Path.GetFileName(path)}: {Kind(refusal(File.ReadAllBytes(path)))}")];

    /// <summary>What became of them when they were kept; rewritten first where EDGE_WRITE_GOLDEN is set.</summary>
    /// <param name="target">The target.</param>
    /// <param name="now">What becomes of them now.</param>
    internal static string[] Expected(string target, string[] now)
    {
        string list = Path.Combine(Folder(), target + ".txt");
        if (Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllLines(list, now);
        }

        return File.ReadAllLines(list);
    }

    /// <summary>A sentence without what differs from file to file: quoted names and numbers.</summary>
    internal static string Kind(string? refusal) => refusal is null ? Accepted : Number().Replace(Quoted().Replace(HelpTopic().Replace(refusal, "$1"), "''"), "0");

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "corpus");

    // The tool's own words, not the file's.
    [GeneratedRegex("'(edge help [a-z]+)'")]
    private static partial Regex HelpTopic();

    [GeneratedRegex("'.*'", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
