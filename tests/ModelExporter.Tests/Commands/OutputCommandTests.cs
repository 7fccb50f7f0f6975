using System.Diagnostics;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Where commands write: never over an input, to standard output when asked, and one sentence where there is no room.</summary>
public sealed class OutputCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-output-").FullName;

    public OutputCommandTests() => StreamBatch.Prepare(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--output", "--input", "run m.edge -i features.csv -o features.csv")]
    [InlineData("--output", "the model", "run m.edge -i features.csv -o m.edge")]
    [InlineData("--output", "--input", "run m.edge -i features.csv -o link.csv")]
    [InlineData("--output", "--input", "run m.edge -i features.csv -o hard.csv")]
    [InlineData("--output", "the data", "train rows.csv --label y -o rows.csv")]
    [InlineData("--history", "the data", "train rows.csv --label y -o new.edge --history rows.csv")]
    [InlineData("--onnx", "--output", "train rows.csv --label y -o new.edge --onnx new.edge")]
    [InlineData("--history", "--output", "train rows.csv --label y -o new.edge --history dir/new.edge")]
    [InlineData("--output", "--calibrate", "export absent.onnx -c rows.csv -o rows.csv")]
    [InlineData("--output", "--data", "report m.edge --data rows.csv --label y -o rows.csv")]
    [InlineData("--output", "--history", "report m.edge --data rows.csv --label y --history features.csv -o features.csv")]
    [InlineData("--output", "the model", "emit m.edge -o m.edge")]
    [InlineData("--output", "--key", "sign m.edge --key rows.csv --model-version 2 -o rows.csv")]
    [InlineData("--output", "--key", "sign rows.csv --key rows.csv --model-version 2")]
    [InlineData("--output", "the model", "export m.onnx -o m.onnx")]
    [InlineData("--output", "--layers", "export absent.safetensors --layers rows.csv -o rows.csv")]
    [InlineData("--output", "--data", "export absent.onnx --data rows.csv -o rows.csv")]
    [InlineData("--output", "--data", "train rows.csv --label y --data features.csv -o features.csv")]
    [InlineData("--history", "--data", "train rows.csv --label y --data features.csv -o new.edge --history link.csv")]
    [InlineData("--onnx", "the data", "train rows.csv --label y -o new.edge --onnx rows.csv")]
    [InlineData("--history", "--onnx", "train rows.csv --label y -o new.edge --onnx x.onnx --history x.onnx")]
    [InlineData("--output", "the model", "report m.edge --data rows.csv --label y -o m.edge")]
    [InlineData("--output", "--source", "report m.edge --data rows.csv --label y --source features.csv -o features.csv")]
    public void An_output_that_is_an_input_or_another_output_is_refused_and_nothing_is_written(string name, string other, string line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        File.CreateSymbolicLink(PathOf("link.csv"), "features.csv");
        Directory.CreateSymbolicLink(PathOf("dir"), ".");
        Assert.Equal(0, Bash("ln features.csv hard.csv").ExitCode);
        (string, string)[] before = StreamBatch.Contents(folder);
        (int exitCode, string error) = CommandLine.Run(out _, StreamBatch.Words(folder, line));
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Contains(name, error);
        Assert.Contains(other, error);
        Assert.Contains("the same file", error);
        Assert.Equal(other is not ("--output" or "--onnx"), error.Contains($"is the same file as the input of {other}, '", StringComparison.Ordinal));
        Assert.EndsWith(other is "--output" or "--onnx" ? "are the same file; give each a unique path." : $"; give another path with {name}.", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal(before, StreamBatch.Contents(folder));
    }

    [Fact]
    public void A_file_on_standard_output_has_the_bytes_of_the_file_and_nothing_else()
    {
        SkipWithoutBash();
        (int exitCode, string error) = Bash("$EDGE train rows.csv --label y -o - --epochs 2 --quiet > piped.edge");
        Assert.Equal(0, exitCode);
        Assert.Contains("Wrote -", error);
        using EdgeModel piped = EdgeModel.Load(PathOf("piped.edge"));
        Assert.Equal((2, "model"), (piped.InputLength, piped.Name));

        Assert.Equal(0, Bash("$EDGE run m.edge -i features.csv > plain.csv && $EDGE run m.edge -i features.csv -o - > dash.csv && $EDGE run m.edge -i - < features.csv > both.csv").ExitCode);
        Assert.Equal(3, File.ReadAllLines(PathOf("plain.csv")).Length);
        Assert.Equal(File.ReadAllText(PathOf("plain.csv")), File.ReadAllText(PathOf("dash.csv")));
        Assert.Equal(File.ReadAllText(PathOf("plain.csv")), File.ReadAllText(PathOf("both.csv")));
    }

    [Fact]
    public void The_file_on_standard_input_is_no_output()
    {
        SkipWithoutBash();
        (string, string)[] before = StreamBatch.Contents(folder);
        (int exitCode, string error) = Bash("$EDGE run m.edge -i - -o features.csv < features.csv");
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Contains("the same file", error, StringComparison.Ordinal);
        Assert.Equal(before, StreamBatch.Contents(folder));
    }

    [Fact]
    public void Labelled_rows_come_through_a_pipe()
    {
        SkipWithoutBash();
        Assert.Equal(0, Bash("$EDGE evaluate m.edge --data rows.csv --label y --json > file.json && cat rows.csv | $EDGE evaluate m.edge --data - --label y --json > pipe.json").ExitCode);
        Assert.Equal(File.ReadAllText(PathOf("file.json")), File.ReadAllText(PathOf("pipe.json")));
        Assert.Equal(0, Bash("cat rows.csv | $EDGE train - --label y -o piped.edge --epochs 2 --quiet > /dev/null && cmp <($EDGE run m.edge -i features.csv) <($EDGE run piped.edge -i features.csv)").ExitCode);
        using (EdgeModel piped = EdgeModel.Load(PathOf("piped.edge")))
        {
            // What came through a pipe has no name and no file to hash.
            Assert.Equal("", piped.File.Metadata.Text(EdgeInference.ModelFormat.MetadataKey.Source));
            Assert.True(piped.File.Metadata.PayloadOffset(EdgeInference.ModelFormat.MetadataKey.SourceHash) < 0);
        }

        (int exitCode, string error) = Bash("head -c 0 features.csv | $EDGE run m.edge -i -");
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.StartsWith("'-' is empty", error);
    }

    [Fact]
    public void Standard_input_is_an_input_like_another()
    {
        SkipWithoutBash();
        (int exitCode, string error) = Bash("$EDGE run m.edge -i - -o features.csv < features.csv");
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Contains("the same file", error);
    }

    [Fact]
    public void Descriptors_are_written_after_what_is_there()
    {
        SkipWithoutBash();
        Assert.Equal(0, Bash("exec 7> seven; echo before >&7; $EDGE run m.edge -i features.csv -o /dev/fd/7; echo after >&7").ExitCode);
        string[] lines = File.ReadAllLines(PathOf("seven"));
        Assert.Equal(5, lines.Length);
        Assert.Equal("before", lines[0]);
        Assert.Equal("after", lines[4]);
    }

    [Theory]
    [InlineData("$EDGE run m.edge -i features.csv > full")]
    [InlineData("$EDGE run m.edge -i features.csv -o -> full")]
    [InlineData("$EDGE run m.edge -i features.csv -o full")]
    [InlineData("$EDGE inspect m.edge > full")]
    [InlineData("$EDGE --help > full")]
    public void A_full_device_is_one_sentence_and_exit_code_1(string line)
    {
        SkipWithoutBash();
        Assert.SkipUnless(Bash("mknod full c 1 7 && ! (echo x > full) 2> /dev/null").ExitCode == 0, "mknod is not permitted here");
        (int exitCode, string error) = Bash(line);
        Assert.Equal((EdgeCommand.InputFault, true), (exitCode, error.Contains("space", StringComparison.OrdinalIgnoreCase)));
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("at fault", error);
    }

    // A result that goes to standard output is there even if the notes beside it cannot be said.
    [Theory]
    [MemberData(nameof(StreamBatch.NotedLines), MemberType = typeof(StreamBatch))]
    public void Notes_that_cannot_be_said_spoil_no_result(string line)
    {
        SkipWithoutBash();
        StreamResult closed = StreamBatch.ClosedError[line];
        Assert.Equal(0, closed.ExitCode);
        Assert.NotEqual(0, closed.OutputLength);
        Assert.SkipUnless(StreamBatch.HasDevice, "mknod is not permitted here");
        StreamResult full = StreamBatch.FullError[line];
        Assert.Equal((0, closed.OutputLength), (full.ExitCode, full.OutputLength));
    }

    [Theory]
    [MemberData(nameof(StreamBatch.Lines), MemberType = typeof(StreamBatch))]
    public void Every_command_says_in_one_sentence_that_standard_output_takes_nothing(string line)
    {
        SkipWithoutBash();
        AssertSaid(StreamBatch.ClosedOutput[line], "denied");
        if (StreamBatch.HasDevice)
        {
            AssertSaid(StreamBatch.FullOutput[line], "space");
        }

        // The reader that goes away takes what it wants.
        StreamResult broken = StreamBatch.BrokenOutput[line];
        Assert.InRange(broken.ExitCode, 0, 1);
        Assert.DoesNotContain("at fault", broken.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", broken.Error, StringComparison.Ordinal);
        Assert.Equal(broken.Before, broken.After);

        static void AssertSaid(StreamResult result, string word)
        {
            Assert.Equal(EdgeCommand.InputFault, result.ExitCode);
            Assert.Single(result.Error.TrimEnd().Split('\n'));
            Assert.Contains(word, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("at fault", result.Error, StringComparison.Ordinal);
            Assert.Equal(result.Before, result.After);
        }
    }

    // The batch above runs its commands in one process; a process that ends there says the same.
    [Theory]
    [InlineData("$EDGE run m.edge -i features.csv >&-")]
    [InlineData("$EDGE sign m.edge --key key.pem --model-version 2 -o - >&-")]
    public void A_closed_standard_output_is_one_sentence_and_exit_code_1(string line)
    {
        SkipWithoutBash();
        (int exitCode, string error) = Bash(line);
        Assert.Equal((EdgeCommand.InputFault, true), (exitCode, error.Contains("denied", StringComparison.Ordinal)));
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("train rows.csv --label y --epochs 2 --quiet -o")]
    [InlineData("train rows.csv --label y --epochs 2 --quiet -o - --onnx")]
    [InlineData("train rows.csv --label y --epochs 2 --quiet -o - --history")]
    [InlineData("run m.edge -i features.csv -o")]
    [InlineData("emit m.edge --class M -o")]
    [InlineData("report m.edge --data rows.csv --label y --no-timings -o")]
    [InlineData("sign m.edge --key key.pem --model-version 2 -o")]
    public void A_target_that_cannot_be_written_is_one_sentence_and_leaves_nothing(string line)
    {
        SkipWithoutBash();
        Directory.CreateDirectory(PathOf("folder"));
        File.CreateSymbolicLink(PathOf("dangling"), "nowhere/x");
        bool hasDevice = Bash("mknod full c 1 7 && ! (echo x > full) 2> /dev/null").ExitCode == 0;
        bool hasDisk = Bash("mkdir small && mount -t tmpfs -o size=4k,nr_inodes=9 tmpfs small && head -c 4096 /dev/zero > small/filled").ExitCode == 0;
        try
        {
            (string, string)[] before = StreamBatch.Contents(folder);
            string[] targets = ["folder", "dangling", "absent/x", .. hasDevice ? (string[])["full"] : [], .. hasDisk ? (string[])["small/x"] : []];
            foreach (string target in targets)
            {
                (int exitCode, string error) = Run([.. StreamBatch.Words(folder, line), PathOf(target)]);
                Assert.Equal((target, EdgeCommand.InputFault), (target, exitCode));
                Assert.Single(error.TrimEnd().Split('\n'));
                Assert.DoesNotContain("at fault", error, StringComparison.Ordinal);
                File.Delete(PathOf("stdout"));
                Assert.Equal(before, StreamBatch.Contents(folder));
                Assert.Empty(Directory.GetFileSystemEntries(PathOf("folder")));
                Assert.Equal(hasDisk ? ["filled"] : [], hasDisk ? Directory.GetFiles(PathOf("small")).Select(Path.GetFileName) : []);
            }
        }
        finally
        {
            Bash("umount small");
        }

        // What goes to standard output needs a process of its own.
        (int ExitCode, string Error) Run(string[] words) => line.Contains("-o - ", StringComparison.Ordinal)
            ? Bash($"$EDGE {string.Join(' ', words)} > stdout")
            : CommandLine.Run(out _, words);
    }

    [Fact]
    public void Full_standard_error_leaves_the_exit_code()
    {
        SkipWithoutBash();
        Assert.SkipUnless(Bash("mknod full c 1 7 && ! (echo x > full) 2> /dev/null").ExitCode == 0, "mknod is not permitted here");
        Assert.Equal(EdgeCommand.InputFault, Bash("$EDGE inspect absent.edge 2> full").ExitCode);
        Assert.Equal(EdgeCommand.UsageFault, Bash("$EDGE nonsense 2> full").ExitCode);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_the_command_quietly()
    {
        SkipWithoutBash();
        (int exitCode, string error) = Bash("$EDGE run m.edge -i features.csv | true; exit ${PIPESTATUS[0]}");
        Assert.InRange(exitCode, 0, 1);
        Assert.Equal("", error);
    }

    [Theory]
    [InlineData("train rows.csv --label y -o -")]
    [InlineData("train rows.csv --label y -o new.edge --onnx -")]
    [InlineData("train rows.csv --label y -o new.edge --history -")]
    [InlineData("export m.onnx -o -")]
    [InlineData("emit m.edge -o - --class M")]
    [InlineData("sign m.edge --key rows.csv --model-version 2 -o -")]
    [InlineData("report m.edge --data rows.csv --label y -o -")]
    public void Json_and_a_file_do_not_share_standard_output(string line)
    {
        (string, string)[] before = StreamBatch.Contents(folder);
        (int exitCode, string error) = CommandLine.Run(out string text, [.. StreamBatch.Words(folder, line), "--json"]);
        Assert.Equal((EdgeCommand.UsageFault, ""), (exitCode, text));
        Assert.Equal("--json and the output '-' both go to standard output; write the output to a file.", error.TrimEnd());
        Assert.Equal(before, StreamBatch.Contents(folder));
    }

    // What a person reads goes to standard error where the file goes to standard output.
    [Fact]
    public void Every_file_can_go_to_standard_output_and_its_notes_do_not()
    {
        SkipWithoutBash();
        (int exitCode, string error) = Bash("$EDGE sign m.edge --key key.pem --model-version 9 -o - > signed.edge");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("-: version 9, key ", error, StringComparison.Ordinal);
        Assert.Equal(9ul, ModelSignature.Of(EdgeInference.ModelFormat.ModelFile.Read(new EdgeInference.ModelFormat.ModelBytes(File.ReadAllBytes(PathOf("signed.edge")))))!.Version);

        (exitCode, error) = Bash("$EDGE emit m.edge -o - --class M --form table > M.cs");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Wrote -: ", error, StringComparison.Ordinal);
        Assert.EndsWith("Needs the assembly EdgeInference.Nano.", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("class M", File.ReadAllText(PathOf("M.cs")), StringComparison.Ordinal);
        Assert.DoesNotContain("Wrote", File.ReadAllText(PathOf("M.cs")), StringComparison.Ordinal);

        (exitCode, error) = Bash("$EDGE report m.edge --data rows.csv --label y -o - --no-timings > page.html");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Wrote -: ", error, StringComparison.Ordinal);
        Assert.EndsWith("</html>", File.ReadAllText(PathOf("page.html")).TrimEnd(), StringComparison.Ordinal);

        // Standard error is an output like another, behind what was said there.
        (exitCode, error) = Bash("$EDGE run m.edge -i features.csv -o /dev/stderr");
        Assert.Equal((0, 4), (exitCode, error.Split('\n').Length));
        Assert.StartsWith("decision,class,probability of 1,", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unlike_is_told_by_the_training_rows_whatever_the_rest_is_tuned_on()
    {
        File.WriteAllText(PathOf("other.csv"), "a,b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{1000 + (i % 7)},{i % 5},{(i % 7 > 3 ? 1 : 0)}\n")));
        foreach (string[] data in (string[][])[[], ["--data", PathOf("other.csv")]])
        {
            string path = PathOf($"unlike{data.Length}.edge");
            Assert.Equal(0, CommandLine.Run(out _, ["train", PathOf("rows.csv"), "--label", "y", "-o", path, "--epochs", "2", "--quiet", "--unlike-share", "0.01", .. data]).ExitCode);
            using EdgeModel model = EdgeModel.Load(path);
            using var classifier = new Classifier(model);
            Assert.True(classifier.Classify([1003f, 2f]).IsUnlikeTrainingData);
            Assert.False(classifier.Classify([3f, 2f]).IsUnlikeTrainingData);
        }
    }

    [Fact]
    public void A_closed_standard_input_is_said_and_a_pipe_is_read()
    {
        SkipWithoutBash();
        File.WriteAllText(PathOf("t.csv"), "a,b\n");
        Assert.Equal((1, "Standard input is closed; give the name of a file instead of -.\n"), Bash("timeout 60 $EDGE train - --label b -o m.edge <&-"));
        (int code, string error) = Bash("cat t.csv | timeout 60 $EDGE train - --label b -o m.edge");
        Assert.Equal(1, code);
        Assert.DoesNotContain("closed", error, StringComparison.Ordinal);
    }

    private static void SkipWithoutBash() => Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash is not here");

    private (int ExitCode, string Error) Bash(string line)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", line]) { WorkingDirectory = folder, RedirectStandardError = true };
        start.Environment["EDGE"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "EdgeInference.Tool.dll")}";
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
