using System.IO.Compression;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Unpacks files of an archive without trusting what the archive says of their size.</summary>
internal static class ZipPart
{
    // Trained weights hardly compress; small files of text do.
    private const long AlwaysAllowed = 32 << 20;
    private const int MaxGrowth = 2;

    /// <summary>Opens an archive in memory.</summary>
    /// <exception cref="InvalidDataException">It is no archive, or has more parts than a model has tensors.</exception>
    internal static ZipArchive Open(byte[] bytes)
    {
        // Each part has one in the archive's directory, which is read as a whole; the count that the archive declares may be wrong.
        if (bytes.AsSpan().Count("PK\u0001\u0002"u8) > FormatLayout.MaxTensors)
        {
            throw new InvalidDataException($"it has more than {FormatLayout.MaxTensors} parts");
        }

        return new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
    }

    /// <summary>The content of an entry.</summary>
    /// <exception cref="InvalidDataException">Unpacked, it is larger than 32 MiB and than twice the archive, or it is damaged.</exception>
    internal static byte[] Read(ZipArchiveEntry entry, long archiveBytes)
    {
        long limit = Math.Max(AlwaysAllowed, MaxGrowth * archiveBytes);
        if (entry.Length > limit)
        {
            throw new InvalidDataException($"its part '{entry.FullName}' unpacks to {entry.Length} bytes, far more than the archive");
        }

        byte[] content = new byte[entry.Length];
        using Stream stream = entry.Open();
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (read < content.Length || stream.ReadByte() >= 0)
        {
            throw new InvalidDataException($"its part '{entry.FullName}' does not have the declared {entry.Length} bytes");
        }

        return content;
    }
}
