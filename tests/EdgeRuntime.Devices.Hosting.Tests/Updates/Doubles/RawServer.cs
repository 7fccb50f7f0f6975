using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeInference.Devices.Hosting.Tests.Updates.Doubles;

/// <summary>A server on this machine that answers each request with what the test writes, byte by byte, however wrong.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Stream, string, CancellationToken, Task> answer;
    private readonly X509Certificate2? certificate;
    private readonly ConcurrentBag<Task> served = [];
    private readonly Task accepted;

    /// <param name="answer">Writes the answer to a request, whose lines it gets; the connection ends with it.</param>
    /// <param name="certificate">The certificate for TLS, or null for none.</param>
    internal RawServer(Func<Stream, string, CancellationToken, Task> answer, X509Certificate2? certificate = null)
    {
        this.answer = answer;
        this.certificate = certificate;
        listener.Start();
        accepted = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal string Address => $"{(certificate is null ? "http" : "https")}://localhost:{Port}/m.edge";

    internal ConcurrentQueue<string> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepted;
        await Task.WhenAll(served);
        listener.Dispose();
        stop.Dispose();
    }

    /// <summary>A whole answer.</summary>
    internal static byte[] Answer(string status, string headers, byte[] body) => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n"), .. body];

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop.Token);
                stream = tls;
            }

            var request = new StringBuilder();
            byte[] one = new byte[1];
            while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, stop.Token) == 1)
            {
                request.Append((char)one[0]);
            }

            if (request.Length > 0)
            {
                Requests.Enqueue(request.ToString());
                await answer(stream, request.ToString(), stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client had enough, or the test is over.
        }
    }
}
