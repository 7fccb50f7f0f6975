using System.Buffers.Binary;

namespace EdgeInference.Tool.Stress;

/// <summary>Damages bytes without knowing what they mean: bits, interesting numbers, blocks that move, repeat or vanish.</summary>
internal static class ByteMutator
{
    internal static readonly long[] Interesting =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1024, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24, 1 << 30, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue,
    ];

    internal static byte[] Mutate(byte[] file, Random random)
    {
        byte[] bytes = (byte[])file.Clone();
        for (int changes = 1 + random.Next(4); changes > 0 && bytes.Length > 8; changes--)
        {
            bytes = Change(bytes, random);
        }

        return bytes;
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        int length = random.Next(Math.Min(64, bytes.Length - at) + 1);
        int aligned = random.Next(bytes.Length / 4) * 4;
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 4:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. bytes[(at + length)..], .. bytes[at..(at + length)]];
            case 6:
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(aligned), (int)Interesting[random.Next(Interesting.Length)]);
                return bytes;
            case 7:
                int value = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(aligned));
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(aligned), value + random.Next(-8, 9));
                return bytes;
            default:
                int other = random.Next(bytes.Length / 4) * 4;
                bytes.AsSpan(aligned, 4).CopyTo(bytes.AsSpan(other, 4));
                return bytes;
        }
    }
}
