using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>What somebody may put where a model is expected.</summary>
public sealed class RegularFileTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("edge-file").FullName;

    private string Offer => Path.Combine(folder, "m.edge");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(100_000, false)]
    public void A_file_is_read_up_to_the_limit(int length, bool read)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        File.WriteAllBytes(Offer, bytes);
        if (read)
        {
            Assert.Equal(bytes, RegularFile.Read(Offer, 10));
            return;
        }

        var exception = Assert.Throws<FileTooLargeException>(() => RegularFile.Read(Offer, 10));
        Assert.Equal(($"'{Offer}' has {length} bytes, more than the 10 allowed.", length), (exception.Message, exception.Length));
    }

    [Fact]
    public void A_link_to_a_file_is_that_file()
    {
        File.WriteAllBytes(Path.Combine(folder, "real"), [1, 2, 3]);
        File.CreateSymbolicLink(Offer, "real");
        Assert.Equal([1, 2, 3], RegularFile.Read(Offer, 10));
    }

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("/dev", "a folder")]
    public void A_link_to_something_endless_is_refused_by_name(string target, string kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices of Linux.");
        File.CreateSymbolicLink(Offer, target);
        var exception = Assert.Throws<IOException>(() => RegularFile.Read(Offer, int.MaxValue));
        Assert.Equal($"'{Offer}' is {kind}, not a regular file; put a copy of the file itself there.", exception.Message);
    }

    [Fact]
    public async Task A_fifo_without_a_writer_does_not_hang()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Tool.Run("mkfifo", Offer) == 0, "mkfifo makes the pipe.");
        Task<Exception?> read = Task.Run(() => Record.Exception(() => RegularFile.Read(Offer, 100)), TestContext.Current.CancellationToken);
        Exception? exception = await read.WaitAsync(Hang, TestContext.Current.CancellationToken);
        Assert.StartsWith($"'{Offer}' is a FIFO", Assert.IsType<IOException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_says_it_is_empty_and_is_not_is_read_to_its_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is of Linux.");
        Assert.Equal(File.ReadAllBytes("/proc/version"), RegularFile.Read("/proc/version", 100_000));
        Assert.Throws<FileTooLargeException>(() => RegularFile.Read("/proc/version", 5));
    }

    [Fact]
    public void Missing_and_locked_files_are_errors_with_the_path()
    {
        Assert.Contains(Offer, Assert.Throws<FileNotFoundException>(() => RegularFile.Read(Offer, 10)).Message, StringComparison.Ordinal);
        using FileStream held = File.Open(Offer, FileMode.Create, FileAccess.Write, FileShare.None);
        Assert.Contains(Offer, Assert.Throws<IOException>(() => RegularFile.Read(Offer, 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_leaves_no_descriptor_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is of Linux.");
        File.WriteAllBytes(Offer, new byte[20]);
        int open = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int i = 0; i < 300; i++)
        {
            RegularFile.Read(Offer, 20);
            Assert.Throws<FileTooLargeException>(() => RegularFile.Read(Offer, 10));
        }

        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 0, open + 200);
    }
}
