using System.Diagnostics;
using System.Net.Sockets;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Polly;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>What holds for every source: nothing ends it, each fault is said once, and pauses grow.</summary>
public sealed class UpdateSourceTests
{
    [Fact]
    public async Task A_folder_whose_disk_does_not_answer_is_said_at_the_deadline()
    {
        await using var bench = new UpdateBench();
        using var answers = new ManualResetEventSlim();
        bench.Options.Folder = bench.Inbox;
        try
        {
            await bench.FolderAsync(_ =>
            {
                answers.Wait();
                return true;
            });
            await bench.UntilAsync(() => bench.Log.Of(3010).Count > 0, 3600);
            Assert.Contains("(timeout): It was not looked through within", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        }
        finally
        {
            answers.Set();
        }

        await bench.UntilAsync(() => bench.Log.Of(3011).Count > 0, 3600);
    }

    [Fact]
    public async Task A_file_name_with_line_breaks_writes_no_lines_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "No other system has such names.");
        await using var bench = new UpdateBench();
        bench.Options.Folder = bench.Inbox;
        Directory.CreateDirectory(Path.Combine(bench.Inbox, "a\nfail: b.edge"));
        await bench.FolderAsync();
        await bench.UntilAsync(() => bench.Log.Of(3014).Count > 0);
        Assert.StartsWith($"The file {bench.Inbox}/a fail: b.edge cannot be taken: It is a folder", Assert.Single(bench.Log.Of(3014)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_program_itself_is_said_once_with_its_stack_and_the_source_goes_on()
    {
        await using var bench = new UpdateBench();
        bench.Options.Folder = bench.Inbox;
        int asked = 0;
        using var service = new Scripted(bench.Sources.Folder, bench.Time, () => Interlocked.Increment(ref asked) < 4 ? throw new InvalidOperationException("bug") : null);
        await service.StartAsync(default);
        await bench.UntilAsync(() => Volatile.Read(ref asked) >= 5);
        await service.StopAsync(default);
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Equal([LogLevel.Error], bench.Log.All.Where(line => line.Id == 3013).Select(line => line.Level));
        Assert.Equal("Updates from folder (" + bench.Inbox + ") are well again after 3 failures.", Assert.Single(bench.Log.Of(3011)));
        Assert.Equal(3, bench.Counts["edge.update.failures folder InvalidOperationException"]);
        Assert.Null(bench.Sources.Folder.Problem);
    }

    [Fact]
    public async Task Each_kind_of_fault_is_said_once_until_the_source_is_well()
    {
        await using var bench = new UpdateBench();
        UpdateSourceHealth health = bench.Sources.Https;
        health.Register();
        for (int i = 0; i < 100; i++)
        {
            health.Failed(new UpdateSourceFault("a", $"A {i}"));
            health.Failed(new UpdateSourceFault("b", "B."));
        }

        Assert.Equal("B.", health.Problem);
        Assert.Equal(2, bench.Log.Of(3010).Count);
        bench.Time.Advance(TimeSpan.FromSeconds(90));
        bench.Record();
        Assert.Equal(90, bench.Gauges["edge.update.last_success.age https"]);
        health.Well();
        health.Well();
        bench.Record();
        Assert.Equal(0, bench.Gauges["edge.update.last_success.age https"]);
        Assert.Contains("200 failures", Assert.Single(bench.Log.Of(3011)), StringComparison.Ordinal);
        health.Failed(new UpdateSourceFault("a", "A."));
        Assert.Equal(3, bench.Log.Of(3010).Count);
        Assert.Equal((101, 100), (bench.Counts["edge.update.failures https a"], bench.Counts["edge.update.failures https b"]));
    }

    [Theory]
    [InlineData(60, 2, 600)]
    [InlineData(0.05, 0.05, 600)]
    [InlineData(7200, 2, 7200)]
    [InlineData(2_592_000, 2, 86_400)]
    public async Task Pauses_begin_short_grow_and_stay_long_for_ever(double interval, double first, double longest)
    {
        var time = new Pauses();
        ResiliencePipeline<UpdateSourceFault?> pipeline = UpdateBackOff.Create(time, TimeSpan.FromSeconds(interval));
        int tried = 0;
        await pipeline.ExecuteAsync(_ => ValueTask.FromResult(++tried > 3000 ? null : new UpdateSourceFault("x", "x")), CancellationToken.None);
        Assert.Equal(3000, time.All.Count);
        Assert.InRange(time.All[0].TotalSeconds, first / 100, first * 4);

        // Never a hot loop, however long a source is away.
        Assert.All(time.All[100..], pause => Assert.InRange(pause.TotalSeconds, longest * 0.99, longest * 1.101));
        Assert.All(time.All, pause => Assert.True(pause > TimeSpan.Zero));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(100_000_000, 86_400)]
    public async Task What_a_server_asks_for_is_kept_up_to_a_day(double asked, double kept)
    {
        var time = new Pauses();
        int tried = 0;
        await UpdateBackOff.Create(time, TimeSpan.FromSeconds(60)).ExecuteAsync(_ => ValueTask.FromResult(++tried > 1 ? null : new UpdateSourceFault("x", "x", TimeSpan.FromSeconds(asked))), CancellationToken.None);
        Assert.InRange(Assert.Single(time.All).TotalSeconds, kept, kept * 1.1);
    }

    [Fact]
    public async Task What_is_no_model_in_the_inbox_is_said_once_each_and_a_model_beside_is_taken()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices and queues of Linux.");
        await using var bench = new UpdateBench();
        File.CreateSymbolicLink(Path.Combine(bench.Inbox, "a-zero.edge"), "/dev/zero");
        using (Process make = Process.Start("mkfifo", Path.Combine(bench.Inbox, "b-queue.edge")))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(Path.Combine(bench.Inbox, "c-folder.edge"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(bench.Inbox, "d-socket.edge")));
        File.CreateSymbolicLink(Path.Combine(bench.Inbox, "e-loop.edge"), Path.Combine(bench.Inbox, "e-loop.edge"));
        File.CreateSymbolicLink(Path.Combine(bench.Inbox, "f-nowhere.edge"), Path.Combine(bench.Inbox, "nothing"));
        using (FileStream large = File.Create(Path.Combine(bench.Inbox, "g-large.edge")))
        {
            large.SetLength(200_000_000);
        }

        await File.WriteAllBytesAsync(Path.Combine(bench.Inbox, "z.edge"), TestModels.Signed(bench.Key, 2), TestContext.Current.CancellationToken);
        bench.Options.Folder = bench.Inbox;
        await bench.FolderAsync();
        await bench.UntilAsync(() => bench.Version == 2);
        await bench.UntilAsync(() => bench.Counts["edge.update.attempts folder"] > 10, 10);
        string[] said = [.. bench.Log.Of(3014)];
        foreach (string name in (string[])["a-zero", "b-queue", "c-folder", "d-socket", "e-loop"])
        {
            Assert.Single(said, line => line.StartsWith($"The file {Path.Combine(bench.Inbox, name)}.edge cannot be taken: ", StringComparison.Ordinal));
        }

        Assert.Equal("It has 200000000 bytes, more than the 1000000 allowed.", Assert.Single(bench.Reports, report => report.Outcome == UpdateOutcome.NotAModel).Reason);
        Assert.Equal(1, bench.Updater.Count(UpdateOutcome.Applied));
        Assert.Null(bench.Sources.Folder.Problem);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_yet_is_said_once_and_taken_when_it_comes()
    {
        await using var bench = new UpdateBench();
        bench.Options.Folder = Path.Combine(bench.Folder, "later");
        await bench.FolderAsync();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.attempts folder") > 3, 10);
        Assert.Equal($"The folder {bench.Options.Folder} does not exist yet; it is looked for with each check.", Assert.Single(bench.Log.Of(3022)));
        Assert.Null(bench.Sources.Folder.Problem);
        Directory.CreateDirectory(bench.Options.Folder);
        await File.WriteAllBytesAsync(Path.Combine(bench.Options.Folder, "two.edge"), TestModels.Signed(bench.Key, 2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Version == 2, 10);
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_is_said_once_holds_one_thread_and_is_looked_at_again_behind_it()
    {
        await using var bench = new UpdateBench();
        (bench.Options.Folder, bench.Options.DownloadSeconds) = (bench.Inbox, 30);
        await File.WriteAllBytesAsync(Path.Combine(bench.Inbox, "a.edge"), [1], TestContext.Current.CancellationToken);
        using var answers = new ManualResetEventSlim();
        int held = 0;
        bench.Updater.Reported += _ =>
        {
            Interlocked.Increment(ref held);
            answers.Wait(UpdateBench.Limit);
        };
        await bench.FolderAsync();
        await bench.UntilAsync(() => bench.Counts.GetValueOrDefault("edge.update.failures folder timeout") >= 3);
        Assert.Equal(1, Volatile.Read(ref held));
        Assert.Contains("fail (timeout): It was not looked through within 30 s; its disk or network does not answer.", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        answers.Set();
        await File.WriteAllBytesAsync(Path.Combine(bench.Inbox, "b.edge"), TestModels.Signed(bench.Key, 2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Version == 2);
        await bench.StillAsync(() => bench.Sources.Folder.Problem is null);
    }

    [Fact]
    public async Task A_source_without_a_setting_does_nothing_and_has_no_problem()
    {
        await using var bench = new UpdateBench();
        foreach (Microsoft.Extensions.Hosting.BackgroundService service in (Microsoft.Extensions.Hosting.BackgroundService[])[await bench.FolderAsync(), await bench.HttpAsync(), await bench.MqttAsync()])
        {
            await service.ExecuteTask!.WaitAsync(UpdateBench.Limit, TestContext.Current.CancellationToken);
        }

        Assert.Empty(bench.Log.All);
        Assert.Empty(bench.Counts);
    }

    private sealed class Scripted(UpdateSourceHealth health, TimeProvider time, Func<UpdateSourceFault?> answer) : UpdateSourceService(health, TimeSpan.FromSeconds(1), time)
    {
        protected override Task<UpdateSourceFault?> AskAsync(CancellationToken stopping)
        {
            UpdateSourceFault? fault = answer();
            if (fault is null)
            {
                Health.Well();
            }

            return Task.FromResult(fault);
        }
    }

    // Every pause is over at once.
    private sealed class Pauses : FakeTimeProvider
    {
        internal List<TimeSpan> All { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                All.Add(dueTime);
            }

            return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
    }
}
