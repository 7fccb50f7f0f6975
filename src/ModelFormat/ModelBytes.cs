#nullable enable

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeInference.ModelFormat;

/// <summary>Little-endian access to a model file's bytes. EdgeInference.Nano has a class of the same form over a <c>byte[]</c>.</summary>
/// <remarks>
/// The caller checks ranges first; an offset out of range throws <see cref="ArgumentOutOfRangeException"/>. Each method holds
/// the bytes until it has read: they may be a mapped file, which another thread disposes.
/// </remarks>
public sealed class ModelBytes
{
    private readonly ReadOnlyMemory<byte> memory;

    // A span over an array keeps it.
    private readonly bool isArray;

    /// <summary>Wraps the bytes without a copy.</summary>
    public ModelBytes(ReadOnlyMemory<byte> memory)
    {
        this.memory = memory;
        isArray = MemoryMarshal.TryGetArray(memory, out _);
    }

    /// <summary>Number of bytes.</summary>
    public int Length => memory.Length;

    /// <summary>The bytes themselves. A span over a mapped file is valid until the model is disposed; <see cref="Copy"/> is safer.</summary>
    internal ReadOnlyMemory<byte> Memory => memory;

    /// <summary>The byte at <paramref name="offset"/>.</summary>
    internal int U8(int offset)
    {
        using MemoryHandle held = Hold();
        return memory.Span[offset];
    }

    /// <summary>The unsigned 16-bit integer at <paramref name="offset"/>.</summary>
    internal int U16(int offset)
    {
        using MemoryHandle held = Hold();
        return BinaryPrimitives.ReadUInt16LittleEndian(memory.Span[offset..]);
    }

    /// <summary>The signed 32-bit integer at <paramref name="offset"/>.</summary>
    internal int I32(int offset)
    {
        using MemoryHandle held = Hold();
        return BinaryPrimitives.ReadInt32LittleEndian(memory.Span[offset..]);
    }

    /// <summary>The float32 at <paramref name="offset"/>.</summary>
    internal float F32(int offset)
    {
        using MemoryHandle held = Hold();
        return BinaryPrimitives.ReadSingleLittleEndian(memory.Span[offset..]);
    }

    /// <summary>The UTF-8 text of <paramref name="length"/> bytes at <paramref name="offset"/>; a byte that is not UTF-8 becomes U+FFFD.</summary>
    internal string Utf8(int offset, int length)
    {
        using MemoryHandle held = Hold();
        return Utf8(memory.Span.Slice(offset, length));
    }

    /// <summary>CRC-32 (IEEE 802.3) of the bytes from <paramref name="start"/> to before <paramref name="end"/>, leaving out the four at <paramref name="skip"/>.</summary>
    internal uint Crc32(int start, int end, int skip)
    {
        using MemoryHandle held = Hold();
        uint crc = Crc32Table.Initial;
        crc = ModelFormat.Crc32.Update(crc, memory.Span[start..skip]);
        crc = ModelFormat.Crc32.Update(crc, memory.Span[(skip + 4)..end]);
        return ~crc;
    }

    /// <summary>A copy of <paramref name="length"/> bytes at <paramref name="offset"/>.</summary>
    internal byte[] Copy(int offset, int length)
    {
        using MemoryHandle held = Hold();
        return memory.Span.Slice(offset, length).ToArray();
    }

    private MemoryHandle Hold() => isArray ? default : memory.Pin();

    private static string Utf8(ReadOnlySpan<byte> rest)
    {
        if (System.Text.Unicode.Utf8.IsValid(rest))
        {
            return Encoding.UTF8.GetString(rest);
        }

        // Encoding gives one U+FFFD for a sequence that breaks off; on nanoFramework each of its bytes is one.
        var text = new StringBuilder();
        while (rest.Length > 0)
        {
            bool good = Rune.DecodeFromUtf8(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            text.Append(good ? rune.ToString() : new string('\uFFFD', used));
            rest = rest[used..];
        }

        return text.ToString();
    }
}
