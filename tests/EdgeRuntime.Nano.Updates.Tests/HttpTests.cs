namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Models from an address: what is asked for, how much is read, and what is said of a server that fails.</summary>
public class HttpTests
{
    private readonly MemoryStorage storage = new();
    private readonly Request request = new();
    private readonly List<UpdateReport> reports = [];
    private readonly ModelUpdater updater;
    private readonly HttpUpdateSource source;

    public HttpTests()
    {
        updater = ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), reports.Add);
        source = new HttpUpdateSource(request, updater, "https://models/m.edge");
    }

    [Fact]
    public void A_file_is_taken_once()
    {
        request.Content = Models.Signed(2, 2f);
        Assert.Equal((UpdateOutcome.Applied, 2ul), (source.Poll()!.Outcome, updater.Current.Version));
        int steps = storage.Steps;
        Assert.Null(source.Poll());
        Assert.Equal((string?[])[null, "tag"], request.Asked);
        Assert.Equal((steps, 2), (storage.Steps, request.Closed));
    }

    [Fact]
    public void A_refused_file_is_not_fetched_again_and_a_full_storage_is_tried_again()
    {
        request.Content = Models.Create(2f);
        Assert.Equal(UpdateOutcome.Unsigned, source.Poll()!.Outcome);
        Assert.Null(source.Poll());
        request.NewTag = "next";
        request.Content = Models.Signed(2, 2f);
        storage.Capacity = 10;
        Assert.Equal(UpdateOutcome.StorageFailed, source.Poll()!.Outcome);
        storage.Capacity = int.MaxValue;
        Assert.Equal(UpdateOutcome.Applied, source.Poll()!.Outcome);
        Assert.Equal((string?[])[null, "tag", "tag", null], request.Asked);
    }

    [Theory]
    [InlineData("status", "The server answered 404.")]
    [InlineData("length", "The server does not say how long the file is (Content-Length).")]
    [InlineData("huge", "The server does not say how long the file is (Content-Length).")]
    [InlineData("send", "The request failed: no network")]
    [InlineData("read", "The request failed: reset")]
    public void A_server_that_fails_is_said(string what, string reason)
    {
        request.Content = Models.Signed(2, 2f);
        request.Status = what == "status" ? 404 : 200;
        request.Announced = what == "length" ? -1 : what == "huge" ? 1L << 40 : request.Content.Length;
        request.SendFailure = what == "send" ? new IOException("no network") : null;
        request.ReadFailure = what == "read" ? new IOException("reset") : null;
        UpdateReport report = source.Poll()!;
        Assert.Equal((UpdateOutcome.Unreachable, reason, "https://models/m.edge", 1), (report.Outcome, report.Reason, report.Origin, request.Closed));
        Assert.Equal(1ul, updater.Current.Version);

        request.Status = 200;
        request.Announced = null;
        request.SendFailure = request.ReadFailure = null;
        Assert.Equal(UpdateOutcome.Applied, source.Poll()!.Outcome);
        Assert.Equal([null, null], request.Asked);
    }

    [Fact]
    public void A_server_that_sends_less_or_more_than_it_says_is_noticed()
    {
        byte[] file = Models.Signed(2, 2f);
        request.Content = file[..^1];
        request.Announced = file.Length;
        Assert.Equal($"It ended after {file.Length - 1} of {file.Length} bytes.", source.Poll()!.Reason);
        request.Content = [.. file, .. new byte[2000]];
        Assert.Equal($"It has more than the {file.Length} bytes that were announced.", source.Poll()!.Reason);
        request.Announced = int.MaxValue;
        Assert.Equal(UpdateOutcome.NotAModel, source.Poll()!.Outcome);
    }

    [Fact]
    public void What_is_missing_is_named() =>
        Assert.All(
            (Func<HttpUpdateSource>[])[() => new(null, updater, "x"), () => new(request, null, "x"), () => new(request, updater, null)],
            make => Assert.Throws<ArgumentNullException>(make));

    private sealed class Request : IHttpRequest
    {
        private int position;

        internal byte[] Content { get; set; } = [];

        internal long? Announced { get; set; }

        internal int Status { get; set; } = 200;

        internal string NewTag { get; set; } = "tag";

        internal Exception? SendFailure { get; set; }

        internal Exception? ReadFailure { get; set; }

        internal List<string?> Asked { get; } = [];

        internal int Closed { get; private set; }

        public string Tag => NewTag;

        public long Length => Announced ?? Content.Length;

        public int Send(string tag)
        {
            Asked.Add(tag);
            position = 0;
            return SendFailure is not null ? throw SendFailure : tag == NewTag ? 304 : Status;
        }

        public int Read(byte[] buffer, int offset, int count)
        {
            if (ReadFailure is not null)
            {
                throw ReadFailure;
            }

            int read = Math.Min(count, Content.Length - position);
            Array.Copy(Content, position, buffer, offset, read);
            position += read;
            return read;
        }

        // As a stream whose server is gone does.
        public void Close()
        {
            Closed++;
            throw new IOException("closed already");
        }
    }
}
