using System.Buffers.Binary;

namespace ModelExporter.Import.Keras;

/// <summary>
/// The sizes that parts of an HDF5 file declare for themselves: a reader allocates them before it finds that the file is
/// shorter. Layout: HDF5 File Format Specification 3.0, III.D "Local Heaps", III.E "Global Heap", IV.A.2.m "Attribute".
/// </summary>
internal static class DeclaredSizes
{
    private const int SignatureBytes = 4;

    // Signature, version and reserved bytes; an object of a heap begins with as many.
    private const int StartBytes = 8;
    private const int Alignment = 8;

    // II.A: the version of the superblock, and by it where the size of lengths is.
    private const int SuperblockVersion = 8;
    private const int LengthSizeOfOldest = 14;
    private const int LengthSize = 10;

    // A message of an object header of version 1 begins with its type, two bytes, and takes eight before its content.
    private const int TypeBytes = 2;
    private const int AttributeType = 12;
    private const int MessageStartBytes = 8;

    /// <summary>Checks the heap or the attribute that begins with what was read; does nothing where something else does.</summary>
    /// <exception cref="InvalidDataException">It declares more bytes than there are.</exception>
    internal static void Check(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> read)
    {
        if (read.Length == TypeBytes && BinaryPrimitives.ReadUInt16LittleEndian(read) == AttributeType)
        {
            CheckAttribute(file, offset + MessageStartBytes);
        }
        else if (read.Length == SignatureBytes && read.SequenceEqual("HEAP"u8))
        {
            Require(file, offset, Length(file, offset + StartBytes), file.Length);
        }
        else if (read.Length == SignatureBytes && read.SequenceEqual("GCOL"u8))
        {
            CheckObjects(file, offset);
        }
    }

    // Two bytes with the value of the type can be something else: what does not look like an attribute is left to the reader.
    private static void CheckAttribute(ReadOnlySpan<byte> file, int offset)
    {
        if (offset + StartBytes > file.Length || file[offset] is not 1)
        {
            return;
        }

        int nameBytes = Padded(BinaryPrimitives.ReadUInt16LittleEndian(file[(offset + 2)..]));
        int typeBytes = Padded(BinaryPrimitives.ReadUInt16LittleEndian(file[(offset + 4)..]));
        int type = offset + StartBytes + nameBytes;
        int space = type + typeBytes;
        if (space + StartBytes > file.Length || typeBytes < StartBytes || file[space] is not 1)
        {
            return;
        }

        // III.A of a datatype: class and bits in four bytes, then the size of an element. A dataspace: version, rank, six more bytes, then the sizes.
        UInt128 bytes = BinaryPrimitives.ReadUInt32LittleEndian(file[(type + 4)..]);
        for (int axis = 0; axis < file[space + 1] && bytes <= int.MaxValue; axis++)
        {
            bytes *= Length(file, space + StartBytes + (axis * LengthBytes(file)));
        }

        Require(file, offset, bytes, file.Length);
    }

    private static int Padded(int bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static void CheckObjects(ReadOnlySpan<byte> file, int offset)
    {
        ulong size = Length(file, offset + StartBytes);
        Require(file, offset, size, file.Length - offset);
        int headerBytes = StartBytes + LengthBytes(file);
        int end = offset + (int)size;
        for (int item = offset + headerBytes; end - item > headerBytes;)
        {
            // Index 0 is the free space at the end.
            if (file[item] == 0 && file[item + 1] == 0)
            {
                return;
            }

            ulong bytes = Length(file, item + StartBytes);
            item += headerBytes;
            Require(file, offset, bytes, end - item);
            item += Padded((int)bytes);
        }
    }

    private static void Require(ReadOnlySpan<byte> file, int offset, UInt128 declared, int available)
    {
        if (declared > (UInt128)available)
        {
            throw new InvalidDataException($"the part at byte {offset} of {file.Length} declares {declared} bytes, more than it has");
        }
    }

    private static ulong Length(ReadOnlySpan<byte> file, int offset)
    {
        ulong value = 0;
        for (int i = Math.Min(LengthBytes(file), file.Length - offset) - 1; i >= 0 && offset >= 0; i--)
        {
            value = (value << 8) | file[offset + i];
        }

        return value;
    }

    private static int LengthBytes(ReadOnlySpan<byte> file) => file.Length > LengthSizeOfOldest ? file[file[SuperblockVersion] < 2 ? LengthSizeOfOldest : LengthSize] : 0;
}
