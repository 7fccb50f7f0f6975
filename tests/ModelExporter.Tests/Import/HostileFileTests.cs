using System.Diagnostics;
using System.Text;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Stress;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>Hostile files through the command, as a user meets them: one sentence, exit code 1, no file, little memory.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const long MaxBytes = 200L << 20;
    private const int MaxTimes = 4;

    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("edge-tests-").FullName;

    public static TheoryData<string> Names => [.. HostileFiles.All.Keys];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_file_gets_one_sentence_and_no_output(string name)
    {
        HostileFile hostile = HostileFiles.All[name]();
        (int exitCode, string error) = CommandLine.Run(out _, Prepare(hostile, folder));
        CheckRefusal(hostile.Expected, exitCode, error, folder);
    }

    [Fact]
    public async Task Memory_stays_below_four_times_the_file_and_200_MB()
    {
        HostileFile[] bombs = [.. HostileFiles.Bombs.Select(name => HostileFiles.All[name]()), .. Tables().Select(table => table.File)];
        string[] names = [.. HostileFiles.Bombs, .. Tables().Select(table => $"{string.Join(' ', table.Command)} {table.File.File}")];
        string[][] tables = [.. Tables().Select((table, i) => PrepareTable(table.Command, table.File, Directory.CreateDirectory(Path.Combine(folder, $"{HostileFiles.Bombs.Length + i}")).FullName))];
        string[][] commands = [.. bombs.Take(HostileFiles.Bombs.Length).Select((bomb, i) => Prepare(bomb, Directory.CreateDirectory(Path.Combine(folder, $"{i}")).FullName)), .. tables];
        var lines = new List<string>();

        // What text leaves in the pools of a process counts for the next command.
        int together = Array.FindIndex(names, name => name.StartsWith("yaml", StringComparison.Ordinal));
        foreach (string[][] run in commands.Skip(together).Select(command => new[] { command }).Prepend(commands[..together]))
        {
            (string[] output, string error) = await Measure(run);
            lines.AddRange(output);
            Assert.True(output.Length == run.Length, $"'{names[Math.Min(lines.Count, names.Length - 1)]}' does not end: {error}");
        }

        for (int i = 0; i < bombs.Length; i++)
        {
            (int exitCode, long peak, string said) = MemoryRun.Parse(lines[i]);

            // Notices on its columns may precede what is wrong with a table.
            string last = i < HostileFiles.Bombs.Length ? said : said.TrimEnd().Split('\n')[^1];
            CheckRefusal(bombs[i].Expected, exitCode, last, Path.Combine(folder, $"{i}"));
            Assert.True(peak > 0 && peak <= (MaxTimes * (long)bombs[i].Content.Length) + MaxBytes, $"'{names[i]}' takes {peak} bytes.");
        }
    }

    [Theory]
    [InlineData("ragged.csv", "a,b,y\n1,2\n1,2,1\n", "line 2")]
    [InlineData("twice.csv", "a,a,y\n1,2,0\n1,2,1\n", "a")]
    [InlineData("huge.csv", "a,b,y\n1,1e999,0\n1,2,1\n", "line 2, column 'b'")]
    [InlineData("quote.csv", "a,b,y\n\"1,2,0\n1,2,1\n", "quote.csv")]
    [InlineData("zero.csv", "a,b,y\n1,\0,0\n1,2,1\n", "line 2, column 'b'")]
    [InlineData("header.csv", "a,b,y\n", "header.csv")]
    public void A_hostile_table_gets_one_sentence_and_no_output(string file, string content, string expected)
    {
        string path = Path.Combine(folder, file);
        File.WriteAllText(path, content);
        (int exitCode, string error) = CommandLine.Run(out _, "train", path, "--label", "y", "-o", Path.Combine(folder, "out.edge"));
        CheckRefusal(expected, exitCode, error, folder);
    }

    // A class of each row took the square of their number, and warned of every pair.
    [Theory]
    [InlineData(1000, "epochs")]
    [InlineData(1001, "the column 'y' has 1001 different labels; at most 1000 classes are supported")]
    [InlineData(1_000_000, "the column 'y' has 1000000 different labels; at most 1000 classes are supported")]
    public void A_label_of_more_than_1000_classes_is_refused(int classes, string expected)
    {
        string path = Path.Combine(folder, "ids.csv");
        File.WriteAllText(path, "a,y\n" + string.Concat(Enumerable.Range(0, classes).Select(i => $"{i % 7},r{i}\n{i % 5},r{i}\n")));
        string[] command = ["train", path, "--label", "y", "--epochs", classes == 1000 ? "0" : "1", "-o", Path.Combine(folder, "out.edge")];
        (int exitCode, string error) = CommandLine.Run(out _, command);
        CheckRefusal(expected, exitCode, error, folder, classes == 1000 ? EdgeCommand.UsageFault : EdgeCommand.InputFault);
    }

    [Fact]
    public void A_pipe_in_the_place_of_external_data_is_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        HostileFile hostile = HostileFiles.InFile("refers to 'w', which is not an ordinary file", "w");
        Process.Start("mkfifo", [Path.Combine(folder, "w")]).WaitForExit();
        (int exitCode, string error) = CommandLine.Run(out _, Prepare(hostile, folder));
        CheckRefusal(hostile.Expected, exitCode, error, folder);
    }

    // Tied weights are one file named twice; a few bytes for each tensor could name it without end.
    [Theory]
    [InlineData(5 << 20, 2, true)]
    [InlineData(5 << 20, 3, false)]
    [InlineData(1 << 20, 8, true)]
    [InlineData(1 << 20, 9, false)]
    public void External_data_is_named_up_to_twice_or_32_MiB(int elements, int tensors, bool isAllowed)
    {
        HostileFile hostile = HostileFiles.AllInFile("and those before it name more than twice the", "w", elements, tensors);
        File.WriteAllBytes(Path.Combine(folder, "w"), new byte[4 * elements]);
        string[] command = Prepare(hostile, folder);
        (int exitCode, string error) = CommandLine.Run(out _, command);
        if (isAllowed)
        {
            Assert.DoesNotContain(hostile.Expected, error, StringComparison.Ordinal);
            return;
        }

        CheckRefusal(hostile.Expected, exitCode, error, folder);
    }

    [Fact]
    public void A_part_of_external_data_is_read_once_for_all_tensors_in_it()
    {
        string path = Path.Combine(folder, "w");
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        var files = new EdgeInference.ModelConverter.Import.Onnx.OnnxExternalFiles();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal([2, 3], files.Read(path, 1, 2).ToArray());
            Assert.True(files.Allows(path, 4, 2));
        }

        Assert.Equal([3, 4], files.Read(path, 2, 2).ToArray());
        Assert.Equal(2, files.Reads);
        Assert.True(files.Allows("other", 20 << 20, 40 << 20));
        Assert.False(files.Allows("other", 20 << 20, 1));
    }

    [Fact]
    public void A_name_as_long_as_its_file_is_clipped()
    {
        string name = new('n', 100_000);
        string message = new InputException($"'m.onnx' has '{name}'; {12:000}, {(string?)null}, {"a"}").Message;
        Assert.Equal($"'m.onnx' has '{name[..119]}…{name[..80]}'; 012, , a", message);
        Assert.Equal($"has '{name[..200]}'", new InputException($"has '{name[..200]}'", new IOException()).Message);
        HostileFile hostile = HostileFiles.InFile("is not next to the model", name);
        (int exitCode, string error) = CommandLine.Run(out _, Prepare(hostile, folder));
        CheckRefusal(hostile.Expected, exitCode, error, folder);
        Assert.InRange(error.Length, 200, 600);
    }

    [Theory]
    [InlineData("wide.csv", "has a line of more than 1048576 values")]
    [InlineData("wide.yaml", "is larger than 16 MiB, too large for a list of layers")]
    public void A_text_that_is_no_table_or_no_list_of_layers_is_refused_for_its_size(string file, string expected)
    {
        string path = Path.Combine(folder, file);
        File.WriteAllText(path, new string(',', file == "wide.csv" ? (1 << 20) + 1 : (16 << 20) + 1));
        string weights = Path.Combine(folder, "w.safetensors");
        File.WriteAllBytes(weights, [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);
        string[] command = file == "wide.csv" ? ["train", path, "--label", "y"] : ["export", weights, "--layers", path];
        (int exitCode, string error) = CommandLine.Run(out _, [.. command, "-o", Path.Combine(folder, "out.edge")]);
        CheckRefusal(expected, exitCode, error, folder);
    }

    [Fact]
    public void A_name_with_control_characters_cannot_write_to_the_terminal() =>
        Assert.Equal("'?[2J?' is not there", new InputException("'\u001b[2J\n' is not there").Message);

    private async Task<(string[] Lines, string Error)> Measure(string[][] commands)
    {
        string file = Path.Combine(folder, "commands.txt");
        MemoryRun.Write(file, commands);
        var start = new ProcessStartInfo("dotnet", [typeof(MemoryRun).Assembly.Location, "memory", file]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return ((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await error);
    }

    // Tables of very many short cells, whose last is no number; the second has rows of a single feature.
    private static IEnumerable<(string[] Command, HostileFile File)> Tables()
    {
        byte[] wide = Encoding.ASCII.GetBytes("a,b,c,d,e,f,g,h,i,y\n" + string.Concat(Enumerable.Repeat("1,2,3,4,5,6,7,8,9,1\n2,3,4,5,6,7,8,9,1,0\n", 400_000)) + "1,2,3,4,5,6,7,8,x,1\n");
        byte[] narrow = Encoding.ASCII.GetBytes("a,y\n" + string.Concat(Enumerable.Repeat("1,1\n2,0\n", 1_500_000)) + "x,1\n");
        foreach ((byte[] content, string model, string line) in new[] { (wide, "nine.edge", "line 800002, column 'i'"), (narrow, "one.edge", "line 3000002, column 'a'") })
        {
            yield return (["train", "--label", "y"], new HostileFile("t.csv", content, line));
            yield return (["evaluate", model, "--label", "y"], new HostileFile("t.csv", content, line));
            yield return (["run", model], new HostileFile("t.csv", content, line));
        }
    }

    private static string[] PrepareTable(string[] command, HostileFile table, string folder)
    {
        string path = Path.Combine(folder, table.File);
        File.WriteAllBytes(path, table.Content);
        if (command[0] == "train")
        {
            return [.. command, path, "-o", Path.Combine(folder, "out.edge")];
        }

        string[] features = command[1] == "one.edge" ? ["a"] : ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        string rows = Path.Combine(folder, "rows.csv");
        File.WriteAllText(rows, string.Concat(string.Join(',', features) + ",y\n", string.Concat(Enumerable.Range(0, 40).Select(i => string.Join(',', features.Select((_, k) => $"{(i + k) % 7}")) + $",{i % 2}\n"))));
        string model = Path.Combine(folder, command[1]);
        Assert.Equal(0, CommandLine.Run(out _, "train", rows, "--label", "y", "--epochs", "1", "-o", model).ExitCode);
        return command[0] == "run" ? ["run", model, "--input", path] : ["evaluate", model, "--data", path, .. command[2..]];
    }

    private static string[] Prepare(HostileFile hostile, string folder)
    {
        string path = Path.Combine(folder, hostile.File);
        File.WriteAllBytes(path, hostile.Content);
        string layers = Path.Combine(folder, "net.json");
        File.WriteAllText(layers, """{"input": [2], "layers": [{"type": "PReLU", "weight": "w"}]}""");
        if (Path.GetExtension(path) == ".yaml")
        {
            layers = path;
            path = Path.Combine(folder, "w.safetensors");
            File.WriteAllBytes(path, [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);
        }

        string[] more = Path.GetExtension(path) is ".npz" or ".safetensors" ? ["--layers", layers] : [];
        return ["export", path, "-o", Path.Combine(folder, "out.edge"), .. more];
    }

    private static void CheckRefusal(string expected, int exitCode, string error, string folder, int code = EdgeCommand.InputFault)
    {
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(code, exitCode);
        Assert.Empty(Directory.GetFiles(folder, "out*"));
        Assert.Empty(Directory.GetFiles(folder, "*.tmp"));
    }
}
