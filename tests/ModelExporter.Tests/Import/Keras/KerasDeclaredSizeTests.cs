using System.Buffers.Binary;
using System.Text;
using EdgeInference.ModelConverter.Import.Keras;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>What parts of an HDF5 file declare of their sizes, written here by the HDF5 File Format Specification 3.0.</summary>
public sealed class KerasDeclaredSizeTests
{
    private const int Before = 5;

    // Each type by its version's layout, and the bytes of one element.
    public static TheoryData<string, byte[], int> Types => new()
    {
        { "integers", Fixed(4), 4 },
        { "integers of version 3", Fixed(2, 3), 2 },
        { "bits", [0x14, 0, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0], 8 },
        { "real numbers", [0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, .. new byte[12]], 4 },
        { "times", [0x12, 0, 0, 0, 8, 0, 0, 0, 64, 0], 8 },
        { "texts", Text(37), 37 },
        { "opaque ones with a tag", [0x15, 8, 0, 0, 16, 0, 0, 0, .. "a tag 16"u8], 16 },
        { "references", [0x17, 0, 0, 0, 8, 0, 0, 0], 8 },
        { "texts of any length", [0x19, 1, 0, 0, 16, 0, 0, 0, .. Text(1)], 16 },
        { "lists of lists", [0x19, 0, 0, 0, 16, 0, 0, 0, 0x19, 0, 0, 0, 16, 0, 0, 0, .. Fixed(4)], 16 },
        { "arrays of version 2", [0x2A, 0, 0, 0, 24, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Fixed(4)], 24 },
        { "arrays of version 3", [0x3A, 0, 0, 0, 24, 0, 0, 0, 2, 2, 0, 0, 0, 3, 0, 0, 0, .. Fixed(4, 3)], 24 },
        { "names of numbers", [0x18, 2, 0, 0, 1, 0, 0, 0, .. Fixed(1), .. Padded("no"), .. Padded("certainly"), 0, 1], 1 },
        { "names of numbers of version 3", [0x38, 2, 0, 0, 2, 0, 0, 0, .. Fixed(2, 3), .. "no\0"u8, .. "certainly\0"u8, 0, 0, 1, 0], 2 },
        { "records of version 1", [0x16, 2, 0, 0, 8, 0, 0, 0, .. Padded("x"), .. new byte[32], .. Fixed(4), .. Padded("seventh"), .. new byte[32], .. Fixed(4)], 8 },
        { "records of version 2", [0x26, 2, 0, 0, 8, 0, 0, 0, .. Padded("x"), 0, 0, 0, 0, .. Fixed(4, 2), .. Padded("eight.ch"), 4, 0, 0, 0, .. Fixed(4, 2)], 8 },
        { "records of version 3", [0x36, 2, 0, 0, 255, 0, 0, 0, .. "x\0"u8, 0, .. Fixed(4, 3), .. "y\0"u8, 4, .. Fixed(4, 3)], 255 },
        { "records of 256 bytes", [0x36, 1, 0, 0, 0, 1, 0, 0, .. "x\0"u8, 0, 0, .. Fixed(4, 3)], 256 },
        { "records of 65,536 bytes", [0x36, 1, 0, 0, 0, 0, 1, 0, .. "x\0"u8, 0, 0, 0, .. Fixed(4, 3)], 65536 },
        { "records of 16,777,216 bytes", [0x36, 1, 0, 0, 0, 0, 0, 1, .. "x\0"u8, 0, 0, 0, 0, .. Fixed(4, 3)], 16777216 },
        { "records of 65,535 bytes", [0x36, 1, 0, 0, 255, 255, 0, 0, .. "x\0"u8, 0, 0, .. Fixed(4, 3)], 65535 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void An_attribute_declares_its_elements_times_their_bytes(string name, byte[] type, int elementBytes)
    {
        foreach (int lengthBytes in new[] { 4, 8 })
        {
            foreach (byte[] attribute in new[] { Attribute(1, type, lengthBytes), Attribute(2, type, lengthBytes), Attribute(3, type, lengthBytes) })
            {
                byte[] file = [.. new byte[Before], .. attribute, 77, 77];
                UInt128 bytes = DeclaredAttribute.ValueBytes(file, Before, lengthBytes, out int seen);
                Assert.True((UInt128)(15L * elementBytes) == bytes, $"{name}, version {attribute[0]}: {bytes}");
                Assert.Equal(attribute.Length, seen);
            }
        }
    }

    [Fact]
    public void A_scalar_has_one_element_and_other_dataspaces_none()
    {
        byte[] Space(params byte[] space) => [3, 0, 2, 0, 12, 0, (byte)space.Length, 0, 0, .. "a\0"u8, .. Fixed(4, 3), .. space];
        Assert.Equal(4u, Declared(Space(2, 0, 0, 0)));
        Assert.Equal(4u, Declared(Space(1, 0, 0, 0, 0, 0, 0, 0)));
        Assert.Equal(0u, Declared(Space(3, 0, 0, 0)));
        Assert.Equal(0u, Declared(Space(0, 0, 0, 0)));

        // 2³² · 2³² · 4 is no number of 64 bits.
        Assert.Equal((UInt128)4 << 32, Declared(Space(2, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0)));
        Assert.True(Declared(Space(2, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)) > int.MaxValue);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x41)]
    [InlineData(0x1B)]
    [InlineData(0x1F)]
    public void A_type_that_there_is_not_declares_nothing(byte kind) =>
        Assert.Equal(0u, Declared([3, 0, 2, 0, 20, 0, 4, 0, 0, .. "a\0"u8, kind, 0, 0, 0, 4, 0, 0, 0, .. new byte[12], 2, 0, 0, 1]));

    // Bit 0: the datatype is in another object; bit 1: the dataspace is. In version 1 the byte is reserved.
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Parts_in_other_objects_declare_nothing_here(byte flags, bool isHere)
    {
        foreach (int version in new[] { 1, 2, 3 })
        {
            byte[] attribute = Attribute(version, Fixed(4), 8);
            attribute[1] = flags;
            Assert.Equal(isHere || version == 1 ? 60u : 0u, Declared(attribute));
        }
    }

    [Fact]
    public void A_part_that_ends_before_its_dataspace_declares_nothing_and_nothing_beyond_the_end_is_seen()
    {
        byte[] attribute = Attribute(3, Fixed(4), 8);
        for (int length = 0; length < attribute.Length - 19; length++)
        {
            UInt128 bytes = DeclaredAttribute.ValueBytes(attribute.AsSpan(0, length), 0, 8, out int seen);
            Assert.Equal(0u, bytes);
            Assert.InRange(seen, 0, length);
        }
    }

    // The size of lengths is in byte 14 of the oldest superblocks, and in byte 10 of those from version 2 on.
    [Theory]
    [InlineData(0, 14, 8)]
    [InlineData(1, 14, 4)]
    [InlineData(2, 10, 8)]
    [InlineData(3, 10, 4)]
    public void A_heap_declares_no_more_than_the_file_has(byte version, int place, byte lengthBytes)
    {
        byte[] file = new byte[96];
        file[8] = version;
        file[10] = file[14] = 1;
        file[place] = lengthBytes;
        "HEAP"u8.CopyTo(file.AsSpan(40));
        foreach (int declared in new[] { 0, 95, 96, 97, 5000 })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(48), declared);
            Check(file, 40, declared > 96 ? $"the part at byte 40 of 96 declares {declared} bytes" : null);
        }

