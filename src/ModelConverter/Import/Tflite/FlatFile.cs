using System.Text;
using Google.FlatBuffers;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// The bytes of a FlatBuffers file. Tables are read by slot number, without generated code, and nothing is believed: every
/// offset is checked, and one that leads out of the file is an <see cref="InputException"/> with file and position.
/// </summary>
internal sealed class FlatFile
{
    // Elements of vectors that are read beside two for each four bytes of the file.
    private const int Allowance = 300_000;

    private readonly byte[] bytes;
    private readonly ByteBuffer buffer;
    private long left;

    internal FlatFile(byte[] bytes, string path)
    {
        this.bytes = bytes;
        buffer = new ByteBuffer(bytes);
        Path = path;
        Length = bytes.Length;
        left = Allowance + (bytes.Length / 2);
    }

    internal string Path { get; }

    internal int Length { get; }

    /// <summary>The table that the first offset of the file leads to.</summary>
    internal FlatTable Root() => new(this, Follow(0));

    /// <summary>The position that the offset at a position leads to.</summary>
    internal int Follow(int position)
    {
        long target = position + (long)(uint)Int(position);
        return target < Length ? (int)target : throw Broken(position);
    }

    internal byte Byte(int position) => buffer.Get(Within(position, 1));

    internal int UShort(int position) => buffer.GetUshort(Within(position, 2));

    internal int Int(int position) => buffer.GetInt(Within(position, 4));

    internal float Float(int position) => buffer.GetFloat(Within(position, 4));

    internal long Long(int position) => buffer.GetLong(Within(position, 8));

    internal ReadOnlySpan<byte> Bytes(int position, int length) => bytes.AsSpan(Within(position, length), length);

    internal string Text(int position, int length) => Encoding.UTF8.GetString(Bytes(position, length));

    internal InputException Broken(long position) =>
        new($"'{Path}' is damaged: byte {position} refers to data outside the file; copy or convert it again.");

    /// <summary>Counts elements of a vector that is read: any number of tables may share one.</summary>
    /// <exception cref="InputException">They are far more than the file has bytes for.</exception>
    internal void Count(int elements)
    {
        left -= elements;
        if (left < 0)
        {
            throw Wrong("refers to the same lists so often that they are far larger than the file; write it again");
        }
    }

    internal InputException Wrong(ClippedText problem) => new($"'{Path}' {problem}.");

    private int Within(int position, int size) =>
        position >= 0 && size >= 0 && position <= Length - size ? position : throw Broken(position);
}
