namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>What the tensors of one model have read of the files beside it, so that a few bytes for each cannot name one large file without end.</summary>
internal sealed class OnnxExternalFiles
{
    // Tied weights are named twice; of small files it does not matter.
    private const int MostTimes = 2;
    private const long AlwaysAllowed = 32 << 20;

    private readonly Dictionary<(string File, long Offset, long Length), ReadOnlyMemory<byte>> ranges = [];
    private readonly Dictionary<string, long> named = new(StringComparer.Ordinal);

    /// <summary>How often a file was read.</summary>
    internal int Reads { get; private set; }

    /// <summary>Whether tensors may have so many bytes more of a file: up to 32 MiB and twice its size in all.</summary>
    internal bool Allows(string file, long size, long length)
    {
        named[file] = named.GetValueOrDefault(file) + length;
        return named[file] <= Math.Max(AlwaysAllowed, MostTimes * size);
    }

    /// <summary>A part of a file, which is read once however many tensors are in it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal ReadOnlyMemory<byte> Read(string file, long offset, int length)
    {
        if (ranges.TryGetValue((file, offset, length), out ReadOnlyMemory<byte> known))
        {
            return known;
        }

        Reads++;
        using FileStream stream = File.OpenRead(file);
        stream.Position = offset;
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        ranges.Add((file, offset, length), bytes);
        return bytes;
    }
}
