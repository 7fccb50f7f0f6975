namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>An MCP3008 by its data sheet: after start bit and channel, a null bit and ten bits. Unplugged, the line floats high.</summary>
internal sealed class SpiChip
{
    internal int[] Values { get; } = new int[8];

    internal bool Unplugged { get; set; }

    internal void Transfer(ReadOnlySpan<byte> request, Span<byte> answer)
    {
        answer.Fill(0xFF);
        if (!Unplugged)
        {
            if (request[0] != 1 || (request[1] & 0x8F) != 0x80 || request.Length != 3)
            {
                throw new InvalidOperationException($"The chip is asked by {Convert.ToHexString(request)}.");
            }

            int value = Values[(request[1] >> 4) & 7];
            answer[1] = (byte)(0xF8 | (value >> 8));
            answer[2] = (byte)value;
        }
    }
}
