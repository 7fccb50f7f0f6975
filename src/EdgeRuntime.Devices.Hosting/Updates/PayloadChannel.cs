using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace EdgeInference.Devices.Hosting;

/// <summary>
/// Takes the payloads out of the messages that a broker sends (OASIS, "MQTT Version 5.0", sections 2.1 and 3.3) and leaves a number in their
/// place: the client behind it would take memory for the length that the broker names, whatever the client asked for, and from the heap
/// that is collected. A packet that is larger than the client allowed ends the connection before it is received. Messages wait here while
/// those before are checked, so that no more than the largest size is in memory.
/// </summary>
internal sealed class PayloadChannel(IMqttChannel inner, int maxPacket) : IMqttChannel
{
    private const int Publish = 3;

    // So that very many empty messages are too many as well.
    private const int PerMessage = 1024;

    // Each payload is a mapping, and the kernel gives a process 65,530 of them (vm.max_map_count): without any, no thread starts and the heap cannot grow.
    private const int MostWaiting = 4096;

    // What is not a payload goes to the client, which makes objects of it on the heap that is collected.
    private const int MostForClient = 65_536;

    private readonly Lock gate = new();
    private readonly Dictionary<uint, Message> waiting = [];
    private readonly byte[] block = new byte[64 * 1024];
    private TaskCompletionSource? room;
    private ReadOnlyMemory<byte> ready;
    private long held;
    private int passing;
    private uint number;
    private bool disposed;

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    // Payloads are freed by who takes them; those that nobody took are freed here.
    public void Dispose()
    {
        inner.Dispose();
        lock (gate)
        {
            disposed = true;
            foreach (Message message in waiting.Values)
            {
                using ReceivedFile? left = message.Take();
            }
        }
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (ready.Length == 0 && passing == 0 && !await NextAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        if (ready.Length > 0)
        {
            int copied = Math.Min(count, ready.Length);
            ready[..copied].CopyTo(buffer.AsMemory(offset));
            ready = ready[copied..];
            return copied;
        }

        int read = await inner.ReadAsync(buffer, offset, Math.Min(count, passing), cancellationToken).ConfigureAwait(false);
        passing -= read;
        return read;
    }

    /// <summary>The payload of a message, once; null where there is none.</summary>
    /// <param name="place">What the client got instead.</param>
    internal ReceivedFile? Take(ReadOnlySequence<byte> place)
    {
        lock (gate)
        {
            return place.Length == sizeof(uint) && waiting.TryGetValue(BitConverter.ToUInt32(place.ToArray()), out Message? message) ? message.Take() : null;
        }
    }

    /// <summary>Tells that a message is checked and its payload free, so that the next may come.</summary>
    /// <param name="place">What the client got instead of the payload.</param>
    internal void Handled(ReadOnlySequence<byte> place)
    {
        lock (gate)
        {
            if (place.Length == sizeof(uint) && waiting.Remove(BitConverter.ToUInt32(place.ToArray()), out Message? message))
            {
                held -= message.Size;
            }

            room?.TrySetResult();
            room = null;
        }
    }

    // Readies the header of the next packet; false at the end of the connection.
    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        var header = new ArrayBufferWriter<byte>();
        int length = 0;
        for (int shift = 0; ;)
        {
            if (await inner.ReadAsync(block, 0, 1, cancellation).ConfigureAwait(false) == 0)
            {
                return false;
            }

            header.Write(block.AsSpan(0, 1));
            if (header.WrittenCount == 1)
            {
                continue;
            }

            length |= (block[0] & 127) << shift;
            shift += 7;
            if (block[0] < 128 || shift == 28)
            {
                break;
            }
        }

        Require(block[0] < 128);
        if (length > maxPacket)
        {
            throw new MqttProtocolViolationException($"The broker sends a packet of {length} bytes, more than the {maxPacket} that it was told to send at most; it is not received. Publish a smaller model, or set MaxBytes.");
        }

        if (header.WrittenSpan[0] >> 4 == Publish)
        {
            ready = await MessageAsync(header.WrittenSpan[0], length, cancellation).ConfigureAwait(false);
            return true;
        }

        RequireSmall(length, "a packet that is no message");
        ready = header.WrittenMemory;
        passing = length;
        return true;
    }

