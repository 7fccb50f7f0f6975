using System.IO.Compression;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Unpacks files of an archive without trusting what the archive says of their size.</summary>
internal static class ZipPart
{
    // Trained weights hardly compress; small files of text do.
    private const long AlwaysAllowed = 32 << 20;
    private const int MaxGrowth = 2;

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
