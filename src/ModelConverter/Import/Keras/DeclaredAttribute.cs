using System.Runtime.CompilerServices;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>
/// What an attribute of an HDF5 file declares, followed as a reader does that believes no size but those it needs. Layout: HDF5
/// File Format Specification 3.0, IV.A.2.b "Dataspace", IV.A.2.d "Datatype", IV.A.2.m "Attribute".
/// </summary>
internal ref struct DeclaredAttribute
{
    private const int Padded = 8;
    private const int FirstWithoutPadding = 3;

    // Flags that say that the datatype or the dataspace is in another object.
    private const int SharedParts = 3;

    private readonly ReadOnlySpan<byte> file;
    private readonly int lengthBytes;
    private int at;

    private DeclaredAttribute(ReadOnlySpan<byte> file, int offset, int lengthBytes)
    {
        this.file = file;
        this.lengthBytes = lengthBytes;
        at = offset;
    }

    // IV.A.2.d: the classes of a datatype.
    private enum TypeClass
    {
        FixedPoint,
        FloatingPoint,
        Time,
        Text,
        BitField,
        Opaque,
        Compound,
        Reference,
        Enumeration,
        VariableLength,
        Array,
    }

    /// <summary>The bytes of an attribute's value.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the attribute begins.</param>
    /// <param name="lengthBytes">Bytes of a length in this file.</param>
    /// <param name="seen">How many bytes were looked at.</param>
    /// <returns>The bytes, or 0 for what is no attribute, ends within its description, or has the type of something else.</returns>
    internal static UInt128 ValueBytes(ReadOnlySpan<byte> file, int offset, int lengthBytes, out int seen)
    {
        var attribute = new DeclaredAttribute(file, offset, lengthBytes);
        UInt128 bytes = attribute.ValueBytes();
        seen = attribute.at - offset;
        return bytes;
    }

    private UInt128 ValueBytes()
    {
        int version = Byte();
        int flags = Byte();
        Skip(sizeof(ushort));
        int typeBytes = Number(sizeof(ushort));
        Skip(sizeof(ushort));
        Skip(version == FirstWithoutPadding ? 1 : 0);
        Name(version == 1);
        if ((version != 1 && (flags & SharedParts) != 0) || !Type(out uint elementBytes))
        {
            return 0;
        }

        Skip(version == 1 ? Padding(typeBytes) : 0);
        int spaceVersion = Byte();
        int rank = Byte();
        Skip(spaceVersion == 1 ? 6 : 2);
        UInt128 bytes = spaceVersion is 1 or 2 ? elementBytes : 0u;
        for (int axis = 0; axis < rank && bytes <= int.MaxValue; axis++)
        {
            bytes *= Length();
        }

        return bytes;
    }

    private bool Type(out uint elementBytes)
    {
        int classAndVersion = Byte();
        var kind = (TypeClass)(classAndVersion & 15);
        int version = classAndVersion >> 4;
        int members = Number(sizeof(ushort));
        Skip(1);
        elementBytes = (uint)Number(sizeof(uint));
        return version is >= 1 and <= FirstWithoutPadding && kind <= TypeClass.Array && RuntimeHelpers.TryEnsureSufficientExecutionStack()
            && Properties(kind, version, members, elementBytes);
    }

    private bool Properties(TypeClass kind, int version, int members, uint elementBytes)
    {
        switch (kind)
        {
            case TypeClass.FixedPoint or TypeClass.BitField:
                Skip(4);
                return true;
            case TypeClass.FloatingPoint:
                Skip(12);
                return true;
            case TypeClass.Time:
                Skip(2);
                return true;
            case TypeClass.Opaque:
                Skip((byte)members);
                return true;
            case TypeClass.Compound:
                return Members(version, members, elementBytes);
            case TypeClass.Enumeration:
                bool known = Type(out _);
                for (int i = 0; i < members && at < file.Length; i++)
                {
                    Name(version < FirstWithoutPadding);
                }

                Skip(members * (long)elementBytes);
                return known;
            case TypeClass.VariableLength:
                return Type(out _);
            case TypeClass.Array:
                int rank = Byte();
                Skip(version == 2 ? 3 + (rank * 8) : rank * 4);
                return Type(out _);
            default:
                return true;
        }
    }

    private bool Members(int version, int members, uint elementBytes)
    {
        for (int i = 0; i < members; i++)
        {
            Name(version < FirstWithoutPadding);
            Skip(version switch { 1 => 32, 2 => 4, _ => OffsetBytes(elementBytes) });
            if (!Type(out _))
            {
                return false;
            }
        }

        return true;
    }

    // The fewest bytes that hold the size.
    private static int OffsetBytes(uint elementBytes) => elementBytes switch { < 1 << 8 => 1, < 1 << 16 => 2, < 1 << 24 => 3, _ => 4 };

    private static int Padding(int bytes) => (Padded - (bytes % Padded)) % Padded;

    private void Name(bool padded)
    {
        int length = file[at..].IndexOf((byte)0) + 1;
        Skip(length == 0 ? file.Length : padded ? length + Padding(length) : length);
    }

    private ulong Length()
    {
        ulong value = 0;
        for (int i = 0; i < lengthBytes; i++)
        {
            value |= (ulong)Byte() << (8 * i);
        }

        return value;
    }

    private int Number(int bytes)
    {
        int value = 0;
        for (int i = 0; i < bytes; i++)
        {
            value |= Byte() << (8 * i);
        }

        return value;
    }

    // Zeros after the end: no version is 0.
    private byte Byte() => at < file.Length ? file[at++] : (byte)0;

    private void Skip(long bytes) => at = (int)Math.Min(at + bytes, file.Length);
}
