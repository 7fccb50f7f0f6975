using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The header, the checksum and the signature block.</summary>
internal sealed class HeaderRows : RuleRows
{
    private const int MaxArena = 1 << 28;

    protected override void Add()
    {
        byte[] good = Plain().Build();
        const string Short = "the file is shorter than its header; check that it is a complete .edge file";
        foreach (int length in new[] { 0, 4, 23 })
        {
            Bad($"{length} bytes", "header", length, Short, good[..length]);
        }

        const string Magic = "it does not begin with 'EDGE', so it is not an .edge file; make one with 'edge export' or 'edge train'";
        for (int i = 0; i < 4; i++)
        {
            Bad($"a higher byte {i}", "header", 0, Magic, Changed(good, i, (byte)(good[i] + 1)));
            Bad($"a lower byte {i}", "header", 0, Magic, Changed(good, i, (byte)(good[i] - 1)));
        }

        foreach (int version in new[] { 0, 1, 2, 4, 259 })
        {
            string reason = $"format version {version} is not supported; expected 3; export the model again with this version's tool";
            Bad($"version {version}", "header", 4, reason, Edited(bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)version)));
        }

        Good("any minor version", Edited(bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), 65535)));
        AddLengths(good);
        AddChecksums(good);
        AddArena();
        AddSignatures(good);
        const string Flags = "it sets an unknown flag; update the runtime";
        Bad("the first flag", "header", 20, Flags, Edited(bytes => bytes[20] = 1));
        Bad("the last flag", "header", 20, Flags, Edited(bytes => bytes[21] = 128));
    }

    private void AddLengths(byte[] good)
    {
        foreach (int length in new[] { 23, 0, -1, int.MinValue, good.Length + 1, int.MaxValue })
        {
            Bad($"a length of {length - good.Length} more", "header", 8, $"it declares {length} bytes but has {good.Length}; copy the file again", Edited(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), length)));
        }

        const string NoBlock = "the bytes after the model are not a signature block; copy the file again";
        Bad("a length of the header alone", "signature", 24, NoBlock, Edited(bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 24)));
        Bad("a byte after the model", "signature", good.Length, NoBlock, [.. good, 0]);
    }

    private void AddChecksums(byte[] good)
    {
        const string Damaged = "the CRC-32 does not match, so the file is damaged; copy it again";
        foreach (int at in new[] { 6, 7, 12, 13, 14, 15, 16, 24, good.Length / 2, good.Length - 1 })
        {
            foreach (int bit in new[] { 1, 128 })
            {
                Bad($"byte {at} without bit {bit}", "header", 12, Damaged, Changed(good, at, (byte)(good[at] ^ bit)));
            }
        }
    }

    private void AddArena()
    {
        Good("the largest arena", Sized(MaxArena).Build());
        Bad("an arena one byte larger", "header", "it asks for an arena of 268435457 bytes, more than the 268435456 allowed", Sized(MaxArena + 1), _ => 16);
        Bad("an arena of 2³¹", "header", "it asks for an arena of 2147483648 bytes, more than the 268435456 allowed", Sized(int.MinValue), _ => 16);
        Bad("an arena of 2³² - 1", "header", "it asks for an arena of 4294967295 bytes, more than the 268435456 allowed", Sized(-1), _ => 16);
        Bad("no arena", "tensors", "tensor 0 is not within the arena", Sized(0), model => model.TensorStart(0) + 4);

        static RawModel Sized(int bytes)
        {
            RawModel model = Plain();
            model.ArenaBytes = bytes;
            return model;
        }
    }

    private void AddSignatures(byte[] good)
    {
        const string NoBlock = "the bytes after the model are not a signature block; copy the file again";
        byte[] block = Block();
        Good("a signature block", (byte[])[.. good, .. block]);
        Bad("a block without its last byte", "signature", good.Length, NoBlock, [.. good, .. block[..127]]);
        Bad("a block of one byte more", "signature", good.Length, NoBlock, [.. good, .. block, 0]);
        Bad("a block of one byte more that its checksum covers", "signature", good.Length, NoBlock, [.. good, .. Signed([.. block, 0])]);
        Bad("two blocks", "signature", good.Length, NoBlock, [.. good, .. block, .. block]);
        foreach ((int at, string field) in new[] { (0, "magic"), (4, "size"), (8, "algorithm") })
        {
            foreach (int by in new[] { -1, 1 })
            {
                byte[] bad = Block();
                BinaryPrimitives.WriteInt32LittleEndian(bad.AsSpan(at), BinaryPrimitives.ReadInt32LittleEndian(bad.AsSpan(at)) + by);
                Bad($"a block of another {field}, {by}", "signature", good.Length, NoBlock, [.. good, .. Signed(bad)]);
            }
        }

        foreach (int at in new[] { 0, 11, 12, 15, 16, 63, 64, 127 })
        {
            Bad($"a block with a damaged byte {at}", "signature", good.Length, NoBlock, [.. good, .. Changed(block, at, (byte)(block[at] ^ 1))]);
        }

        // Whose length is right and whose checksum covers what it must.
        static byte[] Block()
        {
            byte[] bytes = [.. Enumerable.Range(0, 128).Select(i => (byte)(7 * i))];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, 0x47534445);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 128);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 1);
            return Signed(bytes);
        }

        static byte[] Signed(byte[] bytes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), RawModel.Crc([.. bytes[..12], .. bytes[16..]]));
            return bytes;
        }
    }

    private static RawModel Plain() => One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);

    private static byte[] Edited(Action<byte[]> edit)
    {
        RawModel model = Plain();
        model.Edit = bytes =>
        {
            edit(bytes);
            return bytes;
        };
        return model.Build();
    }

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }
}
