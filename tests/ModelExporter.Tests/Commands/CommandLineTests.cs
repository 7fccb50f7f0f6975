using System.Diagnostics;
using System.Text.Json;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>The command line itself: help, suggestions, completion, JSON, and what an interrupted command leaves behind.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const int TerminalWidth = 80;
    private readonly string folder = Directory.CreateTempSubdirectory("edge-tests-").FullName;

    public static TheoryData<string> Names => [.. EdgeCommand.CreateRoot().Subcommands.Where(command => !command.Hidden).Select(command => command.Name)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_help_of_a_command_has_examples_that_parse(string name)
    {
        (int exitCode, string text, string error) = Run(name, "--help");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.NotEmpty(CommandHelp.Examples[name]);
        foreach (string example in CommandHelp.Examples[name])
        {
            Assert.Contains($"  {example}\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
            Assert.InRange(example.Length + 2, 1, TerminalWidth);
            string line = example.Split('>')[0].Trim();
            Assert.StartsWith($"edge {name}", line, StringComparison.Ordinal);
            Assert.Empty(EdgeCommand.CreateRoot().Parse(line).Errors);
        }
    }

    [Theory]
    [InlineData("'edge' has no command 'exprot'; did you mean 'export'?", "exprot")]
    [InlineData("'edge export' has no option '--precison'; did you mean '--precision'?", "export", "m.onnx", "--precison", "int8", "-o", "m.edge")]
    [InlineData("'in8' is not a value of --precision; did you mean 'int8'?", "export", "m.onnx", "-o", "m.edge", "--precision", "in8")]
    [InlineData("'Adm' is not a value of --optimizer; did you mean 'Adam'?", "train", "d.csv", "--label", "y", "-o", "m.edge", "--optimizer", "Adm")]
    [InlineData("'warp' is not a value of --engine; choose one of fast, nano, reference.", "run", "m.edge", "-i", "x.csv", "--engine", "warp")]
    [InlineData("'edge run' has no further argument 'n.edge'; see 'edge run --help'.", "run", "m.edge", "n.edge", "-i", "x.csv")]
    [InlineData("'edge run' needs <model> and --input; see 'edge run --help'.", "run")]
    public void A_wrong_word_gets_one_line_with_the_right_one(string expected, params string[] arguments) =>
        Assert.Equal((2, "", expected + Environment.NewLine), Run(arguments));

    [Fact]
    public void Without_arguments_the_help_is_shown()
    {
        (int exitCode, string text, _) = Run();
        Assert.Equal(0, exitCode);
        Assert.Contains("Usage:", text, StringComparison.Ordinal);
        Assert.Contains("  edge ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("complete ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge ")]
    [InlineData("edge export ")]
    public void A_completion_offers_no_options_of_another_system(string line)
    {
        (int exitCode, string text, _) = Run("complete", "--position", $"{line.Length}", line.TrimEnd());
        Assert.Equal(0, exitCode);
        string[] words = text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("--help", words);
        Assert.DoesNotContain(words, word => word.StartsWith('/'));
    }

    [Theory]
    [InlineData("edge ex", "export")]
    [InlineData("edge export m.onnx --precision int", "int16", "int8")]
    [InlineData("edge run m.edge --engine ", "fast", "nano", "reference")]
    [InlineData("edge completion z", "zsh")]
    public void A_line_is_completed(string line, params string[] expected) =>
        Assert.Equal((0, string.Concat(expected.Select(word => word + Environment.NewLine)), ""), Run("complete", "--position", $"{line.Length}", line.TrimEnd()));

    [Theory]
    [InlineData("bash", "complete -o default -F _edge edge")]
    [InlineData("zsh", "compdef _edge edge")]
    [InlineData("fish", "complete -c edge")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public void Each_shell_gets_a_script_that_asks_the_tool(string shell, string registration)
    {
        (int exitCode, string text, _) = Run("completion", shell);
        Assert.Equal(0, exitCode);
        Assert.Contains(registration, text, StringComparison.Ordinal);
        Assert.Contains("edge complete --position", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bash_completes_a_command_with_the_script()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash is not here");
        (_, string script, _) = Run("completion", "bash");
        string tool = typeof(EdgeCommand).Assembly.Location;
        string program = $"edge() {{ dotnet '{tool}' \"$@\"; }}\n{script}\nCOMP_LINE='edge acc'\nCOMP_POINT=8\n_edge\nprintf '%s,' \"${{COMPREPLY[@]}}\"\n";
        using Process process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", program]) { RedirectStandardOutput = true })!;
        Assert.Equal("accuracy-table,", process.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void Commands_that_make_files_report_JSON_and_nothing_else_on_standard_output()
    {
        string model = Path.Combine(folder, "m.edge");
        JsonElement trained = Json("train", Data("sonar.train.csv"), "--label", "mine", "-o", model, "--precision", "auto", "--json");
        Assert.Equal(new FileInfo(model).Length, trained.GetProperty("bytes").GetInt64());
        Assert.Equal("auto", trained.GetProperty("precision").GetString());
        JsonElement exported = Json("export", Data("breast_cancer_mlp.onnx"), "-o", model, "--precision", "int8", "--calibrate", Data("breast_cancer.train.csv"), "--label", "benign", "--json");
        Assert.Equal(new FileInfo(model).Length, exported.GetProperty("bytes").GetInt64());
        JsonElement emitted = Json("emit", model, "-o", Path.Combine(folder, "M.g.cs"), "--json");
        Assert.True(emitted.GetProperty("instructions").GetInt64() > 0);
        JsonElement verified = Json("verify", model, "--json");
        Assert.True(verified.GetProperty("self_test_vectors").GetInt32() > 0);
        Assert.Equal(JsonValueKind.Null, verified.GetProperty("key").ValueKind);
    }

    [Fact]
    public async Task An_interrupted_command_says_so_and_leaves_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent with kill");
        string output = Path.Combine(folder, "m.edge");
        string[] endless = [typeof(EdgeCommand).Assembly.Location, "train", Data("sonar.train.csv"), "--label", "mine", "-o", output, "--epochs", "2000000000", "--patience", "2000000000"];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", endless) { RedirectStandardError = true, RedirectStandardOutput = true })!;

        // The first epoch's line: the handlers stand, and training has begun.
        Assert.StartsWith("epoch", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        _ = process.StandardOutput.ReadToEndAsync();

        // SIGTERM takes the same way as Ctrl-C, which a shell makes its background jobs ignore.
        Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string error;
        try
        {
            error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        Assert.Equal(143, process.ExitCode);
        Assert.Equal("Stopped; unfinished files were removed." + Environment.NewLine, error);
        Assert.Empty(Directory.GetFiles(folder));
    }

    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    private static JsonElement Json(params string[] arguments)
    {
        (int exitCode, string text, string error) = Run(arguments);
        Assert.True(exitCode == 0, error);
        return JsonDocument.Parse(text).RootElement;
    }

    private static (int ExitCode, string Text, string Error) Run(params string[] arguments)
    {
        (int exitCode, string error) = CommandLine.Run(out string text, arguments);
        return (exitCode, text, error);
    }
}
