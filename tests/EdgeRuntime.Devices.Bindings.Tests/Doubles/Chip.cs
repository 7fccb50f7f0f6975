namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>A chip on I2C with a pointer to its registers, that can be unplugged after so many transfers.</summary>
internal abstract class Chip
{
    /// <summary>Transfers until it is unplugged.</summary>
    internal int Lasts { get; set; } = int.MaxValue;

    /// <summary>Transfers on the bus.</summary>
    internal int Transfers { get; private set; }

    /// <summary>Time that a transfer takes on top.</summary>
    internal TimeSpan TransferTime { get; set; }

    protected int Pointer { get; set; }

    internal void Take(ReadOnlySpan<byte> bytes)
    {
        Transfer();
        Pointer = bytes[0];
        Write(bytes[1..]);
    }

    internal void Answer(Span<byte> bytes, bool counts = true)
    {
        if (counts)
        {
            Transfer();
        }

        Read(bytes);
    }

    protected abstract void Write(ReadOnlySpan<byte> bytes);

    protected abstract void Read(Span<byte> bytes);

    private void Transfer()
    {
        Transfers++;
        if (TransferTime > TimeSpan.Zero)
        {
            Thread.Sleep(TransferTime);
        }

        if (Lasts-- <= 0)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }
    }
}
