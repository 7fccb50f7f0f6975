namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>256 registers; the pointer counts up.</summary>
internal class RegisterChip : Chip
{
    internal byte[] Registers { get; } = new byte[256];

    protected override void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Registers[Pointer++ & 255] = value;
        }
    }

    protected override void Read(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Registers[Pointer++ & 255];
        }
    }
}
