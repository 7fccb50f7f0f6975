using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Documents.Tests;

/// <summary>Runs blocks of a document one after the other in one shell.</summary>
internal static partial class BlockRunner
{
    /// <summary>Debian's own: it is the one that has Debian's packages.</summary>
    internal const string Python = "/usr/bin/python3";

    // A document is stopped after this long: a command that waits for something must not stop the tests for ever.
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(15);

    private static readonly Lazy<bool> hasBash = new(() => Finds("bash", "-c", "exit 0"));

    private static readonly Lazy<bool> hasOpenSsl = new(() => Finds("openssl", "version"));

    private static readonly Lazy<bool> hasPython = new(() => Finds(Python, "-c", "import ast"));

    internal static bool HasBash => hasBash.Value;

    internal static bool HasPython => hasPython.Value;

    /// <summary>Skips a test where blocks need what this machine does not have.</summary>
    internal static void SkipWithoutTools(IReadOnlyCollection<CodeBlock> blocks)
    {
        Assert.SkipUnless(HasBash, "bash is not here");
        string missing = string.Join(", ", MissingPackages(blocks));
        Assert.SkipUnless(missing.Length == 0, $"{Python} has no {missing}");
        Assert.SkipWhen(blocks.Any(block => block.Code.Contains("openssl ", StringComparison.Ordinal)) && !hasOpenSsl.Value, "openssl is not here");
    }

    /// <summary>A script of blocks.</summary>
    /// <param name="start">What comes before them.</param>
    /// <param name="blocks">The blocks that run.</param>
    /// <param name="program">The command for a block of C#.</param>
    internal static string Script(string start, IEnumerable<CodeBlock> blocks, Func<CodeBlock, string> program) =>
        blocks.Aggregate($"set -euo pipefail\n{start}", (text, block) => text + $"echo '{Heading(block)}'\n"
            + string.Concat(block.Files.Select(file => $"cp '{Path.Combine(CodeBlock.Root(), file.File)}' '{file.Name}'\n"))
            + block.Language switch
            {
                "sh" => block.Code,
                "python" => $"{Python} - <<'PROGRAM'\n{block.Code}PROGRAM\n",
                _ => program(block) + "\n",
            });

    /// <summary>Holds what the blocks of a document said to its <c>printed</c> blocks: the program before each prints its lines in their order.</summary>
    internal static void AssertPrinted(string document, string output)
    {
        IReadOnlyList<CodeBlock> blocks = CodeBlock.Of(document);
        foreach (CodeBlock block in blocks.Where(block => block.IsPrinted))
        {
            CodeBlock program = blocks.Last(other => other.Line < block.Line && other.IsProgram);
            string said = "\n" + output.ReplaceLineEndings("\n").Split(Heading(program) + "\n")[1].Split("\n--- line ")[0] + "\n";
            int from = 0;
            foreach (string line in block.Code.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                int at = said.IndexOf("\n" + line + "\n", from, StringComparison.Ordinal);
                Assert.True(at >= 0, $"{document}, line {block.Line}: '{line}' is not printed there, but:{said}");
                from = at + line.Length + 1;
            }
        }
    }

    /// <summary>Runs blocks of this test project in a folder of their own with the repository's data, with the tool that the tests were built with.</summary>
    /// <param name="document">Whose blocks they are.</param>
    /// <param name="edge">What makes <c>edge</c> a word of the shell.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="program">The command for a block of C#.</param>
    internal static async Task<string> RunInFolder(string document, string edge, IReadOnlyCollection<CodeBlock> blocks, Func<CodeBlock, string> program)
    {
        SkipWithoutTools(blocks);
        string folder = Directory.CreateTempSubdirectory("edge-documents-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "data"), Path.Combine(CodeBlock.Root(), "data"));
            string script = Path.Combine(folder, "blocks.sh");
            await File.WriteAllTextAsync(script, Script(edge, blocks, program), TestContext.Current.CancellationToken);
            (int exitCode, string output) = await Run(folder, null, "bash", script);
            Assert.True(exitCode == 0, $"{document} stopped with exit code {exitCode} after:\n{output}");
            return output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="folder">Where it stands.</param>
    /// <param name="prepare">What changes its environment.</param>
    /// <param name="program">What is run.</param>
    /// <param name="arguments">With what.</param>
    internal static async Task<(int ExitCode, string Output)> Run(string folder, Action<IDictionary<string, string?>>? prepare, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        prepare?.Invoke(start.Environment);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var timeout = new CancellationTokenSource(longest);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} took longer than {longest}.");
        }

        return (process.ExitCode, await output + await error);
    }

    private static string Heading(CodeBlock block) => $"--- line {block.Line}";

    // The packages that Python blocks import and that are not here.
    private static IEnumerable<string> MissingPackages(IEnumerable<CodeBlock> blocks) =>
        blocks.Where(block => block.Language == "python")
            .SelectMany(block => ImportPattern().Matches(block.Code).Select(match => match.Groups["package"].Value))
            .Distinct()
            .Where(package => !HasPython || !Finds(Python, "-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{package}') is None)"));

    private static bool Finds(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(?:import|from)\s+(?<package>\w+)", RegexOptions.Multiline)]
    private static partial Regex ImportPattern();
}
