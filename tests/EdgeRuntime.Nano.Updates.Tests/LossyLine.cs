namespace EdgeInference.Nano.Updates.Tests;

/// <summary>A line in memory between a sender and a device that loses, changes and repeats bytes as it is told to.</summary>
internal sealed class LossyLine : ISerialLink
{
    private readonly Queue<byte> toDevice = new();
    private readonly Queue<byte> toSender = new();

    /// <summary>Changes what goes to the device, frame by frame.</summary>
    internal Func<byte[], byte[]> ToDevice { get; set; } = frame => frame;

    /// <summary>Changes what goes to the sender, answer by answer.</summary>
    internal Func<byte[], byte[]> ToSender { get; set; } = frame => frame;

    /// <summary>Most bytes that the device takes at a time.</summary>
    internal int MaxRead { get; set; } = int.MaxValue;

    internal void Send(byte[] frame)
    {
        foreach (byte value in ToDevice(frame))
        {
            toDevice.Enqueue(value);
        }
    }

    /// <summary>What the device answered, null where nothing came.</summary>
    internal byte[]? Received()
    {
        byte[] bytes = [.. toSender];
        toSender.Clear();
        return bytes.Length == 0 ? null : bytes;
    }

    public int Read(byte[] buffer, int offset, int count)
    {
        int read = Math.Min(Math.Min(count, MaxRead), toDevice.Count);
        for (int i = 0; i < read; i++)
        {
            buffer[offset + i] = toDevice.Dequeue();
        }

        return read;
    }

    public void Write(byte[] buffer, int offset, int count)
    {
        foreach (byte value in ToSender(buffer[offset..(offset + count)]))
        {
            toSender.Enqueue(value);
        }
    }
}
