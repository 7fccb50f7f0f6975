using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace RaspberryPi.Tests;

/// <summary>
/// As much of an MQTT 5 broker as one client needs (OASIS, "MQTT Version 5.0", section 3): it keeps what the client sent and
/// publishes to it what the test says.
/// </summary>
internal sealed class DeviceBrokerDouble : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<Message> published = Channel.CreateUnbounded<Message>();
    private readonly Channel<string> subscribed = Channel.CreateUnbounded<string>();
    private readonly Channel<Connect> connected = Channel.CreateUnbounded<Connect>();
    private readonly Task served;
    private NetworkStream? client;

    internal DeviceBrokerDouble()
    {
        listener.Start();
        served = ServeAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What the client said of itself.</summary>
    internal Task<Connect> ConnectedAsync() => connected.Reader.ReadAsync(Limit()).AsTask();

    /// <summary>The topic that the client subscribed to, and the quality of service that it asked for.</summary>
    internal Task<string> SubscribedAsync() => subscribed.Reader.ReadAsync(Limit()).AsTask();

    /// <summary>The next message of the client.</summary>
    internal Task<Message> PublishedAsync() => published.Reader.ReadAsync(Limit()).AsTask();

    /// <summary>Whether there is a message that nobody asked for.</summary>
    internal bool HasMore => published.Reader.TryPeek(out _);

    internal async Task PublishAsync(string topic, byte[] payload)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] body = new byte[2 + name.Length + 2 + 1 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)name.Length);
        name.CopyTo(body, 2);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2 + name.Length), 7);
        payload.CopyTo(body, 5 + name.Length);
        await SendAsync(0x32, body);
    }

    public async ValueTask DisposeAsync()
    {
        // A listener that is stopped first refuses the next accept in a way of its own.
        await stop.CancelAsync();
        await served;
        listener.Stop();
        stop.Dispose();
    }

    private static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private static string Text(ReadOnlySpan<byte> body, ref int at)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(body[at..]);
        at += 2 + length;
        return Encoding.UTF8.GetString(body.Slice(at - length, length));
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient tcp = await listener.AcceptTcpClientAsync(stop.Token);
                client = tcp.GetStream();
                while (await ReadAsync(client) is { } packet)
                {
                    await AnswerAsync(packet.Head, packet.Body);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(byte head, byte[] body)
    {
        int at = 0;
        switch (head >> 4)
        {
            case 1:
                connected.Writer.TryWrite(Connect.Read(body));
                await SendAsync(0x20, [0, 0, 0]);
                break;
            case 3:
                string topic = Text(body, ref at);
                int quality = (head >> 1) & 3;
                byte[] id = quality > 0 ? body[at..(at + 2)] : [];
                at += id.Length;
                at += 1 + body[at];
                published.Writer.TryWrite(new Message(topic, Encoding.UTF8.GetString(body[at..]), quality, (head & 1) != 0));
                if (quality > 0)
                {
                    await SendAsync(0x40, id);
                }

                break;
            case 8:
                at = 3 + body[2];
                string filter = Text(body, ref at);
                subscribed.Writer.TryWrite($"{filter} {body[at] & 3}");
                await SendAsync(0x90, [body[0], body[1], 0, (byte)(body[at] & 3)]);
                break;
            case 12:
                await SendAsync(0xD0, []);
                break;
        }
    }

    private async Task<(byte Head, byte[] Body)?> ReadAsync(NetworkStream stream)
    {
        byte[] one = new byte[1];
        if (await stream.ReadAsync(one, stop.Token) == 0)
        {
            return null;
        }

        byte head = one[0];
        int length = 0;
        int shift = 0;
        do
        {
            await stream.ReadExactlyAsync(one, stop.Token);
            length |= (one[0] & 127) << shift;
            shift += 7;
        }
        while (one[0] >= 128);
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, stop.Token);
        return (head, body);
    }

    private async Task SendAsync(byte head, byte[] body)
    {
        var packet = new List<byte> { head };
        int length = body.Length;
        do
        {
            packet.Add((byte)((length & 127) | (length > 127 ? 128 : 0)));
            length >>= 7;
        }
        while (length > 0);
        await client!.WriteAsync((byte[])[.. packet, .. body], stop.Token);
    }

    /// <summary>A message of the client.</summary>
    internal sealed record Message(string Topic, string Payload, int Quality, bool Retained);

    /// <summary>The packet by which the client introduces itself.</summary>
    internal sealed record Connect(int Version, bool CleanStart, string? User, string? Password)
    {
        internal static Connect Read(byte[] body)
        {
            int at = 0;
            _ = Text(body, ref at);
            int version = body[at];
            int flags = body[at + 1];
            at += 4;
            at += 1 + body[at];
            _ = Text(body, ref at);
            string? user = (flags & 128) != 0 ? Text(body, ref at) : null;
            string? password = (flags & 64) != 0 ? Text(body, ref at) : null;
            return new Connect(version, (flags & 2) != 0, user, password);
        }
    }
}
