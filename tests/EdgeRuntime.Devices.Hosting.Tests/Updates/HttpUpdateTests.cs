using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EdgeInference.Devices.Hosting.Tests.Updates.Doubles;
using EdgeInference.Devices.Tests.Doubles;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>Servers that stand still, never end, lie, ask for peace or send elsewhere.</summary>
public sealed class HttpUpdateTests
{
    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc")]
    public async Task A_server_that_stands_still_is_left_at_the_deadline_and_the_folder_beside_goes_on(string start)
    {
        bool stands = true;
        await using var bench = new UpdateBench();
        byte[] three = TestModels.Signed(bench.Key, 3);
        await using var server = new RawServer(async (stream, _, stop) =>
        {
            if (Volatile.Read(ref stands))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(start), stop);
                await Task.Delay(Timeout.Infinite, stop);
            }

            await stream.WriteAsync(RawServer.Answer("200 OK", $"Content-Length: {three.Length}\r\n", three), stop);
        });
        bench.Options.Address = server.Address;
        bench.Options.Folder = bench.Inbox;
        await bench.HttpAsync();
        await bench.StillAsync(() => !server.Requests.IsEmpty);
        await File.WriteAllBytesAsync(Path.Combine(bench.Inbox, "two.edge"), TestModels.Signed(bench.Key, 2), TestContext.Current.CancellationToken);
        await bench.FolderAsync();
        await bench.UntilAsync(() => bench.Version == 2);

        // A day, as the bench's settings say: the download stands and the folder was looked at.
        Assert.Empty(bench.Log.Of(3010));
        await bench.UntilAsync(() => bench.Log.Of(3010).Count > 0, 3600);
        Assert.StartsWith($"Updates from https ({server.Address}) fail (timeout): There was no complete answer within 86400 s. It is tried again;", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        Assert.NotNull(bench.Sources.Https.Problem);
        Volatile.Write(ref stands, false);
        await bench.UntilAsync(() => bench.Version == 3);
        await bench.StillAsync(() => bench.Log.Of(3011).Count > 0);
        Assert.Null(bench.Sources.Https.Problem);
        Assert.Null(bench.Sources.Folder.Problem);
        Assert.Equal(1, bench.Counts["edge.update.failures https timeout"]);
    }

    [Theory]
    [InlineData("Content-Length: 200000000\r\n", "It has 200000000 bytes, more than the 1000000 allowed.")]
    [InlineData("", "The model file is not usable: section 'header', byte 0: it does not begin with 'EDGE'")]
    public async Task A_body_of_200_MB_is_refused_and_left_in_the_network(string headers, string reason)
    {
        long sent = 0;
        await using var bench = new UpdateBench();
        await using var server = new RawServer(async (stream, _, stop) =>
        {
            byte[] zeros = new byte[100_000];
            await stream.WriteAsync(RawServer.Answer("200 OK", headers, []), stop);
            for (; Interlocked.Read(ref sent) < 200_000_000; Interlocked.Add(ref sent, zeros.Length))
            {
                await stream.WriteAsync(zeros, stop);
            }
        });
        bench.Options.Address = server.Address;
        await bench.HttpAsync();
        await bench.StillAsync(() => !bench.Reports.IsEmpty);
        UpdateReport report = Assert.Single(bench.Reports);
        Assert.Equal(UpdateOutcome.NotAModel, report.Outcome);
        Assert.StartsWith(reason, report.Reason, StringComparison.Ordinal);

        // What fits between two sockets, and not more.
        Assert.True(Interlocked.Read(ref sent) < 50_000_000);
    }

    [Fact]
    public async Task An_answer_shorter_than_it_said_is_no_model_and_is_asked_for_again()
    {
        await using var bench = new UpdateBench();
        byte[] two = TestModels.Signed(bench.Key, 2);
        int asked = 0;
        await using var server = new RawServer(async (stream, _, stop) =>
            await stream.WriteAsync(RawServer.Answer("200 OK", $"Content-Length: {two.Length}\r\n", Interlocked.Increment(ref asked) == 1 ? two[..^1] : two), stop));
        bench.Options.Address = server.Address;
        await bench.HttpAsync();
        await bench.UntilAsync(() => bench.Version == 2);
        Assert.Contains("fail (incomplete): The answer ended before it was complete:", Assert.Single(bench.Log.Of(3010)), StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Reports, report => report.Outcome == UpdateOutcome.NotAModel);
    }

    [Theory]
    [InlineData("429 Too Many Requests", false)]
    [InlineData("503 Service Unavailable", false)]
    [InlineData("503 Service Unavailable", true)]
    public async Task A_server_that_asks_for_peace_has_it(string status, bool date)
    {
        await using var bench = new UpdateBench();
        byte[] two = TestModels.Signed(bench.Key, 2);
        int asked = 0;
        await using var server = new RawServer(async (stream, _, stop) =>
        {
            string wait = date ? bench.Time.GetUtcNow().AddSeconds(1800).ToString("R", CultureInfo.InvariantCulture) : "1800";
            await stream.WriteAsync(Interlocked.Increment(ref asked) == 1 ? RawServer.Answer(status, $"Retry-After: {wait}\r\nContent-Length: 0\r\n", []) : RawServer.Answer("200 OK", $"Content-Length: {two.Length}\r\n", two), stop);
        });
        bench.Options.Address = server.Address;
        DateTimeOffset start = bench.Time.GetUtcNow();
        await bench.HttpAsync();
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"fail (status_{status[..3]}): The server answered {status}. It asks for 1"), bench.Log.Of(3010)[0], StringComparison.Ordinal);
        await bench.UntilAsync(() => bench.Version == 2, 10);

        // A date has no parts of a second; a longer pause than a tenth above could come from the test's own steps.
        Assert.True(bench.Time.GetUtcNow() - start >= TimeSpan.FromSeconds(1799));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_fails_is_asked_ever_less_often_and_said_once()
    {
        await using var bench = new UpdateBench();
        var times = new System.Collections.Concurrent.ConcurrentQueue<DateTimeOffset>();
        await using var server = new RawServer(async (stream, _, stop) =>
        {
            times.Enqueue(bench.Time.GetUtcNow());
            await stream.WriteAsync(RawServer.Answer("500 Internal Server Error", "Content-Length: 0\r\n", []), stop);
        });
        bench.Options.Address = server.Address;
        await bench.HttpAsync();
        await bench.UntilAsync(() => times.Count >= 20, 30);
        await bench.StillAsync(() => bench.Counts.GetValueOrDefault("edge.update.failures https status_500") >= 20);
        DateTimeOffset[] all = [.. times];

        // 20 requests in the interval of the settings would be 19 minutes.
        Assert.True(all[19] - all[0] > TimeSpan.FromMinutes(40));
        Assert.Single(bench.Log.Of(3010));
        Assert.Equal("The server answered 500 Internal Server Error.", bench.Sources.Https.Problem);
    }

    [Fact]
    public async Task The_tag_is_sent_back_and_an_unchanged_model_is_not_sent_again()
    {
        await using var bench = new UpdateBench();
        byte[] two = TestModels.Signed(bench.Key, 2);
        await using var server = new RawServer(async (stream, request, stop) =>
            await stream.WriteAsync(request.Contains("If-None-Match: \"v2\"", StringComparison.Ordinal) ? RawServer.Answer("304 Not Modified", "", []) : RawServer.Answer("200 OK", $"ETag: \"v2\"\r\nContent-Length: {two.Length}\r\n", two), stop));
        bench.Options.Address = server.Address;
        await bench.HttpAsync();
        await bench.UntilAsync(() => server.Requests.Count >= 3, 10);
        Assert.Equal(1, bench.Updater.Count(UpdateOutcome.Applied));
        Assert.Equal(0, bench.Updater.Count(UpdateOutcome.Unchanged));
        Assert.Null(bench.Sources.Https.Problem);
    }

    [Fact]
    public async Task A_server_on_this_machine_sends_nobody_elsewhere()
    {
        await using var bench = new UpdateBench();
        await using var server = new RawServer(async (stream, _, stop) => await stream.WriteAsync(RawServer.Answer("302 Found", "Location: http://models.example/m.edge\r\nContent-Length: 0\r\n", []), stop));
        bench.Options.Address = server.Address;
        await bench.HttpAsync();
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.StartsWith("The server answered 302 Found and points to 'http://models.example/m.edge'; a model is fetched there only if it is https", bench.Sources.Https.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_said_so()
    {
        await using var bench = new UpdateBench();
        bench.Options.Address = "https://no-such-server.invalid/m.edge";
        await bench.HttpAsync();
        await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        Assert.StartsWith("Updates from https (https://no-such-server.invalid/m.edge) fail (name_resolution): The server's name cannot be resolved: ", bench.Log.Of(3010)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_at_is_said_so()
    {
        await using var bench = new UpdateBench();
        using (var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            // Bound and not listening: nobody else gets it, and each connection is refused.
            taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            bench.Options.Address = $"http://127.0.0.1:{((System.Net.IPEndPoint)taken.LocalEndPoint!).Port}/m.edge";
            await bench.HttpAsync();
            await bench.StillAsync(() => bench.Log.Of(3010).Count > 0);
        }

        Assert.Contains("fail (connect): The server cannot be connected to: Connection refused", bench.Log.Of(3010)[0], StringComparison.Ordinal);
    }
}
