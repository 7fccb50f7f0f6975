using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Follows the packets that a broker sends (OASIS, "MQTT Version 5.0", section 2.1) and ends the connection before a packet that is larger
/// than the client allowed: the client behind it takes memory for the length that the broker names, whatever the client asked for. Messages
/// wait here while those before are checked, so that no more than one of the largest size is in memory.
/// </summary>
internal sealed class BoundedMqttChannel(IMqttChannel inner, int maxPacket) : IMqttChannel
{
    private const int Publish = 3;

    // So that very many empty messages are too many as well.
    private const int PerMessage = 1024;

    private readonly Lock gate = new();
    private readonly Queue<int> waiting = new();
    private TaskCompletionSource? room;
    private long held;
    private long body;
    private int head = -1;
    private int length;
    private int shift;

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => inner.Dispose();

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read = await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        for (int at = 0; at < read;)
        {
            if (body > 0)
            {
                int skipped = (int)Math.Min(body, read - at);
                body -= skipped;
                at += skipped;
            }
            else if (Follow(buffer[offset + at++]))
            {
                await RoomAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return read;
    }

    /// <summary>Tells that the oldest message is checked and its memory free.</summary>
    internal void Handled()
    {
        lock (gate)
        {
            if (waiting.TryDequeue(out int size))
            {
                held -= size;
            }

            room?.TrySetResult();
            room = null;
        }
    }

    // True at the end of the header of a message.
    private bool Follow(byte value)
    {
        if (head < 0)
        {
            (head, length, shift) = (value, 0, 0);
            return false;
        }

        length |= (value & 127) << shift;
        shift += 7;
        if (value >= 128 && shift < 28)
        {
            return false;
        }

        if (length > maxPacket)
        {
            throw new MqttProtocolViolationException($"The broker sends a packet of {length} bytes, more than the {maxPacket} that it was told to send at most; it is not received. Publish a smaller model, or set MaxBytes.");
        }

        bool message = head >> 4 == Publish;
        (head, body) = (-1, length);
        return message;
    }

    private async Task RoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task free;
            lock (gate)
            {
                if (waiting.Count == 0 || held + body + PerMessage <= maxPacket)
                {
                    int size = (int)body + PerMessage;
                    waiting.Enqueue(size);
                    held += size;
                    return;
                }

                room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                free = room.Task;
            }

            await free.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
