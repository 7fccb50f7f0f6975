using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace EdgeInference.Devices.Hosting.Tests.Updates;

/// <summary>What of a broker's bytes the client sees, however they are cut, and where the payloads are.</summary>
public sealed class PayloadChannelTests
{
    private const int MaxPacket = 1000;
    private const int AtLeastOnce = 0x32;
    private const int AtMostOnce = 0x30;

    public static TheoryData<int> Cuts => [1, 2, 3, 7, 64, 100_000];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Messages_come_with_a_number_for_a_payload_and_everything_else_as_it_is(int cut)
    {
        byte[] ping = [0xD0, 0];
        byte[] acknowledgement = [0x90, 5, 0, 1, 0, 1, 1];
        byte[] model = [.. "EDGE"u8, .. Enumerable.Range(0, 300).Select(index => (byte)index)];
        byte[] sent = [.. acknowledgement, .. Message(AtLeastOnce, [], model), .. ping, .. Message(AtMostOnce, [0x01, 0x01], []), .. Message(AtLeastOnce, new byte[200], [1, 2, 3])];
        using var channel = new PayloadChannel(new Wire(sent, cut), 10_000);
        byte[] seen = await AllAsync(channel, cut);
        Assert.Equal((byte[])[.. acknowledgement, .. Message(AtLeastOnce, [], Place(1)), .. ping, .. Message(AtMostOnce, [0x01, 0x01], Place(2)), .. Message(AtLeastOnce, new byte[200], Place(3))], seen);
        foreach ((uint number, byte[] payload) in new[] { (3u, (byte[])[1, 2, 3]), (1u, model), (2u, (byte[])[]) })
        {
            var place = new ReadOnlySequence<byte>(Place(number));
            using ReceivedFile? taken = channel.Take(place);
            Assert.Equal(payload, taken!.Memory.ToArray());
            Assert.Null(channel.Take(place));
            channel.Handled(place);
        }

        Assert.Null(channel.Take(new ReadOnlySequence<byte>(Place(4))));
        Assert.Null(channel.Take(new ReadOnlySequence<byte>(new byte[] { 1 })));
    }

