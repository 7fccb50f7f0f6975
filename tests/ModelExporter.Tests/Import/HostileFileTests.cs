using System.Diagnostics;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Stress;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>Hostile files through the command, as a user meets them: one sentence, exit code 1, no file, little memory.</summary>
[Collection("console")]
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
        HostileFile[] bombs = [.. HostileFiles.Bombs.Select(name => HostileFiles.All[name]())];
        string commands = Path.Combine(folder, "commands.txt");
        MemoryRun.Write(commands, bombs.Select((bomb, i) => Prepare(bomb, Directory.CreateDirectory(Path.Combine(folder, $"{i}")).FullName)));
        var start = new ProcessStartInfo("dotnet", [typeof(MemoryRun).Assembly.Location, "memory", commands]) { RedirectStandardError = true, RedirectStandardOutput = true };
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

        string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == bombs.Length, $"'{HostileFiles.Bombs[Math.Min(lines.Length, bombs.Length - 1)]}' does not end: {await error}");
        for (int i = 0; i < bombs.Length; i++)
        {
            (int exitCode, long peak, string said) = MemoryRun.Parse(lines[i]);
            CheckRefusal(bombs[i].Expected, exitCode, said, Path.Combine(folder, $"{i}"));
            Assert.True(peak > 0 && peak <= (MaxTimes * (long)bombs[i].Content.Length) + MaxBytes, $"'{HostileFiles.Bombs[i]}' takes {peak} bytes.");
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

    [Fact]
    public void A_pipe_in_the_place_of_external_data_is_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        HostileFile hostile = HostileFiles.InFile("refers to 'w', which is not an ordinary file", "w");
        Process.Start("mkfifo", [Path.Combine(folder, "w")]).WaitForExit();
        (int exitCode, string error) = CommandLine.Run(out _, Prepare(hostile, folder));
        CheckRefusal(hostile.Expected, exitCode, error, folder);
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

    private static void CheckRefusal(string expected, int exitCode, string error, string folder)
    {
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(EdgeCommand.InputFault, exitCode);
        Assert.Empty(Directory.GetFiles(folder, "out*"));
        Assert.Empty(Directory.GetFiles(folder, "*.tmp"));
    }
}
