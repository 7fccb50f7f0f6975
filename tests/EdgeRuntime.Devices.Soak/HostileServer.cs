using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeInference.Devices.Soak;

/// <summary>An update server that does something else wrong at each request.</summary>
internal sealed class HostileServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private int requests;

    internal HostileServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Requests so far.</summary>
    internal int Requests => Volatile.Read(ref requests);

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = AnswerAsync(client, Interlocked.Increment(ref requests));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The soak ends.
        }
    }

    private async Task AnswerAsync(TcpClient client, int number)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                byte[] zeros = new byte[256 * 1024];
                _ = await stream.ReadAsync(zeros, stop.Token);
                Array.Clear(zeros);
                switch (number % 6)
                {
                    case 0:
                        await Task.Delay(Timeout.Infinite, stop.Token);
                        break;
                    case 1:
                        await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nE");
                        await Task.Delay(Timeout.Infinite, stop.Token);
                        break;
                    case 2:
                        await SendAsync(stream, "HTTP/1.1 200 OK\r\n\r\n");
                        while (true)
                        {
                            await stream.WriteAsync(zeros, stop.Token);
                        }

                    case 3:
                        await SendAsync(stream, "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
                        break;
                    case 4:
                        await SendAsync(stream, "SSH-2.0-nonsense\r\n");
                        break;
                    default:
                        await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nEDGE");
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the soak ends.
        }
    }

    private async Task SendAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop.Token);
}
