using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>Two programs on one store, and a store that cannot be written.</summary>
public sealed class DeviceStoreLockTests : StoreTests
{
    [Fact]
    public void A_second_program_is_refused_with_the_process_that_has_the_store_and_deletes_nothing_of_it()
    {
        using (ModelUpdater first = Open())
        {
            string live = Path.Combine(Store, ".model.edge.live");
            File.WriteAllBytes(live, [1]);
            Exception second = Assert.ThrowsAny<IOException>(Open);
            string owner = OperatingSystem.IsLinux() ? $"process {Environment.ProcessId} on {Environment.MachineName}" : "another program";
            Assert.Equal($"The model store '{Store}' is in use by {owner}; stop that first ('systemctl stop edge-device'), name another folder, or only look at it ('edge-device check').", second.Message);
            Assert.True(File.Exists(live));
            Assert.Equal(UpdateOutcome.Applied, first.Apply(TestModels.Signed(key, 2), "t").Outcome);
        }

        using ModelUpdater next = Open();
        Assert.Equal(2ul, next.Host.Version);
        Assert.False(File.Exists(Path.Combine(Store, ".model.edge.live")));
    }

    [Fact]
    public void A_pipe_in_place_of_the_lock_is_said_and_the_device_decides()
    {
        Directory.CreateDirectory(Store);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Tool.Run("mkfifo", Path.Combine(Store, ".lock")) == 0, "mkfifo makes the pipe.");
        using ModelUpdater updater = Open();
        UpdateReport report = Assert.Single(reports);
        Assert.Equal(UpdateOutcome.StorageFailed, report.Outcome);
        Assert.Contains($"('{Path.Combine(Store, ".lock")}' is no regular file; delete it)", report.Reason, StringComparison.Ordinal);
        File.Delete(Path.Combine(Store, ".lock"));
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 2), "t").Outcome);
    }

    [Fact]
    public void A_look_beside_a_running_service_changes_nothing_and_takes_no_model()
    {
        using ModelUpdater service = Open();
        service.Apply(TestModels.Signed(key, 2), "t");
        File.WriteAllBytes(Path.Combine(Store, ".model.edge.live"), [1]);
        (string, DateTime, string)[] before = Listing();
        reports.Clear();
        using (ModelUpdater look = ModelUpdater.Inspect(Store, Factory, policy, reports.Add))
        {
            Assert.Equal(2ul, look.Host.Version);
            Assert.Empty(reports);
            UpdateReport report = look.Apply(TestModels.Signed(key, 3), "t");
            Assert.Equal((UpdateOutcome.StorageFailed, true), (report.Outcome, report.Reason.Contains("only to be looked at", StringComparison.Ordinal)));
        }

        Assert.Equal(before, Listing());
        Assert.Equal(UpdateOutcome.Applied, service.Apply(TestModels.Signed(key, 3), "t").Outcome);
    }

    [Fact]
    public void A_look_at_a_folder_that_is_not_there_does_not_make_it()
    {
        using ModelUpdater look = ModelUpdater.Inspect(Store, Factory, policy, reports.Add);
        Assert.Equal((1ul, false), (look.Host.Version, Directory.Exists(Store)));
        Assert.Empty(reports);
    }

    [Fact]
    public void On_a_read_only_file_system_with_a_left_over_file_the_device_starts_and_updates_say_why_they_fail()
    {
        Directory.CreateDirectory(Store);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Tool.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Store) == 0, "Mounting a tmpfs needs root on Linux.");
        try
        {
            using (ModelUpdater updater = Open())
            {
                updater.Apply(TestModels.Signed(key, 2), "t");
            }

            File.WriteAllBytes(Path.Combine(Store, ".model.edge.left"), [1]);
            reports.Clear();
            Assert.Equal(0, Tool.Run("mount", "-o", "remount,ro", Store));
            using (ModelUpdater updater = Open())
            {
                Assert.Equal(2ul, updater.Host.Version);
                UpdateReport said = Assert.Single(reports);
                Assert.Equal((UpdateOutcome.StorageFailed, Store), (said.Outcome, said.Origin));
                Assert.StartsWith($"The model store '{Store}' cannot be written, so that no update is taken until it can (", said.Reason, StringComparison.Ordinal);
                Assert.Equal(UpdateOutcome.StorageFailed, updater.Apply(TestModels.Signed(key, 3), "t").Outcome);
                Assert.Equal(2ul, updater.Host.Version);

                // It is tried again each time: no restart is needed.
                Assert.Equal(0, Tool.Run("mount", "-o", "remount,rw", Store));
                Assert.Equal(UpdateOutcome.Applied, updater.Apply(TestModels.Signed(key, 3), "t").Outcome);
                Assert.ThrowsAny<IOException>(Open);
            }
        }
        finally
        {
            Tool.Run("umount", Store);
        }
    }

    [Fact]
    public void A_lock_that_cannot_be_made_is_reported_once_and_the_device_starts()
    {
        // A folder has the name of the lock.
        Directory.CreateDirectory(Path.Combine(Store, ".lock"));
        using ModelUpdater updater = Open();
        Assert.Equal((1ul, UpdateOutcome.StorageFailed), (updater.Host.Version, Assert.Single(reports).Outcome));
        Assert.Equal(UpdateOutcome.StorageFailed, updater.Apply(TestModels.Signed(key, 2), "t").Outcome);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("fifo")]
    [InlineData("folder")]
    public void What_is_no_file_where_a_model_should_be_is_passed_over(string what)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices of Linux.");
        string stored = Path.Combine(Store, "model.edge");
        Directory.CreateDirectory(Store);
        switch (what)
        {
            case "fifo":
                Assert.SkipUnless(Tool.Run("mkfifo", stored) == 0, "mkfifo makes the pipe.");
                break;
            case "folder":
                Directory.CreateDirectory(stored);
                break;
            default:
                File.CreateSymbolicLink(stored, what);
                break;
        }

        using ModelUpdater updater = Open();
        Assert.Equal((1ul, UpdateOutcome.Unreachable), (updater.Host.Version, Assert.Single(reports).Outcome));
        Assert.Contains("not a regular file", reports[0].Reason, StringComparison.Ordinal);

        // The same of the model that the device was shipped with.
        Assert.Throws<InvalidDataException>(() => ModelUpdater.Inspect(Path.Combine(folder, "none"), stored, policy));
    }

    private (string, DateTime, string)[] Listing() =>
        [.. Directory.GetFiles(Store).Order(StringComparer.Ordinal).Select(path => (path, File.GetLastWriteTimeUtc(path), path.EndsWith(".lock", StringComparison.Ordinal) ? "" : StoreRecord.HashOf(File.ReadAllBytes(path))))];
}
