using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeInference.Devices;
using Microsoft.Extensions.Hosting;

namespace EdgeDevice;

/// <summary>
/// Answers GET /metrics and /health on the loopback address: who wants them elsewhere puts a proxy with a lock before it.
/// Sockets, since HttpListener can fail when a client connects while it starts (seen on .NET 10.0.12), and a web server would triple the size.
/// </summary>
internal sealed class StatusService(Device device, EdgeOptions options) : BackgroundService
{
    private const int MaxRequestBytes = 8192;
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);

    private long turnsAtLastCheck = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.StatusPort <= 0)
        {
            return;
        }

        using var listener = new TcpListener(IPAddress.Loopback, options.StatusPort);
        listener.Start();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(stoppingToken).ConfigureAwait(false);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(RequestLimit);
                await AnswerAsync(client.GetStream(), limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                // The client went away or was too slow, or the service stops.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream, CancellationToken cancellation)
    {
        string[] request = await RequestLineAsync(stream, cancellation).ConfigureAwait(false);
        (string status, string type, string body) = request switch
        {
            ["GET", "/metrics", _] => ("200 OK", MetricsText.ContentType, MetricsText.Of(device)),
            ["GET", "/health", _] => Health(),
            ["GET", _, _] => ("404 Not Found", "text/plain", "There is /metrics and /health.\n"),
            [_, _, _] => ("405 Method Not Allowed", "text/plain", "Only GET.\n"),
            _ => ("400 Bad Request", "text/plain", "This is no HTTP request.\n"),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string head = $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellation).ConfigureAwait(false);
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
    }

    // Reads to the end of the header, so that closing does not reset a connection with bytes unread.
    private static async Task<string[]> RequestLineAsync(NetworkStream stream, CancellationToken cancellation)
    {
        byte[] buffer = new byte[MaxRequestBytes];
        int length = 0;
        for (int read = 1; read > 0 && length < buffer.Length && !buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8); length += read)
        {
            read = await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
        }

        string text = Encoding.ASCII.GetString(buffer, 0, length);
        int end = text.IndexOf("\r\n", StringComparison.Ordinal);
        return end < 0 ? [] : text[..end].Split(' ');
    }

    private (string Status, string Type, string Body) Health()
    {
        long turns = device.Loop.Statistics.Jitter.Count;
        bool turning = turns != Interlocked.Exchange(ref turnsAtLastCheck, turns);
        SensorFault fault = device.Sensor.Fault;
        string reason = !turning ? "the loop does not turn" : fault == SensorFault.None ? "good" : $"sensor: {fault}";
        return (reason == "good" ? "200 OK" : "503 Service Unavailable", "text/plain", reason + "\n");
    }
}
