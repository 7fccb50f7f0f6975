using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Documents.Tests;

/// <summary>A fenced block of README or docs.</summary>
/// <param name="Document">The document's path below the repository's root, with forward slashes.</param>
/// <param name="Line">The line of the opening fence, from 1.</param>
/// <param name="Language">The word after the fence; empty where there is none.</param>
/// <param name="Code">What the block holds.</param>
/// <param name="Context">What a comment above the block declares for it (<c>compiled with:</c>); empty where there is none.</param>
/// <param name="NotRun">Why the block cannot be run here (<c>not run:</c> in a comment above it); null where it is run.</param>
/// <param name="Files">Files of the repository and the names that the block reads them by (<c>with FILE as NAME</c> in a comment above it), in place of what a block that is not run would have written.</param>
/// <param name="Above">The paragraph or heading above the block; empty where another block is above it.</param>
/// <param name="IsProgram">Whether C# is run, and not only compiled (<c>run</c> in a comment above it).</param>
/// <param name="IsPrinted">Whether the program before it prints the text, a line after the other, with others between (<c>printed</c> in a comment above it).</param>
internal sealed partial record CodeBlock(string Document, int Line, string Language, string Code, string Context, string? NotRun, IReadOnlyList<(string File, string Name)> Files, string Above, bool IsProgram, bool IsPrinted)
{
    internal static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    /// <summary>README in each language, CONTRIBUTING, docs, and the READMEs beside sources and samples.</summary>
    internal static IEnumerable<string> Documents()
    {
        string root = Root();
        IEnumerable<string> below = new[] { "docs", "src", "samples", "tools", "templates", "data" }
            .Select(folder => Path.Combine(root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories))
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        return Directory.GetFiles(root, "*.md").Concat(below).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    internal static string Text(string document) => File.ReadAllText(Path.Combine(Root(), document)).ReplaceLineEndings("\n");

    /// <summary>All blocks of a document in their order.</summary>
    internal static IReadOnlyList<CodeBlock> Of(string document)
    {
        string text = Text(document);
        return [.. Pattern().Matches(text).Select(match => new CodeBlock(
            document,
            text.AsSpan(0, match.Groups["language"].Index).Count('\n') + 1,
            match.Groups["language"].Value,
            match.Groups["code"].Value,
            match.Groups["context"].Value,
            match.Groups["reason"].Success ? match.Groups["reason"].Value.Trim() : null,
            [.. match.Groups["file"].Captures.Zip(match.Groups["name"].Captures, (file, name) => (file.Value, name.Value))],
            ParagraphBefore(text[..match.Index].TrimEnd()),
            match.Groups["program"].Success,
            match.Groups["printed"].Success))];
    }

    /// <summary>C# as a program: a fragment's context is declared in a comment above it, what it uses before the fragment and types after it.</summary>
    internal string WholeCode()
    {
        string[] context = Context.Split('\n');
        return string.Join('\n', context.Where(line => !line.StartsWith("static class", StringComparison.Ordinal))) + "\n" + Code
            + string.Join('\n', context.Where(line => line.StartsWith("static class", StringComparison.Ordinal)));
    }

    private static string ParagraphBefore(string text) => text.EndsWith("```", StringComparison.Ordinal) ? "" : text[(text.LastIndexOf("\n\n", StringComparison.Ordinal) + 1)..].Trim();

    [GeneratedRegex("(?:<!-- compiled with:\n(?<context>[^>]*?)-->\n|<!-- not run:(?<reason>[^>]*?)-->\n|<!-- with (?<file>\\S+) as (?<name>[^\\s,]+)(?:, (?<file>\\S+) as (?<name>[^\\s,]+))* -->\n|(?<program><!-- run -->)\n|(?<printed><!-- printed -->)\n)?^```(?<language>[^\n]*)\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Pattern();
}
