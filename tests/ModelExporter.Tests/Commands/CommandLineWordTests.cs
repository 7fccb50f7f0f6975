using System.Diagnostics;
using System.Text.Json;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Words of a command line that few people type: wrong ones, hidden ones, and a cursor in odd places.</summary>
public sealed class CommandLineWordTests
{
    [Theory]
    [InlineData("'edge export' has no option '--precison=int8'; did you mean '--precision'?", "export m.onnx --precison=int8 -o m.edge")]
    [InlineData("'edge export' has no option '--clases'; did you mean '--classes'?", "export m.onnx --clases a,b -o m.edge")]
    [InlineData("'edge run' has no option '--zzzzzz'; see 'edge run --help'.", "run m.edge -i x.csv --zzzzzz")]
    [InlineData("'edge run' has no option '-z'; see 'edge run --help'.", "run m.edge -i x.csv -z")]
    [InlineData("'edge' has no option '--versoin'; did you mean '--version'?", "--versoin")]
    [InlineData("'edge' has no command 'complete1'; did you mean 'completion'?", "complete1")]
    [InlineData("'edge' has no command 'qqqqqq'; see 'edge --help'.", "qqqqqq")]
    [InlineData("'edge report' needs <model>, --data, --label and --output; see 'edge report --help'.", "report")]
    public void A_wrong_word_gets_one_line(string expected, string line)
    {
        (int exitCode, string error) = CommandLine.Run(out string text, line.Split(' '));
        Assert.Equal((2, "", expected), (exitCode, text, error.TrimEnd()));
    }

    [Fact]
    public void The_version_is_printed_and_is_that_of_files()
    {
        (int exitCode, string error) = CommandLine.Run(out string text, "--version");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(typeof(EdgeCommand).Assembly.GetName().Version!.ToString(3), text.Trim().Split('+', '-')[0]);
        Assert.Matches(@"^edge \d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$", ToolVersion.Text);

        // Without the commit, which is of the test program here and may be an older one.
        Assert.Equal(ToolVersion.Text["edge ".Length..], text.Trim().Split('+')[0]);
    }

    [Fact]
    public void The_help_of_the_tool_has_examples_that_parse_and_no_hidden_command()
    {
        CommandLine.Run(out string text, "--help");
        string[] lines = [.. text.Split('\n').Select(line => line.TrimEnd())];
        Assert.Equal(["Examples:", "  edge demo", "  edge train data.csv --label y -o model.edge", "  edge help training"], lines.SkipWhile(line => line != "Examples:").Take(4));
        Assert.All(lines.SkipWhile(line => line != "Examples:").Skip(1).Where(line => line.Length > 0), line => Assert.Empty(EdgeCommand.CreateRoot().Parse(line.Trim()).Errors));

        // The worker is hidden and has no examples of its own.
        Assert.Equal(0, CommandLine.Run(out text, "complete", "--help").ExitCode);
        Assert.DoesNotContain("Examples:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge comp", 9, "completion")]
    [InlineData("edge completion ", 16, "bash", "fish", "powershell", "zsh")]
    [InlineData("edge activations --o", 20, "--output")]
    [InlineData("edge emit m.edge --form ", 24, "auto", "code", "resource", "table")]
    [InlineData("edge emit m.edge --form co -o x.cs", 26, "code")]
    [InlineData("edge train d.csv --optimizer ", 29, "Adam", "Sgd")]
    [InlineData("edge exportrun", 7, "export")]
    public void A_word_is_completed_at_the_cursor(string line, int position, params string[] expected)
    {
        (int exitCode, string error) = CommandLine.Run(out string text, "complete", "--position", $"{position}", line);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(expected, Words(text).Where(word => !word.StartsWith('-') || expected.Contains(word)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_spelling_of_help_is_offered_but_those_with_a_letter()
    {
        CommandLine.Run(out string text, "complete", "--position", "13", "edge inspect");
        string[] words = Words(text);
        Assert.Contains("--json", words);
        Assert.DoesNotContain("-?", words);
        Assert.DoesNotContain(words, word => word.StartsWith('/'));
        Assert.Contains("-h", words);
    }

    // A line of 4,096 letters is completed, and a longer one up to there.
    [Fact]
    public void A_long_line_is_cut_at_4096_letters()
    {
        string start = "edge train " + new string('d', 4096 - 11 - 4) + " --o";
        Assert.Equal(4096, start.Length);
        CommandLine.Run(out string whole, "complete", "--position", "4096", start);
        Assert.Equal(["--onnx", "--optimizer", "--output"], Words(whole).Order(StringComparer.Ordinal).Where(word => word.StartsWith("--o", StringComparison.Ordinal) && word != "--objective"));
        CommandLine.Run(out string longer, "complete", "--position", "4098", start + "nn");
        Assert.Equal(whole, longer);
        CommandLine.Run(out string none, "complete", "--position=-7", "edge train --o");
        CommandLine.Run(out string empty, "complete", "--position", "0", "edge train --o");
        Assert.Equal(empty, none);
    }

    // Programs read JSON: names in lower case with underscores, numbers that are none as texts, letters as they are.
    [Fact]
    public void JSON_has_one_form()
    {
        string json = JsonSerializer.Serialize(new { TwoWords = double.NaN, Infinite = double.PositiveInfinity, Text = "größe <µ> 'a'" }, JsonOutput.Options).ReplaceLineEndings("\n");
        Assert.Equal("{\n  \"two_words\": \"NaN\",\n  \"infinite\": \"Infinity\",\n  \"text\": \"größe <µ> 'a'\"\n}", json);
    }

    // 128 and the signal's number; a shell's background job ignores SIGINT, which env undoes.
    [Fact]
    public async Task Control_C_ends_with_130()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/env") && Succeeds("/usr/bin/env", "--default-signal=INT", "true"), "env cannot set signals here");
        string folder = Directory.CreateTempSubdirectory("edge-int-").FullName;
        try
        {
            string[] line =
            [
                "--default-signal=INT", "dotnet", typeof(EdgeCommand).Assembly.Location, "train", Path.Combine(AppContext.BaseDirectory, "data", "sonar.train.csv"), "--label", "mine",
                "-o", Path.Combine(folder, "m.edge"), "--epochs", "2000000000", "--patience", "2000000000",
            ];
            using Process process = Process.Start(new ProcessStartInfo("/usr/bin/env", line) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            Assert.StartsWith("epoch", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
            _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.True(Succeeds("kill", "-INT", $"{process.Id}"));
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            try
            {
                string error = await process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                Assert.Equal((130, "Stopped; unfinished files were removed."), (process.ExitCode, error.TrimEnd()));
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }

            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string[] Words(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
