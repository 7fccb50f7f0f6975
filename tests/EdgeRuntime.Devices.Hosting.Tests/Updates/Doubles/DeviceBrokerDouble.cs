using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace EdgeInference.Devices.Hosting.Tests.Updates.Doubles;

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

    /// <summary>The answer to a connection: success unless the test says otherwise; negative for none at all.</summary>
    internal int ConnectCode { get; set; }

    /// <summary>The answer to a subscription: the quality of service that was asked for, unless the test says otherwise.</summary>
    internal int? SubscribeCode { get; set; }

    /// <summary>The answer to a message.</summary>
    internal byte PublishCode { get; set; }

    /// <summary>Whether the connection is tested in vain, as when a cable is cut.</summary>
    internal bool IgnoresPings { get; set; }

    /// <summary>Whether the connection ends right behind the subscription.</summary>
    internal bool Drops { get; set; }

    /// <summary>Numbers of the messages that the client confirmed.</summary>
    internal ConcurrentQueue<int> Confirmed { get; } = new();

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

    /// <summary>Sends zeros as a message of a length, whatever the client allowed, until all are sent or the client ends the connection.</summary>
    /// <returns>How many bytes the client let come.</returns>
    internal async Task<long> FloodAsync(long length)
    {
        long sent = 0;
        NetworkStream stream = client!;
        byte[] zeros = new byte[100_000];
        try
        {
            var head = new List<byte> { 0x30 };
            Length(head, length);
            await stream.WriteAsync((byte[])[.. head], stop.Token);
            for (; sent < length; sent += zeros.Length)
            {
                await stream.WriteAsync(zeros, stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The client has had enough.
        }

        return sent;
    }

    /// <summary>Ends the connection from the broker's side with a packet that says why.</summary>
    internal Task DisconnectAsync(byte code) => SendAsync(0xE0, [code, 0]);

    /// <summary>Sends some bytes as they are.</summary>
    internal Task RawAsync(params byte[] bytes) => client!.WriteAsync(bytes, stop.Token).AsTask();

    public async ValueTask DisposeAsync()
    {
        // A listener that is stopped first refuses the next accept in a way of its own.
        await stop.CancelAsync();
        await served;
        listener.Stop();
        stop.Dispose();
    }

    private static void Length(List<byte> packet, long length)
    {
        do
        {
            packet.Add((byte)((length & 127) | (length > 127 ? 128L : 0L)));
            length >>= 7;
        }
        while (length > 0);
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
                try
                {
                    while (await ReadAsync(client) is { } packet)
                    {
                        await AnswerAsync(packet.Head, packet.Body);
                    }
                }
                catch (IOException)
                {
                    // This client is gone; another may come.
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
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
                if (ConnectCode >= 0)
                {
                    await SendAsync(0x20, [0, (byte)ConnectCode, 0]);
                }

                break;
            case 4:
                Confirmed.Enqueue(BinaryPrimitives.ReadUInt16BigEndian(body));
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
                    await SendAsync(0x40, PublishCode == 0 ? id : [.. id, PublishCode]);
                }

                break;
            case 8:
                at = 3 + body[2];
                string filter = Text(body, ref at);
                subscribed.Writer.TryWrite($"{filter} {body[at] & 3}");
                await SendAsync(0x90, [body[0], body[1], 0, (byte)(SubscribeCode ?? body[at] & 3)]);
                if (Drops)
                {
                    throw new IOException("dropped");
                }

                break;
            case 12:
                if (!IgnoresPings)
                {
                    await SendAsync(0xD0, []);
                }

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
        Length(packet, body.Length);
        await client!.WriteAsync((byte[])[.. packet, .. body], stop.Token);
    }

    /// <summary>A message of the client.</summary>
    internal sealed record Message(string Topic, string Payload, int Quality, bool Retained);

    /// <summary>The packet by which the client introduces itself.</summary>
    internal sealed record Connect(int Version, bool CleanStart, string? User, string? Password, string Id, uint Expiry, uint ReceiveMaximum, uint MaximumPacket, int KeepAlive)
    {
        internal static Connect Read(byte[] body)
        {
            int at = 0;
            _ = Text(body, ref at);
            int version = body[at];
            int flags = body[at + 1];
            int keepAlive = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at + 2));
            at += 4;
            (uint expiry, uint receive, uint packet) = (0, 65_535, uint.MaxValue);
            int end = at + 1 + body[at];
            for (at++; at < end;)
            {
                byte property = body[at++];
                switch (property)
                {
                    case 0x11:
                        expiry = BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(at));
                        at += 4;
                        break;
                    case 0x27:
                        packet = BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(at));
                        at += 4;
                        break;
                    case 0x21:
                        receive = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at));
                        at += 2;
                        break;
                    case 0x22:
                        at += 2;
                        break;
                    default:
                        at++;
                        break;
                }
            }

            string id = Text(body, ref at);
            string? user = (flags & 128) != 0 ? Text(body, ref at) : null;
            string? password = (flags & 64) != 0 ? Text(body, ref at) : null;
            return new Connect(version, (flags & 2) != 0, user, password, id, expiry, receive, packet, keepAlive);
        }
    }
}
