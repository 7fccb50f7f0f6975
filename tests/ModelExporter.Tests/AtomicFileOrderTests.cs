namespace EdgeInference.Tool.Tests;

/// <summary>In which order a file gets onto the disk, and what is left where a step fails. Alone, since it deletes the unfinished files of the process.</summary>
[Collection(ProcessTests.Name)]
public sealed class AtomicFileOrderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-order-").FullName;
    private readonly List<string> seen = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("old")]
    public void Bytes_are_flushed_before_the_rename_and_the_folder_after_it(string? before)
    {
        if (before is not null)
        {
            File.WriteAllText(Target, before);
        }

        AtomicFile.Write(Target, "new"u8, Steps());
        Assert.Equal(["open", "write 3", "flush to disk", "close", "rename", "flush folder"], seen);
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData("open")]
    [InlineData("write 3")]
    [InlineData("flush to disk")]
    [InlineData("rename")]
    public void Where_a_step_fails_the_old_file_stays_and_no_other_is_left(string failing)
    {
        File.WriteAllText(Target, "old");
        var exception = Assert.Throws<InputException>(() => AtomicFile.Write(Target, "new"u8, Steps(failing)));
        Assert.Contains($"'{Target}' cannot be written: no space", exception.Message, StringComparison.Ordinal);
        Assert.Equal(failing, seen[^1] == "close" ? seen[^2] : seen[^1]);
        Assert.DoesNotContain("flush folder", seen);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(folder));
    }

    [Fact]
    public void What_is_not_whole_can_be_deleted_at_any_step_before_the_rename()
    {
        File.WriteAllText(Target, "old");
        OutputSteps steps = Steps();
        OutputSteps stopped = steps with
        {
            Rename = (from, to) =>
            {
                Assert.True(File.Exists(from));
                AtomicFile.DeleteUnfinished();
                Assert.False(File.Exists(from));
                steps.Rename(from, to);
            },
        };
        Assert.Throws<InputException>(() => AtomicFile.Write(Target, "new"u8, stopped));
        Assert.Equal("old", File.ReadAllText(Target));

        // A file that is whole is none of those.
        AtomicFile.Write(Target, "newer"u8, Steps());
        AtomicFile.DeleteUnfinished();
        Assert.Equal("newer", File.ReadAllText(Target));
    }

    [Fact]
    public void Nobody_may_read_the_temporary_file_who_may_not_read_the_target()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes");
            return;
        }

        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, UnixFileMode.UserRead);
        UnixFileMode? created = null;
        UnixFileMode? written = null;
        OutputSteps steps = Steps();
        AtomicFile.Write(Target, "new"u8, steps with
        {
            Open = (path, options) =>
            {
                created = options.UnixCreateMode;
                return steps.Open(path, options);
            },
            Rename = (from, to) =>
            {
                written = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(from);
                steps.Rename(from, to);
            },
        });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, created);
        Assert.Equal(UnixFileMode.UserRead, written);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void The_temporary_file_is_a_new_one_beside_the_target()
    {
        var paths = new List<string>();
        OutputSteps steps = Steps();
        for (int i = 0; i < 2; i++)
        {
            AtomicFile.Write(Target, "new"u8, steps with
            {
                Open = (path, options) =>
                {
                    paths.Add(path);
                    Assert.Equal((FileMode.CreateNew, FileAccess.Write), (options.Mode, options.Access));
                    return steps.Open(path, options);
                },
            });
        }

        Assert.All(paths, path => Assert.Equal(folder, Path.GetDirectoryName(path)));
        Assert.NotEqual(paths[0], paths[1]);
    }

    [Fact]
    public void The_steps_of_the_system_are_the_real_ones()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "folders are flushed by fsync");
        Assert.True(OutputSteps.System.FlushFolder(folder));
        Assert.False(OutputSteps.System.FlushFolder(Path.Combine(folder, "absent")));
        File.WriteAllText(Target, "old");
        File.WriteAllText(Target + ".new", "new");
        OutputSteps.System.Rename(Target + ".new", Target);
        Assert.Equal("new", File.ReadAllText(Target));
        using FileStream stream = OutputSteps.System.Open(Target, new FileStreamOptions { Mode = FileMode.Open });
        Assert.Equal(Target, stream.Name);
    }

    [Fact]
    public void Text_has_no_byte_order_mark()
    {
        AtomicFile.Write(Target, "aé");
        Assert.Equal([0x61, 0xC3, 0xA9], File.ReadAllBytes(Target));
    }

    private string Target => Path.Combine(folder, "m.edge");

    private OutputSteps Steps(string? failing = null)
    {
        void Pass(string step)
        {
            seen.Add(step);
            if (step == failing)
            {
                throw new IOException("no space");
            }
        }

        return new OutputSteps
        {
            Open = (path, options) =>
            {
                Pass("open");
                return new SeenStream(path, options, Pass);
            },
            Rename = (from, to) =>
            {
                Pass("rename");
                File.Move(from, to, overwrite: true);
            },
            FlushFolder = path =>
            {
                Assert.Equal(folder, path);
                Pass("flush folder");
                return true;
            },
        };
    }

    private sealed class SeenStream(string path, FileStreamOptions options, Action<string> pass) : FileStream(path, options)
    {
        private bool isClosed;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            pass($"write {buffer.Length}");
            base.Write(buffer);
        }

        public override void Flush(bool flushToDisk)
        {
            // The library also flushes what it buffers to the system, which is no step.
            if (flushToDisk)
            {
                pass("flush to disk");
            }

            base.Flush(flushToDisk);
        }

        protected override void Dispose(bool disposing)
        {
            if (!isClosed)
            {
                isClosed = true;
                pass("close");
            }

            base.Dispose(disposing);
        }
    }
}
