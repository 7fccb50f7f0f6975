using System.Net;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A web server that answers as the test says, keeps what it was asked, and counts the bytes that were taken from it.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    /// <summary>The answer to the next requests.</summary>
    internal Func<HttpResponseMessage> Answer { get; set; } = () => new HttpResponseMessage(HttpStatusCode.NotFound);

    /// <summary>The tag that each request named, empty where it named none.</summary>
    internal List<string> Tags { get; } = [];

    /// <summary>The body of answers: so many bytes of a stream whose length is not known beforehand.</summary>
    internal Body? Sent { get; private set; }

    internal HttpResponseMessage Send(ReadOnlyMemory<byte> file, long zeros = 0, long? declared = null, string? tag = null)
    {
        Sent = new Body(file, zeros);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(Sent) };
        response.Content.Headers.ContentLength = declared;
        if (tag is not null)
        {
            response.Headers.ETag = new System.Net.Http.Headers.EntityTagHeaderValue(tag);
        }

        return response;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Tags.Add(string.Join(", ", request.Headers.IfNoneMatch));
        return Task.FromResult(Answer());
    }

    /// <summary>Some bytes, one at each read as a slow network may give them, and zeros behind them; cannot be sought.</summary>
    internal sealed class Body(ReadOnlyMemory<byte> file, long zeros) : Stream
    {
        internal long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = (int)Math.Min(buffer.Length, file.Length + zeros - Taken);
            buffer[..read].Clear();
            if (Taken < file.Length)
            {
                read = Math.Min(read, 1);
                file.Span.Slice((int)Taken, read).CopyTo(buffer);
            }

            Taken += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