        // Lengths of four bytes do not read on.
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(48), 1L << 40);
        Check(file, 40, lengthBytes == 8 ? "declares 1099511627776 bytes" : null);
    }

    // A collection of 64 bytes: its head of 16, and objects of a head of 16 and their bytes, padded to 8. Index 0 is the free space.
    [Theory]
    [InlineData(56, 8, 1, 8, null)]
    [InlineData(57, 8, 1, 8, "declares 57 bytes")]
    [InlineData(56, 32, 1, 0, "declares 32 bytes")]
    [InlineData(56, 24, 1, 0, null)]
    [InlineData(56, 25, 1, 0, "declares 25 bytes")]
    [InlineData(56, 25, 0, 0, null)]
    [InlineData(56, 25, 256, 0, "declares 25 bytes")]
    [InlineData(52, 1, 1, 5, null)]
    public void A_collection_declares_no_more_than_it_has(int size, int first, short index, int second, string? expected)
    {
        byte[] file = new byte[96];
        file[14] = 8;
        const int At = 40;
        "GCOL"u8.CopyTo(file.AsSpan(At));
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(At + 8), size);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(At + 16), index);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(At + 24), first);
        if (second > 0)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(At + 40), 0);
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(At + 48), second);
        }

        Check(file, At, expected);
    }

    private static void Check(byte[] file, int offset, string? expected)
    {
        void Act() => Hdf5SizeGuard.Check(file, offset, file.AsSpan(offset, 4), 4);
        if (expected is null)
        {
            Act();
        }
        else
        {
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(Act).Message, StringComparison.Ordinal);
        }
    }

    private static UInt128 Declared(byte[] attribute) => DeclaredAttribute.ValueBytes(attribute, 0, 8, out _);

    // IV.A.2.m: [3, 5] elements of a type. Version 1 pads name and type to 8 bytes, version 3 has a byte for the character set.
    private static byte[] Attribute(int version, byte[] type, int lengthBytes)
    {
        byte[] Dimension(byte size) => [size, .. new byte[lengthBytes - 1]];
        byte[] space = version == 1
            ? [1, 2, 0, 0, 0, 0, 0, 0, .. Dimension(3), .. Dimension(5)]
            : [2, 2, 0, 1, .. Dimension(3), .. Dimension(5)];
        byte[] padding = version == 1 ? new byte[(8 - (type.Length % 8)) % 8] : [];
        byte[] name = version == 1 ? Padded("ninechars") : "ninechars\0"u8.ToArray();
        return [(byte)version, 0, 10, 0, (byte)type.Length, (byte)(type.Length >> 8), (byte)space.Length, 0, .. version == 3 ? [0] : Array.Empty<byte>(), .. name, .. type, .. padding, .. space];
    }

    private static byte[] Fixed(byte size, int version = 1) => [(byte)(version << 4), 8, 0, 0, size, 0, 0, 0, 0, 0, (byte)(8 * size), 0];

    private static byte[] Text(byte size) => [0x13, 0, 0, 0, size, 0, 0, 0];

    private static byte[] Padded(string name)
    {
        byte[] text = Encoding.ASCII.GetBytes(name + '\0');
        return [.. text, .. new byte[(8 - (text.Length % 8)) % 8]];
    }
}
