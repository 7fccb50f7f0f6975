using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime;

/// <summary>A file read into memory that does not move, at an address that suits vector instructions.</summary>
internal static unsafe class FileCopy
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The file is empty or larger than 2 GiB.</exception>
    /// <exception cref="IOException">The file cannot be read, or became shorter meanwhile.</exception>
    internal static ReadOnlyMemory<byte> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        int length = LengthOf(stream);
        byte[] block = GC.AllocateUninitializedArray<byte>(length + NativeBlocks.Alignment - 1, pinned: true);
        int skip;
        fixed (byte* first = block)
        {
            skip = (int)(-(nint)first & (NativeBlocks.Alignment - 1));
        }

        stream.ReadExactly(block, skip, length);
        return block.AsMemory(skip, length);
    }

    /// <summary>The length of a model's file.</summary>
    /// <exception cref="ModelFormatException">The file is empty or too large.</exception>
    internal static int LengthOf(FileStream stream) => stream.Length switch
    {
        0 => throw new ModelFormatException("header", 0, "the file is empty"),
        > int.MaxValue - NativeBlocks.Alignment - 64 => throw new ModelFormatException("header", 0, "the file is larger than 2 GiB"),
        long length => (int)length,
    };
}
