using System.Net;
using System.Net.Http.Headers;

namespace EdgeInference.Devices;

/// <summary>Takes models from an https address. The server's ETag (RFC 9110, section 8.8.3) avoids repeated downloads.</summary>
public sealed class HttpUpdateSource
{
    private readonly HttpClient client;
    private readonly Uri address;
    private readonly ModelUpdater updater;
    private EntityTagHeaderValue? tag;

    /// <summary>Creates a source; the caller keeps ownership of the client.</summary>
    /// <exception cref="ArgumentException">The address is neither https nor on this machine.</exception>
    public HttpUpdateSource(HttpClient client, Uri address, ModelUpdater updater)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(updater);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            throw new ArgumentException($"Models are only fetched over https; '{address}' is not an https address.", nameof(address));
        }

        this.client = client;
        this.address = address;
        this.updater = updater;
    }

    /// <summary>Checks the address once.</summary>
    public async Task PollAsync(CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (tag is not null)
            {
                request.Headers.IfNoneMatch.Add(tag);
            }

            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                updater.ReportUnreachable(address.ToString(), $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.");
                return;
            }

            byte[] file = await ReadAsync(response.Content, cancellation).ConfigureAwait(false);
            UpdateReport report = updater.Apply(file, address.ToString());

            // A full disk may have room tomorrow; any other answer stays the same for the same bytes.
            tag = report.Outcome == UpdateOutcome.StorageFailed ? null : response.Headers.ETag;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            updater.ReportUnreachable(address.ToString(), exception.Message);
        }
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        // A server must not be able to fill the memory, whatever length it declares.
        Stream stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var file = new MemoryStream();
        byte[] block = new byte[64 * 1024];
        for (int read = 1; read > 0 && file.Length <= updater.MaxBytes;)
        {
            read = await stream.ReadAsync(block, cancellation).ConfigureAwait(false);
            file.Write(block, 0, read);
        }

        return file.ToArray();
    }
}