    // Topic, identifier where the quality of service has one, and properties stay; the payload is what is left of the packet.
    private async Task<ReadOnlyMemory<byte>> MessageAsync(byte head, int length, CancellationToken cancellation)
    {
        await RoomAsync(length, cancellation).ConfigureAwait(false);
        var variable = new ArrayBufferWriter<byte>();
        int rest = length;
        async Task CopyAsync(int count)
        {
            Require(count <= rest);
            rest -= count;
            await FillAsync(variable.GetMemory(count)[..count], cancellation).ConfigureAwait(false);
            variable.Advance(count);
        }

        await CopyAsync(2).ConfigureAwait(false);
        await CopyAsync(BinaryPrimitives.ReadUInt16BigEndian(variable.WrittenSpan)).ConfigureAwait(false);
        if ((head & 0b110) != 0)
        {
            await CopyAsync(2).ConfigureAwait(false);
        }

        int properties = 0;
        for (int shift = 0, last = 128; last >= 128; shift += 7)
        {
            Require(shift < 28);
            await CopyAsync(1).ConfigureAwait(false);
            last = variable.WrittenSpan[^1];
            properties |= (last & 127) << shift;
        }

        RequireSmall(properties, "a message with properties");
        await CopyAsync(properties).ConfigureAwait(false);
        ReceivedFile? payload = new(rest);
        try
        {
            while (rest > 0)
            {
                int read = await inner.ReadAsync(block, 0, Math.Min(block.Length, rest), cancellation).ConfigureAwait(false);
                Require(read > 0);
                payload.Add(block.AsSpan(0, read));
                rest -= read;
            }

            variable.Write(BitConverter.GetBytes(Keep(payload, length + PerMessage)));
            payload = null;
        }
        finally
        {
            (payload as IDisposable)?.Dispose();
        }

        return Packet(head, variable.WrittenSpan);
    }

    private static ReadOnlyMemory<byte> Packet(byte head, ReadOnlySpan<byte> body)
    {
        var packet = new ArrayBufferWriter<byte>();
        packet.Write([head]);
        int length = body.Length;
        do
        {
            packet.Write([(byte)((length & 127) | (length > 127 ? 128 : 0))]);
            length >>= 7;
        }
        while (length > 0);
        packet.Write(body);
        return packet.WrittenMemory;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new MqttProtocolViolationException("The broker sends a message whose lengths do not fit each other, or that ends early.");
        }
    }

    private static void RequireSmall(int length, string what)
    {
        if (length > MostForClient)
        {
            throw new MqttProtocolViolationException($"The broker sends {what} of {length} bytes, more than the {MostForClient} that make sense; it is not received.");
        }
    }

    private async Task FillAsync(Memory<byte> target, CancellationToken cancellation)
    {
        while (target.Length > 0)
        {
            int read = await inner.ReadAsync(block, 0, Math.Min(block.Length, target.Length), cancellation).ConfigureAwait(false);
            Require(read > 0);
            block.AsSpan(0, read).CopyTo(target.Span);
            target = target[read..];
        }
    }

    private uint Keep(ReceivedFile payload, int size)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            waiting.Add(++number, new Message(payload, size));
            held += size;
            return number;
        }
    }

    private async Task RoomAsync(int length, CancellationToken cancellation)
    {
        while (true)
        {
            Task free;
            lock (gate)
            {
                if (waiting.Count == 0 || (waiting.Count < MostWaiting && held + length + PerMessage <= maxPacket))
                {
                    return;
                }

                room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                free = room.Task;
            }

            await free.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private sealed class Message(ReceivedFile payload, int size)
    {
        private ReceivedFile? payload = payload;

        internal int Size { get; } = size;

        internal ReceivedFile? Take()
        {
            ReceivedFile? taken = payload;
            payload = null;
            return taken;
        }
    }
}
