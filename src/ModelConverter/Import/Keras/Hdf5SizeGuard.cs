using System.Numerics;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// The sizes that parts of an HDF5 file declare for themselves: a reader allocates them before it finds that the file is
/// shorter. Layout: HDF5 File Format Specification 3.0, III.D "Local Heaps", III.E "Global Heap", IV.A.1 "Data Object
/// Headers", IV.A.2.d "Datatype", IV.A.2.e and f "Fill Value", IV.A.2.g "Link"; of attributes, see <see cref="DeclaredAttribute"/>.
/// </summary>
internal static class Hdf5SizeGuard
{
    private const int SignatureBytes = 4;

    // Signature, version and reserved bytes; an object of a heap begins with as many.
    private const int StartBytes = 8;
    private const int Alignment = 8;

    // II.A: the version of the superblock, and by it where the size of lengths is.
    private const int SuperblockVersion = 8;
    private const int LengthSizeOfOldest = 14;
    private const int LengthSize = 10;

    // Four bits for each of the last reads: only an attribute begins with two of one byte and three of two bytes.
    private const ulong AttributeStart = 0x11222;
    private const ulong AttributeStartMask = 0xFFFFF;
    private const int AttributeStartBytes = 8;

    // IV.A.2: types of messages.
    private const int OldFillValue = 4;
    private const int FillValue = 5;
    private const int Link = 6;

    /// <summary>Checks the part of a file that begins with what was read, or the size that was read; does nothing where it is something else.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the last read began.</param>
    /// <param name="read">What it read.</param>
    /// <param name="lengths">How many bytes each of the last reads had, four bits each, 15 for more, where each began at the end of the one before; the last read is lowest.</param>
    /// <returns>How many bytes were looked at for that.</returns>
    /// <exception cref="InvalidDataException">It declares more bytes than there are.</exception>
    internal static int Check(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> read, ulong lengths)
    {
        int seen = 0;
        if ((lengths & AttributeStartMask) == AttributeStart)
        {
            int attribute = offset + read.Length - AttributeStartBytes;
            Require(file, attribute, DeclaredAttribute.ValueBytes(file, attribute, LengthBytes(file), out seen), file.Length);
        }
        else if (read.Length == SignatureBytes && read.SequenceEqual("HEAP"u8))
        {
            Require(file, offset, Length(file, offset + StartBytes), file.Length);
        }
        else if (read.Length == SignatureBytes && read.SequenceEqual("GCOL"u8))
        {
            CheckObjects(file, offset);
        }
        else if (IsFillValueSize(file, offset, lengths) || IsTypeSize(file, offset, lengths) || IsLinkNameSize(file, offset, read.Length, lengths))
        {
            Require(file, offset, Number(file, offset, read.Length), file.Length);
        }

        return seen;
    }

    private static bool IsFillValueSize(ReadOnlySpan<byte> file, int offset, ulong lengths) =>
        ((lengths & 15) == 4 && MessageType(file, offset, lengths >> 4) == OldFillValue)
        || ((lengths & 0xFFF) == 0x114 && MessageType(file, offset - 2, lengths >> 12) == FillValue)
        || ((lengths & 0xFFFFF) == 0x11114 && MessageType(file, offset - 4, lengths >> 20) == FillValue);

    // Class and version in a byte, then three bytes of bits, then the size of an element.
    private static bool IsTypeSize(ReadOnlySpan<byte> file, int offset, ulong lengths) => (lengths & 0xFFF) == 0x134 && file[offset - 4] is > 0x0F and < 0x40;

    // Version and flags, and what the flags say: the kind of link, the order of creation, the set of characters. A reader looks at
    // the version after all that; outside object headers, where links are that many, the version alone tells them from other parts.
    private static bool IsLinkNameSize(ReadOnlySpan<byte> file, int offset, int bytes, ulong lengths)
    {
        if (bytes < sizeof(uint))
        {
            return false;
        }

        ReadOnlySpan<int> distances = [1, 2, 3, 9, 10, 11];
        foreach (int distance in distances)
        {
            int start = offset - distance - 1;
            int flags = start >= 0 ? file[start + 1] : 0;
            ulong expected = 0x11;
            expected = (flags & 8) != 0 ? (expected << 4) | 1 : expected;
            expected = (flags & 4) != 0 ? (expected << 4) | 8 : expected;
            expected = (flags & 16) != 0 ? (expected << 4) | 1 : expected;
            expected = (expected << 4) | (1u << (flags & 3));
            int bits = 64 - BitOperations.LeadingZeroCount(expected) + 3;
            if (distance == 1 + ((flags >> 3) & 1) + ((flags & 4) * 2) + ((flags >> 4) & 1) && (lengths & ((1UL << bits) - 1)) == expected)
            {
                return file[start] == 1 || MessageType(file, start, lengths >> bits) == Link;
            }
        }

        return false;
    }

    // Of the message whose content begins at the offset, by the reads before: in an object header of version 1 type, size, flags
    // and three more bytes; in one of version 2 the same with a type of one byte, and at times an order of creation.
    private static int MessageType(ReadOnlySpan<byte> file, int offset, ulong lengths) => (lengths & 0xFFFF, lengths & 0xFFF) switch
    {
        (0x2213, _) => file[offset - 8],
        (0x1212, _) => file[offset - 6],
        (_, 0x121) => file[offset - 4],
        _ => 0,
    };

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
            throw new InvalidDataException($"the part at byte {offset} of {file.Length} declares {declared} bytes, more than remain");
        }
    }

    private static ulong Length(ReadOnlySpan<byte> file, int offset) => Number(file, offset, LengthBytes(file));

    private static ulong Number(ReadOnlySpan<byte> file, int offset, int bytes)
    {
        ulong value = 0;
        for (int i = Math.Min(bytes, file.Length - offset) - 1; i >= 0 && offset >= 0; i--)
        {
            value = (value << 8) | file[offset + i];
        }

        return value;
    }

    private static int LengthBytes(ReadOnlySpan<byte> file) => file.Length > LengthSizeOfOldest ? file[file[SuperblockVersion] < 2 ? LengthSizeOfOldest : LengthSize] : 0;
}
