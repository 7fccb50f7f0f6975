using System.Diagnostics;
using System.Globalization;

namespace EdgeInference.Tool.Tests;

/// <summary>Where an output's path leads, whether two paths are one file, and what is refused before a byte is written.</summary>
[Collection(ProcessTests.Name)]
public sealed class OutputTargetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-target-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_folder_is_no_output()
    {
        Directory.CreateDirectory(InFolder("models"));
        Assert.Equal($"The output '{InFolder("models")}' is a folder; name a file.", Assert.Throws<InputException>(() => AtomicFile.Write(InFolder("models"), "new")).Message);
        Assert.Equal($"The output '{InFolder("models/")}' is a folder; name a file.", Assert.Throws<InputException>(() => AtomicFile.Write(InFolder("models/"), "new")).Message);
        Assert.Equal($"The folder '{InFolder("absent")}' of the output '{InFolder("absent/m")}' does not exist; create it first.", Assert.Throws<InputException>(() => AtomicFile.Write(InFolder("absent/m"), "new")).Message);
        Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        Assert.True(FileStatus.Of(folder)!.Value.IsOrdinary);
        Assert.False(OutputTarget.Of(InFolder("models")).IsStream);
    }

    [Fact]
    public void What_may_not_be_written_is_one_sentence()
    {
        OutputSteps steps = new() { Open = (_, _) => throw new UnauthorizedAccessException("not yours") };
        var exception = Assert.Throws<InputException>(() => AtomicFile.Write(InFolder("m"), "new"u8, steps));
        Assert.Equal($"'{InFolder("m")}' cannot be written: not yours", exception.Message);
        Assert.IsType<UnauthorizedAccessException>(exception.InnerException);
        Assert.Empty(Directory.GetFiles(folder));
    }

    // The kernel follows 40 links, and so does an output.
    [Theory]
    [InlineData(39, true)]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void As_many_links_are_followed_as_the_kernel_follows(int links, bool isFollowed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the bound is Linux's");

        // The temporary folder itself must lie behind no link.
        for (int i = 0; i < links; i++)
        {
            File.CreateSymbolicLink(InFolder($"l{i}"), i == links - 1 ? "end" : $"l{i + 1}");
        }

        if (isFollowed)
        {
            Assert.Equal(InFolder("end"), OutputTarget.Of(InFolder("l0")).Path);
            File.WriteAllText(InFolder("end"), "old");
            Assert.Equal("old", File.ReadAllText(InFolder("l0")));
        }
        else
        {
            Assert.Equal($"The symbolic links of the output '{InFolder("l0")}' form a loop; name another file.", Assert.Throws<InputException>(() => OutputTarget.Of(InFolder("l0"))).Message);
        }
    }

    [Theory]
    [InlineData("/proc/self/fd/1/x", "/proc/self/fd/1")]
    [InlineData("/dev/stdout/a/b", "/dev/stdout")]
    [InlineData("/dev/fd/0/x", "/proc/self/fd/0")]
    public void What_lies_behind_a_descriptor_is_no_path(string path, string descriptor)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        Assert.StartsWith($"The output '{path}' is not a path: '", Assert.Throws<InputException>(() => AtomicFile.Write(path, "new")).Message, StringComparison.Ordinal);
        Assert.NotEqual(-1, OutputTarget.Of(descriptor).Descriptor);
        Assert.NotEqual(-1, OutputTarget.Of(descriptor + "/.").Descriptor);
    }

    [Fact]
    public void Own_descriptors_are_known_by_every_name_and_those_of_others_are_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        int own = Environment.ProcessId;
        foreach ((string path, int descriptor) in new[]
        {
            ($"/proc/{own}/fd/7", 7), ($"/proc/{own}/task/{own}/fd/8", 8), ("/proc/thread-self/fd/9", 9), ("/dev/fd/0", 0), ("/proc/self/fd/123", 123),
            ("/proc/1/fd/7", -1), ("/proc/1/task/1/fd/7", -1), ($"/proc/{own + 1}/fd/1", -1),
        })
        {
            OutputTarget target = OutputTarget.Of(path);
            Assert.Equal((path, descriptor, true), (path, target.Descriptor, target.IsStream));
            Assert.Equal((descriptor == 1, (string?)null), (target.IsStandardOutput, target.Identity));
        }

        foreach (string file in new[] { "/dev/fd/7x", "/proc/self/fdinfo/7", InFolder("dev/fd/7") })
        {
            Assert.Equal((file, -1), (file, OutputTarget.Of(file).Descriptor));
        }

        Assert.Equal("standard output", OutputTarget.Of("-").Identity);
        Assert.Equal("standard output", OutputTarget.Of("/dev/stdout").Identity);
        Assert.Null(OutputTarget.Of("/dev/stderr").Identity);
        Assert.True(OutputPaths.IsStandardOutput("-"));
        Assert.False(OutputPaths.IsStandardOutput("/dev/stderr"));
        Assert.False(OutputPaths.IsStandardOutput(InFolder("-")));
        Assert.False(OutputPaths.IsStandardOutput(null));
    }

    // A file is known by its device and its inode, as the program stat prints them.
    [Fact]
    public void A_file_is_known_by_device_and_inode()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/stat"), "stat is not here");
        File.WriteAllText(InFolder("m"), "old");
        File.CreateSymbolicLink(InFolder("link"), "m");
        foreach (string path in new[] { InFolder("m"), InFolder("link"), folder, "/", "/proc/version", "/sys", "/dev/null" })
        {
            using Process process = Process.Start(new ProcessStartInfo("/usr/bin/stat", ["-L", "-c", "%d %i %F", path]) { RedirectStandardOutput = true })!;
            string[] words = process.StandardOutput.ReadToEnd().Split(' ', 3);
            ulong device = ulong.Parse(words[0], CultureInfo.InvariantCulture);

            // The C library's makedev: twelve bits of the major number, then eight, twelve and more of the minor one.
            ulong major = ((device >> 8) & 0xFFF) | ((device >> 32) & ~0xFFFUL);
            ulong minor = (device & 0xFF) | ((device >> 12) & ~0xFFUL);
            FileStatus status = FileStatus.Of(path)!.Value;
            Assert.Equal($"inode {major}:{minor}:{words[1]}", status.Identity);
            Assert.Equal((path, words[2].Contains("regular", StringComparison.Ordinal) || words[2].Trim() == "directory"), (path, status.IsOrdinary));
        }

        Assert.Null(FileStatus.Of(InFolder("absent")));
    }

    [Fact]
    public void A_file_that_is_not_there_yet_is_known_by_its_folder_and_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        Directory.CreateDirectory(InFolder("real"));
        Directory.CreateSymbolicLink(InFolder("short"), "real");
        File.CreateSymbolicLink(InFolder("link"), "real/new");
        string identity = OutputTarget.Of(InFolder("real/new")).Identity!;
        Assert.Equal(identity, OutputTarget.Of(InFolder("short/new")).Identity);
        Assert.Equal(identity, OutputTarget.Of(InFolder("link")).Identity);
        Assert.Equal(identity, OutputTarget.Of(InFolder("short/../real/./new")).Identity);
        Assert.NotEqual(identity, OutputTarget.Of(InFolder("real/other")).Identity);
        Assert.NotEqual(identity, OutputTarget.Of(InFolder("new")).Identity);
        if (OperatingSystem.IsLinux())
        {
            Assert.NotEqual(identity, OutputTarget.Of(InFolder("real/NEW")).Identity);
        }
    }

    // Devices may be written to by many, and an output that is left out is none.
    [Fact]
    public void Only_files_can_be_the_same_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/null is Linux's");
        File.WriteAllText(InFolder("m"), "old");
        OutputPaths.Check([("the model", InFolder("m")), ("--a", null), ("--b", "")], [("--output", null), ("--x", "/dev/null"), ("--y", "/dev/null"), ("--z", "/dev/stderr"), ("--w", "/dev/stderr")]);
        OutputPaths.Check([("the model", "/dev/null")], [("--output", "/dev/null")]);
        OutputPaths.Check([("the model", InFolder("m")), ("--data", InFolder("m"))], [("--output", InFolder("n"))]);
        Assert.Equal(
            $"--output '{InFolder("m")}' is the same file as the input of the model, '{InFolder("m")}'; give another path with --output.",
            Assert.Throws<InputException>(() => OutputPaths.Check([("the model", InFolder("m")), ("--data", InFolder("m"))], [("--output", InFolder("m"))])).Message);
        Assert.Equal(
            $"--y '{InFolder("./n")}' and --x '{InFolder("n")}' are the same file; give each a unique path.",
            Assert.Throws<InputException>(() => OutputPaths.Check([], [("--x", InFolder("n")), ("--y", InFolder("./n"))])).Message);
        Assert.Equal(
            "--y '/dev/stdout' and --x '-' are the same file; give each a unique path.",
            Assert.Throws<InputException>(() => OutputPaths.Check([], [("--x", "-"), ("--y", "/dev/stdout")])).Message);
    }

    [Fact]
    public void A_folder_that_was_flushed_is_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        for (int i = 0; i < 5; i++)
        {
            Assert.True(FlushFolder.Of(folder));
        }

        Assert.DoesNotContain(folder, Directory.GetFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget));
    }

    [Theory]
    [InlineData("a\tb", "a?b")]
    [InlineData("a\r\nb\u007F", "a??b?")]
    [InlineData("µ 'größe' é", "µ 'größe' é")]
    [InlineData("", "")]
    public void A_message_has_no_control_characters(string text, string expected)
    {
        Assert.Equal(expected, InputException.OneLine(text));
        Assert.Equal(expected, new InputException(text).Message);
        Assert.Equal(expected, new InputException(text, new IOException()).Message);
    }

    private string InFolder(string name) => Path.Combine(folder, name);
}
