namespace Documents.Tests;

/// <summary>What somebody reads who has packages and no clone: their commands run in an empty folder, by Packages.Tests, and not in the clone.</summary>
internal static class StrangerDocuments
{
    // The paragraph above a block that needs more than packages says so to its reader, in one of these words.
    private static readonly string[] elsewhere = ["in the clone", "on the board", "on a Raspberry Pi", "on the Raspberry Pi", "在克隆中", "在开发板上"];

    /// <summary>README, tutorial, the pages of how-do-i, and the READMEs of packages; nanoFramework's packages run on boards alone.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. CodeBlock.Documents().Where(IsOne)];

    /// <summary>README in another language, which has README's commands; a test holds one to the other.</summary>
    internal const string Translation = "README.zh-CN.md";

    /// <summary>Whether a block's page says that it is for a clone or a board.</summary>
    internal static bool IsElsewhere(CodeBlock block) => elsewhere.Any(words => block.Above.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a block runs in an empty folder; what does not is Python without its packages, C# for a board, or what <see cref="IsElsewhere"/>.</summary>
    internal static bool IsRun(CodeBlock block) => block.Language switch
    {
        "sh" => !IsElsewhere(block),
        "python" => block.NotRun is null,
        _ => block.IsProgram,
    };

    private static bool IsOne(string document) =>
        document is "README.md" or "docs/tutorial.md" or "templates/README.md" or "tools/ModelExporter/README.md"
        || document.StartsWith("docs/how-do-i/", StringComparison.Ordinal)
        || (document.StartsWith("src/", StringComparison.Ordinal) && !document.StartsWith("src/EdgeRuntime.Nano", StringComparison.Ordinal));
}
