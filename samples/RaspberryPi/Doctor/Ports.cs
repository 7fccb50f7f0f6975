using System.Net;
using System.Net.Sockets;

namespace EdgeDevice;

/// <summary>Ports here and elsewhere.</summary>
internal static class Ports
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    internal static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static string? Refusal(string host, int port)
    {
        using var limit = new CancellationTokenSource(Longest);
        using var client = new TcpClient();
        try
        {
            client.ConnectAsync(host, port, limit.Token).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return "no answer within 10 seconds";
        }
    }
}
