using System.Net;
using System.Net.Http.Headers;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A web server's answers without a network.</summary>
internal sealed class FakeModelServer : HttpMessageHandler
{
    private byte[]? file;
    private string tag = "";

    internal List<string> Log { get; } = [];

    internal void Serve(byte[] content, string contentTag)
    {
        file = content;
        tag = contentTag;
    }

    internal void Fail() => file = null;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            throw new HttpRequestException("No route to host.");
        }

        string asked = string.Join(", ", request.Headers.IfNoneMatch);
        if (asked == tag)
        {
            Log.Add($"{request.Method} if-none-match {asked} -> 304");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotModified));
        }

        Log.Add($"{request.Method}{(asked.Length > 0 ? " if-none-match " + asked : "")}");
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(file) };
        response.Headers.ETag = EntityTagHeaderValue.Parse(tag);
        return Task.FromResult(response);
    }
}
