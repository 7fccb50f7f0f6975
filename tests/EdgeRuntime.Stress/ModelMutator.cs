using System.Buffers.Binary;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Stress;

/// <summary>Damages model files where it hurts: fields of records and tables, with interesting values, then mends length and checksum.</summary>
internal sealed class ModelMutator(int seed)
{
    private static readonly int[] Interesting =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 31, 32, 63, 64, 127, 128, 255, 256, 1024, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24, 1 << 28, 1 << 30, int.MaxValue, int.MinValue, int.MaxValue - 3,
    ];

    private readonly Random random = new(seed);

    /// <summary>A damaged copy.</summary>
    internal byte[] Mutate(byte[] file)
    {
        byte[] bytes = (byte[])file.Clone();
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            bytes = Change(bytes);
        }

        if (bytes.Length >= FormatLayout.HeaderBytes && random.Next(32) != 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(FormatLayout.LengthOffset), bytes.Length);
            ModelBuilder.WriteCrc(bytes);
        }

        return bytes;
    }

    private byte[] Change(byte[] bytes)
    {
        if (bytes.Length < FormatLayout.HeaderBytes)
        {
            return bytes;
        }

        switch (random.Next(8))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..random.Next(bytes.Length)];
            case 3:
                // Moves a block, and with it all that follows.
                int at = random.Next(bytes.Length);
                int length = random.Next(Math.Min(64, bytes.Length - at) + 1);
                return [.. bytes[..at], .. bytes[(at + length)..], .. bytes[at..(at + length)]];
            case 4:
                int from = 4 * random.Next(bytes.Length / 4);
                int to = 4 * random.Next(bytes.Length / 4);
                bytes.AsSpan(from, 4).CopyTo(bytes.AsSpan(to));
                return bytes;
            default:
                // Fields are one, two or four bytes, and structure comes before constants.
                int end = random.Next(4) == 0 ? bytes.Length : Math.Min(bytes.Length, 1024);
                int size = 1 << random.Next(3);
                int field = random.Next(end - size + 1);
                byte[] before = new byte[4];
                bytes.AsSpan(field, size).CopyTo(before);
                int old = BinaryPrimitives.ReadInt32LittleEndian(before);
                int value = random.Next(3) switch
                {
                    0 => Interesting[random.Next(Interesting.Length)],
                    1 => old + random.Next(-4, 5),
                    _ => old ^ (1 << random.Next(32)),
                };
                BinaryPrimitives.WriteInt32LittleEndian(before, value);
                before.AsSpan(0, size).CopyTo(bytes.AsSpan(field));
                return bytes;
        }
    }
}
