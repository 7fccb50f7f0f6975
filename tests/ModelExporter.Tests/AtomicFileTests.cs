using System.Diagnostics;

namespace EdgeInference.Tool.Tests;

/// <summary>What happens to what is already at an output's path: links and modes stay, devices and FIFOs are written and never replaced.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_chain_of_links_stays_and_its_target_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        Directory.CreateDirectory(InFolder("real/deep"));
        Directory.CreateDirectory(InFolder("links"));
        File.WriteAllText(InFolder("real/model"), "old");
        File.CreateSymbolicLink(InFolder("links/second"), "../real/model");
        File.CreateSymbolicLink(InFolder("links/first"), InFolder("links/second"));
        AtomicFile.Write(InFolder("links/first"), "new");
        Assert.Equal("new", File.ReadAllText(InFolder("real/model")));
        Assert.Equal(InFolder("links/second"), new FileInfo(InFolder("links/first")).LinkTarget);
        Assert.Equal("../real/model", new FileInfo(InFolder("links/second")).LinkTarget);
        Assert.Equal(["model"], Directory.GetFiles(InFolder("real")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_relative_link_behind_a_linked_folder_is_followed_from_where_the_folder_really_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        Directory.CreateDirectory(InFolder("a/b"));
        File.CreateSymbolicLink(InFolder("a/b/link"), "../model");
        Directory.CreateSymbolicLink(InFolder("short"), "a/b");
        AtomicFile.Write(InFolder("short/link"), "new");
        Assert.Equal("new", File.ReadAllText(InFolder("a/model")));
        Assert.False(File.Exists(InFolder("model")));
    }

    [Fact]
    public void A_link_to_nothing_makes_its_target_and_a_circle_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        File.CreateSymbolicLink(InFolder("link"), "model");
        AtomicFile.Write(InFolder("link"), "new");
        Assert.Equal("new", File.ReadAllText(InFolder("model")));
        Assert.Equal("model", new FileInfo(InFolder("link")).LinkTarget);

        File.CreateSymbolicLink(InFolder("nowhere"), "absent/model");
        Assert.Contains("'" + InFolder("absent") + "'", Assert.Throws<InputException>(() => AtomicFile.Write(InFolder("nowhere"), "new")).Message);

        File.CreateSymbolicLink(InFolder("x"), "y");
        File.CreateSymbolicLink(InFolder("y"), "x");
        Assert.Contains("form a loop", Assert.Throws<InputException>(() => AtomicFile.Write(InFolder("x"), "new")).Message);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)]
    public void The_mode_of_an_existing_file_stays(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes");
            return;
        }

        File.WriteAllText(InFolder("model"), "old");
        File.SetUnixFileMode(InFolder("model"), mode);
        AtomicFile.Write(InFolder("model"), "new");
        Assert.Equal("new", File.ReadAllText(InFolder("model")));
        Assert.Equal(mode, File.GetUnixFileMode(InFolder("model")));
    }

    [Fact]
    public void A_name_as_long_as_the_system_takes_can_be_written()
    {
        string name = new('n', 255 - ".edge".Length);
        AtomicFile.Write(InFolder(name + ".edge"), "new");
        Assert.Equal("new", File.ReadAllText(InFolder(name + ".edge")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no\0path")]
    [InlineData("absent/")]
    public void What_names_no_file_is_refused(string path)
    {
        Assert.Contains("name a file", Assert.Throws<InputException>(() => AtomicFile.Write(path.Length == 0 ? path : InFolder(path), "new")).Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_full_device_is_one_sentence_and_stays_a_device()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Succeeds("mknod", "full", "c", "1", "7"), "mknod is not permitted here");
        File.CreateSymbolicLink(InFolder("link"), "full");
        foreach (string name in new[] { "full", "link" })
        {
            Assert.Contains(name, Assert.Throws<InputException>(() => AtomicFile.Write(InFolder(name), "new")).Message);
            Assert.True(Succeeds("test", "-c", "full"));
        }

        Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
    }

    [Fact]
    public async Task A_FIFO_is_written_and_stays_a_FIFO()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Succeeds("mkfifo", "pipe"), "mkfifo is not here");
        Task<string> read = Task.Run(() => File.ReadAllText(InFolder("pipe")), TestContext.Current.CancellationToken);
        AtomicFile.Write(InFolder("pipe"), "through");
        Assert.True(Succeeds("test", "-p", "pipe"));
        Assert.Equal("through", await read.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("-", 1)]
    [InlineData("/dev/stdout", 1)]
    [InlineData("/dev/stderr", 2)]
    [InlineData("/dev/fd/7", 7)]
    [InlineData("/proc/self/fd/7", 7)]
    [InlineData("/dev/../dev/fd/1", 1)]
    public void Descriptors_are_known_by_name_also_behind_a_link(string path, int descriptor)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        Assert.Equal(descriptor, OutputTarget.Of(path).Descriptor);
        Assert.True(OutputTarget.Of(path).IsStream);
        if (path != "-")
        {
            File.CreateSymbolicLink(InFolder("link"), path);
            Assert.Equal(descriptor, OutputTarget.Of(InFolder("link")).Descriptor);
        }
    }

    [Fact]
    public void A_descriptor_of_another_process_is_never_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        OutputTarget target = OutputTarget.Of("/proc/1/fd/1");
        Assert.Equal(-1, target.Descriptor);
        Assert.True(target.IsStream);
    }

    private bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private string InFolder(string name) => Path.Combine(folder, name);
}
