using System.Net;
using System.Security.Cryptography;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Tests;

/// <summary>What folder and address hand on, when, and up to which size.</summary>
public sealed class DeviceUpdateSourceTests : IDisposable
{
    private static readonly Uri Address = new("https://models.example/m.edge");

    private readonly string folder = Directory.CreateTempSubdirectory("edge-source").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly UpdatePolicy policy = new() { RequireSignature = false };
    private readonly List<UpdateReport> reports = [];
    private readonly ScriptedServer server = new();
    private readonly HttpClient client;

    public DeviceUpdateSourceTests()
    {
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        client = new HttpClient(server);
        Directory.CreateDirectory(Inbox);
    }

    private string Inbox => Path.Combine(folder, "inbox");

    private string Offer => Path.Combine(Inbox, "m.edge");

    private IEnumerable<UpdateOutcome> Outcomes => reports.Select(report => report.Outcome);

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]

    // The file's length beside the limit, and the length that the server declares beside the file's.
    [InlineData(0, null, true)]
    [InlineData(1, null, false)]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 1_000_000_000, false)]
    [InlineData(1, -50, false)]
    public async Task A_download_is_taken_up_to_the_limit_whatever_length_is_declared(int above, int? declared, bool taken)
    {
        byte[] two = TestModels.Signed(key, 2);
        using ModelUpdater updater = Open(two.Length - above);
        server.Answer = () => server.Send(two, declared: two.Length + declared);
        await new HttpUpdateSource(client, Address, updater).PollAsync(default);
        Assert.Equal([taken ? UpdateOutcome.Applied : UpdateOutcome.NotAModel], Outcomes);
        if (!taken)
        {
            // Where more is declared than is allowed, nothing is read.
            int said = Math.Max(two.Length, two.Length + (declared ?? 0));
            Assert.Equal($"It has {said} bytes, more than the {two.Length - above} allowed.", reports[0].Reason);
            Assert.Equal(two.Length + declared > two.Length - above ? 0 : two.Length, server.Sent!.Taken);
        }
    }

    [Fact]
    public async Task A_download_that_does_not_end_is_left_behind_the_limit()
    {
        const int Limit = 1_000_000;
        using ModelUpdater updater = Open(Limit);
        server.Answer = () => server.Send(TestModels.Signed(key, 2), zeros: 64_000_000);
        await new HttpUpdateSource(client, Address, updater).PollAsync(default);
        Assert.Equal([UpdateOutcome.NotAModel], Outcomes);

        // A block of 64 KiB may straddle the limit.
        Assert.InRange(server.Sent!.Taken, Limit + 1, Limit + (64 * 1024));
    }

    [Fact]
    public async Task What_is_no_model_is_not_received_to_its_end()
    {
        using ModelUpdater updater = Open(50_000_000);
        server.Answer = () => server.Send(ReadOnlyMemory<byte>.Empty, zeros: 64_000_000);
        await new HttpUpdateSource(client, Address, updater).PollAsync(default);
        Assert.Equal(UpdateOutcome.NotAModel, Assert.Single(reports).Outcome);
        Assert.Contains("it does not begin with 'EDGE'", reports[0].Reason, StringComparison.Ordinal);
        Assert.InRange(server.Sent!.Taken, 1, 64 * 1024);
    }

    [Fact]
    public void A_full_disk_says_the_same_words_each_time()
    {
        using ModelUpdater updater = Open(100_000);
        updater.Store.Files = new FullDisk(10, namesFile: true);
        byte[] two = TestModels.Signed(key, 2);
        Assert.Equal(updater.Apply(two, "t"), updater.Apply(two, "t"));
        Assert.EndsWith($"'{updater.Store.Path}'", reports[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tag_is_kept_for_every_answer_but_that_of_a_full_disk()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new HttpUpdateSource(client, Address, updater);
        byte[] two = TestModels.Signed(key, 2);
        server.Answer = () => server.Send(two, tag: "\"2\"");
        updater.Store.Files = new FullDisk(10);
        await source.PollAsync(default);
        Assert.Equal([UpdateOutcome.StorageFailed], Outcomes);

        // There is room now: it must be asked for without a tag, and taken.
        updater.Store.Files = new StoreFiles();
        await source.PollAsync(default);
        Assert.Equal([UpdateOutcome.StorageFailed, UpdateOutcome.Applied], Outcomes);
        Assert.Equal(2ul, updater.Host.Version);

        // A model that is refused stays refused: no second transfer.
        server.Answer = () => server.Send(TestModels.Create(), tag: "\"unsigned\"");
        await source.PollAsync(default);
        server.Answer = () => new HttpResponseMessage(HttpStatusCode.NotModified);
        await source.PollAsync(default);

        // The disk is full again behind a tag that was known.
        server.Answer = () => server.Send(TestModels.Signed(key, 3), tag: "\"3\"");
        updater.Store.Files = new FullDisk(10);
        await source.PollAsync(default);
        await source.PollAsync(default);
        Assert.Equal(["", "", "\"2\"", "\"unsigned\"", "\"unsigned\"", ""], server.Tags);
    }

    [Fact]
    public async Task An_answer_without_a_tag_forgets_the_one_before()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new HttpUpdateSource(client, Address, updater);
        server.Answer = () => server.Send(TestModels.Signed(key, 2), tag: "\"2\"");
        await source.PollAsync(default);
        server.Answer = () => server.Send(TestModels.Signed(key, 3));
        await source.PollAsync(default);
        await source.PollAsync(default);
        Assert.Equal(["", "\"2\"", ""], server.Tags);
    }

    [Fact]
    public async Task A_body_that_may_be_cut_is_asked_for_again_without_its_tag()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new HttpUpdateSource(client, Address, updater);
        byte[] two = TestModels.Signed(key, 2);

        // No length and no chunks: only the end of the connection says that it is complete, and a cut says the same.
        server.Answer = () => Tagged(two[..^100]);
        await source.PollAsync(default);
        server.Answer = () => Tagged(two);
        await source.PollAsync(default);
        Assert.Equal([UpdateOutcome.NotAModel, UpdateOutcome.Applied], Outcomes);
        Assert.Equal(["", ""], server.Tags);

        static HttpResponseMessage Tagged(byte[] body)
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new OneWay(body)) };
            answer.Headers.ETag = new System.Net.Http.Headers.EntityTagHeaderValue("\"2\"");
            return answer;
        }
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_said_once_and_followed_when_its_target_comes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links need rights elsewhere.");
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        string target = Path.Combine(Inbox, "target");
        File.CreateSymbolicLink(Offer, target);
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(source.Poll());
        }

        UpdateReport report = Assert.Single(reports);
        Assert.Equal((UpdateOutcome.Unreachable, Offer, $"It is a link to '{target}', which is not there."), (report.Outcome, report.Origin, report.Reason));
        File.WriteAllBytes(target, TestModels.Signed(key, 2));
        for (int i = 0; i < 3; i++)
        {
            source.Poll();
        }

        Assert.Equal([UpdateOutcome.Unreachable, UpdateOutcome.Applied], Outcomes);
    }

    [Fact]
    public async Task Words_of_a_server_are_one_line_and_not_endless()
    {
        using ModelUpdater updater = Open(100_000);
        server.Answer = () => new HttpResponseMessage(HttpStatusCode.Found) { ReasonPhrase = "a\u001b[2Jb", Headers = { Location = new Uri("https://x/" + new string('y', 5000)) } };
        UpdateSourceFault? fault = await new HttpUpdateSource(client, Address, updater).PollAsync(default);
        Assert.DoesNotContain(fault!.Reason, char.IsControl);
        Assert.InRange(fault.Reason.Length, 200, 500);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotModified, "The server answered 304 Not Modified although it was not asked whether the model changed; correct the server or the proxy before it.")]
    [InlineData(HttpStatusCode.NotFound, "The server answered 404 Not Found.")]
    [InlineData(HttpStatusCode.InternalServerError, "The server answered 500 Internal Server Error.")]
    [InlineData(HttpStatusCode.NoContent, "The server answered 204 No Content.")]
    [InlineData(HttpStatusCode.PartialContent, "The server answered 206 Partial Content.")]
    public async Task Only_a_whole_answer_is_a_model(HttpStatusCode status, string reason)
    {
        using ModelUpdater updater = Open(100_000);
        server.Answer = () => new HttpResponseMessage(status) { Content = new ByteArrayContent(TestModels.Signed(key, 2)) };
        await new HttpUpdateSource(client, Address, updater).PollAsync(default);
        Assert.Equal(0ul, updater.Host.Version);
        Assert.Equal([(UpdateOutcome.Unreachable, Address.ToString(), reason)], reports.Select(report => (report.Outcome, report.Origin, report.Reason)));
    }

    [Fact]
    public async Task An_error_of_the_network_is_reported_and_a_stop_is_none()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new HttpUpdateSource(client, Address, updater);
        Exception[] errors = [new HttpRequestException("no route"), new IOException("reset"), new TaskCanceledException("timeout")];
        foreach (Exception error in errors)
        {
            server.Answer = () => throw error;
            await source.PollAsync(default);
        }

        Assert.Equal(errors.Select(error => (UpdateOutcome.Unreachable, error.Message)), reports.Select(report => (report.Outcome, report.Reason)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.PollAsync(new CancellationToken(canceled: true)));
        Assert.Equal(3, reports.Count);
        server.Answer = () => throw new InvalidOperationException("bug");
        await Assert.ThrowsAsync<InvalidOperationException>(() => source.PollAsync(default));
    }

    [Theory]
    [InlineData("https://models.example/m.edge", true)]
    [InlineData("http://127.0.0.1:8080/m.edge", true)]
    [InlineData("http://localhost/m.edge", true)]
    [InlineData("http://models.example/m.edge", false)]
    [InlineData("ftp://127.0.0.1/m.edge", false)]
    [InlineData("file:///m.edge", false)]
    [InlineData("m.edge", false)]
    public void Models_come_over_https_or_from_this_machine(string address, bool taken)
    {
        using ModelUpdater updater = Open(100_000);
        Exception? exception = Record.Exception(() => new HttpUpdateSource(client, new Uri(address, UriKind.RelativeOrAbsolute), updater));
        Assert.Equal(taken ? null : $"Models are only fetched over https; '{address}' is not an https address. (Parameter 'address')", exception?.Message);
    }

    [Fact]
    public void A_change_of_the_same_length_is_seen()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        byte[] two = TestModels.Signed(key, 2, weight: 2f);
        byte[] three = TestModels.Signed(key, 3, weight: 3f);
        Assert.Equal(two.Length, three.Length);
        Put(two, minute: 1);
        source.Poll();
        Assert.Empty(reports);
        source.Poll();
        Assert.Equal(2ul, updater.Host.Version);
        Put(three, minute: 2);
        source.Poll();
        Assert.Equal(2ul, updater.Host.Version);
        source.Poll();
        Assert.Equal(3ul, updater.Host.Version);
        Assert.Equal([UpdateOutcome.Applied, UpdateOutcome.Applied], Outcomes);
    }

    [Fact]
    public void A_change_of_length_at_the_same_time_is_seen()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        Put([1], minute: 1);
        source.Poll();
        source.Poll();
        Put([1, 2], minute: 1);
        source.Poll();
        Assert.Single(reports);
        source.Poll();
        Assert.Equal([UpdateOutcome.NotAModel, UpdateOutcome.NotAModel], Outcomes);
    }

    [Fact]
    public void A_file_that_still_grows_is_left_alone()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        byte[] two = TestModels.Signed(key, 2);
        for (int length = 1; length < 6; length++)
        {
            Put(two[..length], minute: length);
            source.Poll();
        }

        Assert.Empty(reports);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_file_is_taken_up_to_the_limit(int above, bool taken)
    {
        byte[] two = TestModels.Signed(key, 2);
        using ModelUpdater updater = Open(two.Length - above);
        var source = new FolderUpdateSource(Inbox, updater);
        Put(two, minute: 1);
        for (int i = 0; i < 4; i++)
        {
            source.Poll();
        }

        UpdateReport report = Assert.Single(reports);
        Assert.Equal((taken ? UpdateOutcome.Applied : UpdateOutcome.NotAModel, Offer), (report.Outcome, report.Origin));
        Assert.Equal(taken ? "Version 2 replaces version 0." : $"It has {two.Length} bytes, more than the {two.Length - 1} allowed.", report.Reason);
    }

    [Fact]
    public void A_file_larger_than_allowed_is_not_even_read()
    {
        using ModelUpdater updater = Open(1_000_000);
        var source = new FolderUpdateSource(Inbox, updater);
        using (FileStream sparse = File.Create(Offer))
        {
            sparse.SetLength(1L << 33);
        }

        source.Poll();
        long before = GC.GetTotalAllocatedBytes(precise: false);
        source.Poll();
        Assert.Equal("It has 8589934592 bytes, more than the 1000000 allowed.", Assert.Single(reports).Reason);
        Assert.Equal(1, updater.Count(UpdateOutcome.NotAModel));
        Assert.True(GC.GetTotalAllocatedBytes(precise: false) - before < 1L << 31);
    }

    [Fact]
    public void A_full_disk_is_tried_again_and_every_other_answer_stays()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        Put(TestModels.Signed(key, 2), minute: 1);
        updater.Store.Files = new FullDisk(10);
        source.Poll();
        source.Poll();
        source.Poll();
        Assert.Equal([UpdateOutcome.StorageFailed, UpdateOutcome.StorageFailed], Outcomes);
        updater.Store.Files = new StoreFiles();
        source.Poll();
        source.Poll();
        source.Poll();
        Assert.Equal([UpdateOutcome.StorageFailed, UpdateOutcome.StorageFailed, UpdateOutcome.Applied], Outcomes);
        Assert.Equal(0, updater.Count(UpdateOutcome.Unchanged));
    }

    [Fact]
    public void Files_are_taken_in_the_order_of_their_names_and_others_not_at_all()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        File.WriteAllBytes(Path.Combine(Inbox, "b.edge"), TestModels.Signed(key, 3));
        File.WriteAllBytes(Path.Combine(Inbox, "a.edge"), TestModels.Signed(key, 2));
        File.WriteAllBytes(Path.Combine(Inbox, "c.edge.part"), TestModels.Signed(key, 4));
        Directory.CreateDirectory(Path.Combine(Inbox, "deep"));
        File.WriteAllBytes(Path.Combine(Inbox, "deep", "d.edge"), TestModels.Signed(key, 5));
        source.Poll();
        source.Poll();
        source.Poll();
        Assert.Equal(["a.edge", "b.edge"], reports.Select(report => Path.GetFileName(report.Origin)));
        Assert.Equal([UpdateOutcome.Applied, UpdateOutcome.Applied], Outcomes);
        Assert.Equal(3ul, updater.Host.Version);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_reported_once_and_looked_at_again()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        Put(TestModels.Signed(key, 2), minute: 1);
        source.Poll();
        using (File.Open(Offer, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            source.Poll();
            source.Poll();
        }

        UpdateReport report = Assert.Single(reports);
        Assert.Equal((UpdateOutcome.Unreachable, Offer), (report.Outcome, report.Origin));
        Assert.Null(source.Poll());
        Assert.Equal([UpdateOutcome.Unreachable, UpdateOutcome.Applied], Outcomes);
    }

    [Fact]
    public void Names_that_come_and_go_are_forgotten_and_ten_thousand_are_not_all_looked_at()
    {
        using ModelUpdater updater = Open(100_000);
        var source = new FolderUpdateSource(Inbox, updater);
        for (int i = 0; i < 10_000; i++)
        {
            File.WriteAllBytes(Path.Combine(Inbox, $"{i}.edge"), []);
        }

        UpdateSourceFault? fault = source.Poll();
        Assert.Equal(("too_many_files", "It holds more than 1000 .edge files, and only 1000 of them are looked at; delete those that were taken or refused."), (fault!.Kind, fault.Reason));
        Assert.Equal([Inbox], reports.Select(report => report.Origin));
        source.Poll();
        Assert.Equal(1000, updater.Count(UpdateOutcome.NotAModel));
        Directory.Delete(Inbox, recursive: true);
        Directory.CreateDirectory(Inbox);
        Assert.Null(source.Poll());
        Put(TestModels.Signed(key, 2), minute: 1);
        Assert.Null(source.Poll());
        Assert.Equal(0ul, updater.Host.Version);
        Assert.Null(source.Poll());
        Assert.Equal(2ul, updater.Host.Version);
    }

    [Fact]
    public void A_folder_in_name_only_is_a_fault_and_a_stop_is_none()
    {
        using ModelUpdater updater = Open(100_000);
        File.WriteAllBytes(Path.Combine(folder, "file"), []);
        Assert.Equal(new UpdateSourceFault("folder", "It is a file, not a folder."), new FolderUpdateSource(Path.Combine(folder, "file"), updater).Poll());
        Assert.Equal([(UpdateOutcome.Unreachable, Path.Combine(folder, "file"))], reports.Select(report => (report.Outcome, report.Origin)));
        Put([1], minute: 1);
        Assert.Throws<OperationCanceledException>(() => new FolderUpdateSource(Inbox, updater).Poll(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_no_error()
    {
        using ModelUpdater updater = Open(100_000);
        new FolderUpdateSource(Path.Combine(folder, "missing"), updater).Poll();
        Assert.Empty(reports);
    }

    private void Put(byte[] bytes, int minute)
    {
        File.WriteAllBytes(Offer, bytes);
        File.SetLastWriteTimeUtc(Offer, new DateTime(2026, 1, 1, 0, minute, 0, DateTimeKind.Utc));
    }

    private ModelUpdater Open(int maxBytes)
    {
        // Unsigned and so shorter than each that is offered: the limit is about those.
        string factory = Path.Combine(folder, "factory.edge");
        File.WriteAllBytes(factory, TestModels.Create());
        return ModelUpdater.Open(Path.Combine(folder, "store"), factory, policy with { MaxBytes = maxBytes }, reports.Add);
    }

    /// <summary>A body whose length nobody knows before its end.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