    [Fact]
    public async Task A_message_of_megabytes_takes_no_memory_of_the_heap_that_is_collected()
    {
        const int Length = 8 << 20;
        byte[] sent = Message(AtLeastOnce, [], [.. "EDGE"u8, .. new byte[Length]]);
        byte[] noModel = Message(AtLeastOnce, [], new byte[Length]);
        using var channel = new PayloadChannel(new Wire([.. sent, .. noModel], 1 << 20), 3 * Length);
        byte[] target = new byte[100];
        long before = GC.GetTotalAllocatedBytes(precise: true);
        while (await channel.ReadAsync(target, 0, target.Length, default) > 0)
        {
        }

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Length / 2);
        using ReceivedFile? model = channel.Take(new ReadOnlySequence<byte>(Place(1)));
        using ReceivedFile? other = channel.Take(new ReadOnlySequence<byte>(Place(2)));
        Assert.Equal(Length + 4, model!.Memory.Length);
        Assert.True(model.MayBeModel);
        Assert.InRange(other!.Memory.Length, 4, 64 * 1024);
        Assert.False(other.MayBeModel);
    }

    [Fact]
    public async Task The_next_message_waits_until_there_is_room()
    {
        using var channel = new PayloadChannel(new Wire([.. Message(AtLeastOnce, [], new byte[600]), .. Message(AtLeastOnce, [], new byte[600])], 100_000), MaxPacket);
        byte[] target = new byte[Message(AtLeastOnce, [], Place(1)).Length];
        Assert.Equal(target.Length, await channel.ReadAsync(target, 0, target.Length, default));
        Task<int> next = channel.ReadAsync(target, 0, target.Length, default);
        Assert.False(next.IsCompleted);
        channel.Handled(new ReadOnlySequence<byte>(Place(7)));
        Assert.False(next.IsCompleted);
        channel.Handled(new ReadOnlySequence<byte>(Place(1)));
        Assert.Equal(target.Length, await next.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Very_many_empty_messages_do_not_take_all_mappings_of_the_process()
    {
        byte[] one = Message(AtMostOnce, [], []);
        using var channel = new PayloadChannel(new Wire([.. Enumerable.Repeat(one, 4097).SelectMany(bytes => bytes)], 1 << 20), 256_000_000);
        byte[] target = new byte[Message(AtMostOnce, [], Place(1)).Length];
        for (int message = 0; message < 4096; message++)
        {
            Assert.Equal(target.Length, await channel.ReadAsync(target, 0, target.Length, default));
        }

        Task<int> next = channel.ReadAsync(target, 0, target.Length, default);
        Assert.False(next.IsCompleted);
        channel.Handled(new ReadOnlySequence<byte>(Place(9)));
        Assert.Equal(target.Length, await next.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public async Task What_goes_to_the_heap_of_the_client_is_small_whatever_a_broker_sends(int length, bool passes)
    {
        foreach (byte[] sent in new[] { (byte[])[0x20, .. Length(length), .. new byte[length]], Message(AtMostOnce, new byte[length], [1]) })
        {
            using var channel = new PayloadChannel(new Wire(sent, 1 << 20), 16 << 20);
            Exception? exception = await Record.ExceptionAsync(() => AllAsync(channel, 100));
            Assert.Equal(passes, exception is null);
            Assert.True(passes || exception is MqttProtocolViolationException { Message: var said } && said.Contains($" of {length} bytes, more than the 65536", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_the_connection_took_along_is_no_payload()
    {
        var channel = new PayloadChannel(new Wire([.. Message(AtLeastOnce, [], [1, 2]), .. Message(AtLeastOnce, [], [3])], 100), MaxPacket);
        byte[] target = new byte[Message(AtLeastOnce, [], Place(1)).Length];
        await channel.ReadAsync(target, 0, target.Length, default);
        channel.Dispose();
        Assert.Null(channel.Take(new ReadOnlySequence<byte>(Place(1))));
        channel.Handled(new ReadOnlySequence<byte>(Place(1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => channel.ReadAsync(target, 0, target.Length, default));
    }

    [Theory]
    [InlineData("larger than allowed", new byte[] { 0x32, 0xE9, 0x07 })]
    [InlineData("a length of five bytes", new byte[] { 0x30, 0x85, 0x80, 0x80, 0x80, 0x00, 0, 1, 65, 0, 1 })]
    [InlineData("a topic longer than its packet", new byte[] { 0x32, 5, 0, 9, 1, 1, 1 })]
    [InlineData("properties longer than their packet", new byte[] { 0x30, 5, 0, 1, 65, 9, 1 })]
    [InlineData("a length of properties without end", new byte[] { 0x30, 9, 0, 1, 65, 255, 255, 255, 255, 255, 1 })]
    [InlineData("a message that ends early", new byte[] { 0x30, 9, 0, 1, 65, 0, 1 })]
    [InlineData("no room for a topic", new byte[] { 0x30, 0 })]
    public async Task Packets_that_fit_no_rule_end_the_connection(string what, byte[] sent)
    {
        using var channel = new PayloadChannel(new Wire(sent, 2), MaxPacket);
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => AllAsync(channel, 100));
        Assert.NotNull(what);
    }

    private static byte[] Place(uint number) => BitConverter.GetBytes(number);

    private static byte[] Message(byte head, byte[] properties, byte[] payload)
    {
        byte[] body = [0, 3, .. "a/b"u8, .. head == AtMostOnce ? Array.Empty<byte>() : [0, 7], .. Length(properties.Length), .. properties, .. payload];
        return [head, .. Length(body.Length), .. body];
    }

    private static byte[] Length(int length) => length < 128 ? [(byte)length] : [(byte)(length | 128), .. Length(length >> 7)];

    private static async Task<byte[]> AllAsync(PayloadChannel channel, int cut)
    {
        using var seen = new MemoryStream();
        byte[] target = new byte[Math.Min(cut, 100)];
        for (int read; (read = await channel.ReadAsync(target, 0, target.Length, default)) > 0;)
        {
            seen.Write(target, 0, read);
        }

        return seen.ToArray();
    }

    /// <summary>Bytes that come in pieces.</summary>
    private sealed class Wire(byte[] sent, int cut) : IMqttChannel
    {
        private int position;

        public X509Certificate2 ClientCertificate => null!;

        public EndPoint RemoteEndPoint => null!;

        public EndPoint LocalEndPoint => null!;

        public bool IsSecureConnection => false;

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            int read = Math.Min(Math.Min(count, cut), sent.Length - position);
            sent.AsSpan(position, read).CopyTo(buffer.AsSpan(offset));
            position += read;
            return Task.FromResult(read);
        }

        public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
