using System.Device.Spi;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>An MCP3008 as its data sheet describes it: 10 bits after a start bit and a channel.</summary>
internal sealed class AnsweringSpiDevice : SpiDevice
{
    internal int[] Values { get; } = new int[8];

    internal List<string> Requests { get; } = [];

    public override SpiConnectionSettings ConnectionSettings { get; } = new(0);

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Requests.Add(Convert.ToHexString(writeBuffer));
        int value = Values[(writeBuffer[1] >> 4) & 7];

        // Bits before the answer are undefined.
        readBuffer[0] = 0xFF;
        readBuffer[1] = (byte)(0xF8 | (value >> 8));
        readBuffer[2] = (byte)value;
    }
}
