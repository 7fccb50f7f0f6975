using System.Device.I2c;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>An I2C device of 256 registers that counts up its address as it is read, records every transaction, and can be unplugged.</summary>
internal sealed class RegisterI2cDevice : I2cDevice
{
    private int pointer;

    internal byte[] Registers { get; } = new byte[256];

    internal List<string> Transactions { get; } = [];

    internal bool Unplugged { get; set; }

    internal bool IsDisposed { get; private set; }

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x68);

    public override void Read(Span<byte> buffer)
    {
        Answer($"read {buffer.Length}");
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = Registers[pointer++ & 255];
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Answer($"write {Convert.ToHexString(buffer)}");
        pointer = buffer[0];
        foreach (byte value in buffer[1..])
        {
            Registers[pointer++ & 255] = value;
        }
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Write(writeBuffer);
        Read(readBuffer);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Answer(string transaction)
    {
        Transactions.Add(transaction);
        if (Unplugged)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }
    }
}
