using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeInference.Tool.Commands;

namespace Documents.Tests;

/// <summary>
/// The shell and Python blocks of a document run one after the other, as its reader would run them from the repository's root,
/// in a folder that has the repository's <c>data</c>. A block that needs a board or a package that is not here says so in a
/// comment above it, <c>not run: why</c>; its syntax and its <c>edge</c> commands are checked all the same. What it would have written
/// is then a file of the repository, which the next block names: <c>with FILE as NAME</c>. A C# block with <c>run</c> above it runs too.
/// </summary>
public partial class ShellBlockTests
{
    // Debian's own: it is the one that has Debian's packages.
    private const string Python = "/usr/bin/python3";

    // A document is stopped after this long: a command that waits for something must not stop the tests for ever.
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    private static readonly Lazy<bool> hasBash = new(() => Finds("bash", "-c", "exit 0"));

    private static readonly Lazy<bool> hasOpenSsl = new(() => Finds("openssl", "version"));

    private static readonly Lazy<bool> hasPython = new(() => Finds(Python, "-c", "import ast"));

    private static readonly ConcurrentDictionary<string, Lazy<Task<(int ExitCode, string Output)>>> runs = new();

    public static TheoryData<string> DocumentsWithCommands => [.. CodeBlock.Documents().Where(document => CodeBlock.Of(document).Any(IsRunnable))];

    public static TheoryData<string> DocumentsWithBlocks => [.. CodeBlock.Documents().Where(document => CodeBlock.Of(document).Any(block => block.Language is "sh" or "python"))];

    [Theory]
    [MemberData(nameof(DocumentsWithCommands))]
    public async Task The_blocks_of_a_document_run(string document)
    {
        Assert.SkipUnless(hasBash.Value, "bash is not here");
        string missing = string.Join(", ", MissingPackages(document));
        Assert.SkipUnless(missing.Length == 0, $"{Python} has no {missing}");
        bool needsOpenSsl = CodeBlock.Of(document).Any(block => IsRunnable(block) && block.Code.Contains("openssl ", StringComparison.Ordinal));
        Assert.SkipWhen(needsOpenSsl && !hasOpenSsl.Value, "openssl is not here");
        IReadOnlyList<CodeBlock> blocks = CodeBlock.Of(document);
        (int exitCode, string output) = await runs.GetOrAdd(Commands(blocks), _ => new Lazy<Task<(int, string)>>(() => RunBlocks(blocks))).Value;
        Assert.True(exitCode == 0, $"{document} stopped with exit code {exitCode} after:\n{output}");
    }

    // What a shell is given by them, comments aside: translations of a document give it the same.
    private static string Commands(IEnumerable<CodeBlock> blocks) =>
        string.Join('\0', blocks.Where(IsRunnable).Select(block => $"{block.Language}\n{string.Join(',', block.Files)}\n{block.Context}\n{(block.Language == "sh" ? CommentPattern().Replace(block.Code, "") : block.Code)}"));

    private static async Task<(int ExitCode, string Output)> RunBlocks(IEnumerable<CodeBlock> blocks)
    {
        string folder = Directory.CreateTempSubdirectory("edge-documents-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "data"), Path.Combine(CodeBlock.Root(), "data"));
            string script = Path.Combine(folder, "blocks.sh");
            await File.WriteAllTextAsync(script, Script(blocks), TestContext.Current.CancellationToken);
            return await Run(folder, "bash", script);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Else a page could rot while all tests pass.
    [Theory]
    [InlineData("keras.md")]
    [InlineData("ml-net.md")]
    [InlineData("pytorch.md")]
    [InlineData("scikit-learn.md")]
    public void On_a_page_for_a_framework_all_but_Python_runs(string page) =>
        Assert.All(CodeBlock.Of("docs/how-do-i/" + page), block => Assert.True(IsRunnable(block) || block.Language == "python", $"{page}, line {block.Line} is not run"));

    [Theory]
    [MemberData(nameof(DocumentsWithBlocks))]
    public async Task The_syntax_of_every_block_is_right(string document)
    {
        Assert.SkipUnless(hasBash.Value, "bash is not here");
        string folder = Directory.CreateTempSubdirectory("edge-documents-").FullName;
        try
        {
            foreach (CodeBlock block in CodeBlock.Of(document).Where(block => block.Language is "sh" or "python"))
            {
                string file = Path.Combine(folder, $"block.{block.Language}");
                await File.WriteAllTextAsync(file, block.Code, TestContext.Current.CancellationToken);
                bool isShell = block.Language == "sh";
                if (isShell || hasPython.Value)
                {
                    (int exitCode, string output) = isShell ? await Run(folder, "bash", "-n", file) : await Run(folder, Python, "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", file);
                    Assert.True(exitCode == 0, $"{document}, line {block.Line}: {output}");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(DocumentsWithBlocks))]
    public void Every_edge_command_exists_with_its_options(string document)
    {
        foreach (CodeBlock block in CodeBlock.Of(document).Where(block => block.Language == "sh"))
        {
            foreach (string command in EdgeCommands(block.Code))
            {
                ParseResult result = EdgeCommand.CreateRoot().Parse(command);
                Assert.True(result.Errors.Count == 0, $"{document}, line {block.Line}: 'edge {command}': {string.Join(" ", result.Errors.Select(error => error.Message))}");
            }
        }
    }

    private static bool IsRunnable(CodeBlock block) => (block.Language is "sh" or "python" && block.NotRun is null) || block.IsProgram;

    // The packages that a document's Python blocks import and that are not here.
    private static IEnumerable<string> MissingPackages(string document) =>
        CodeBlock.Of(document)
            .Where(block => block.Language == "python" && IsRunnable(block))
            .SelectMany(block => ImportPattern().Matches(block.Code).Select(match => match.Groups["package"].Value))
            .Distinct()
            .Where(package => !hasPython.Value || !Finds(Python, "-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{package}') is None)"));

    // The commands of a block without comments, of lines joined where one ends in a backslash.
    private static IEnumerable<string> EdgeCommands(string code) =>
        code.Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Select(line => line.Split(" #")[0])
            .SelectMany(line => line.Split("&&"))
            .Select(line => line.Trim().Split([" > ", " | "], StringSplitOptions.None)[0])
            .Where(line => line.StartsWith("edge ", StringComparison.Ordinal))
            .Select(line => line["edge ".Length..]);

    private static string Script(IEnumerable<CodeBlock> blocks)
    {
        string tool = typeof(EdgeCommand).Assembly.Location;

        // Counting for a second compilation never pays in commands of seconds.
        string script = $"set -euo pipefail\nexport DOTNET_TieredPGO=0\nedge() {{ dotnet '{tool}' \"$@\"; }}\n";
        return blocks.Where(IsRunnable).Aggregate(script, (text, block) => text + $"echo '--- line {block.Line}'\n"
            + string.Concat(block.Files.Select(file => $"cp '{Path.Combine(CodeBlock.Root(), file.File)}' '{file.Name}'\n"))
            + block.Language switch
            {
                "sh" => block.Code,
                "python" => $"{Python} - <<'PROGRAM'\n{block.Code}PROGRAM\n",
                _ => CSharpProgram.Command(block, TestContext.Current.CancellationToken),
            });
    }

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

    private static async Task<(int ExitCode, string Output)> Run(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
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

    [GeneratedRegex("(?:^|[ \t]+)# .*$", RegexOptions.Multiline)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^(?:import|from)\s+(?<package>\w+)", RegexOptions.Multiline)]
    private static partial Regex ImportPattern();
}
