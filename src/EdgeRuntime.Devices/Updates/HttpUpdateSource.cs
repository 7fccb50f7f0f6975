using System.Net;
using System.Net.Http.Headers;

namespace EdgeInference.Devices;

/// <summary>Takes models from an https address. The server's ETag (RFC 9110, section 8.8.3) avoids repeated downloads.</summary>
public sealed class HttpUpdateSource
{
    private readonly HttpClient client;
    private readonly Uri address;
    private readonly ModelUpdater updater;
    private readonly TimeProvider time;
    private readonly byte[] block = new byte[64 * 1024];
    private EntityTagHeaderValue? tag;

    /// <summary>Creates a source; the caller keeps ownership of the client.</summary>
    /// <param name="client">Asks the server. It must follow redirects to https only, as HttpClient does for an https address.</param>
    /// <param name="address">Where the model is.</param>
    /// <param name="updater">Checks and stores what is downloaded.</param>
    /// <param name="deadline">The longest time that one download may take, from the name's resolution to the last byte; 5 minutes if it is null.</param>
    /// <param name="time">The clock of the deadline and of the server's dates; the system's if it is null.</param>
    /// <exception cref="ArgumentException">The address is neither https nor on this machine.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The deadline is not positive.</exception>
    public HttpUpdateSource(HttpClient client, Uri address, ModelUpdater updater, TimeSpan? deadline = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(updater);
        if (!IsAllowed(address))
        {
            throw new ArgumentException($"Models are only fetched over https; '{address}' is not an https address.", nameof(address));
        }

        Deadline = deadline ?? TimeSpan.FromMinutes(5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Deadline, TimeSpan.Zero, nameof(deadline));
        this.client = client;
        this.address = address;
        this.updater = updater;
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>The longest time that one download may take.</summary>
    public TimeSpan Deadline { get; }

    /// <summary>Whether models may be fetched from an address: an absolute one of https, or of http on this machine.</summary>
    public static bool IsAllowed(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }

    /// <summary>Checks the address once. A fault is reported to the updater too.</summary>
    /// <returns>Why the server could not be asked, or null where it answered.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<UpdateSourceFault?> PollAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        UpdateSourceFault? fault;

        // HttpClient's own timeout ends with the headers: a body that stands still would hold the caller for ever.
        using var late = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            fault = await AskAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            fault = new UpdateSourceFault("timeout", late.IsCancellationRequested ? $"There was no complete answer within {Deadline.TotalSeconds:0.###} s." : exception.Message);
        }
        catch (HttpRequestException exception)
        {
            fault = HttpFaults.Of(exception);
        }
        catch (IOException exception)
        {
            fault = HttpFaults.Of(exception);
        }

        if (fault is not null)
        {
            updater.ReportUnreachable(address.ToString(), fault.Reason);
        }

        return fault;
    }

    private async Task<UpdateSourceFault?> AskAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && tag is not null)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return HttpFaults.Of(response, time.GetUtcNow());
        }

        UpdateReport report = response.Content.Headers.ContentLength > updater.MaxBytes
            ? updater.RefuseSize(response.Content.Headers.ContentLength.Value, address.ToString())
            : await ReceiveAsync(response.Content, cancellation).ConfigureAwait(false);

        // A full disk may have room tomorrow; any other answer stays the same for the same bytes.
        tag = report.Outcome == UpdateOutcome.StorageFailed ? null : response.Headers.ETag;
        if (report.Outcome == UpdateOutcome.NotAModel && response.Content.Headers.ContentLength is null && response.Headers.TransferEncodingChunked != true)
        {
            // An end that nothing announced may be a cut.
            tag = null;
        }

        return null;
    }

    private async Task<UpdateReport> ReceiveAsync(HttpContent content, CancellationToken cancellation)
    {
        // A server must not be able to fill the memory, whatever length it declares.
        Stream stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var file = new ReceivedFile(updater.MaxBytes);
        for (int read = 1; read > 0 && file.MayBeModel;)
        {
            read = await stream.ReadAsync(block, cancellation).ConfigureAwait(false);
            if (!file.Add(block.AsSpan(0, read)))
            {
                return updater.RefuseSize((long)file.Memory.Length + read, address.ToString());
            }
        }

        return updater.Apply(file.Memory, address.ToString());
    }
}
