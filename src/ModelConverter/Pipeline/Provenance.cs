using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Says in a file where it comes from: source, options and rows. No time and no path, so that the same input gives the same bytes.</summary>
internal static class Provenance
{
    /// <summary>Metadata with the source in it.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="source">The file that the model was imported from or trained on; - for standard input.</param>
    internal static GraphMetadata Of(GraphMetadata metadata, string source) => metadata with
    {
        Source = source == "-" ? "" : Path.GetFileName(source),
        SourceHash = metadata.SourceHash ?? (File.Exists(source) ? SHA256.HashData(File.ReadAllBytes(source)) : null),
    };

    /// <summary>SHA-256 of the column names, each with a zero byte after it, then of each row's float32 values and of its class as an i32 where it is known.</summary>
    internal static byte[] Fingerprint(IReadOnlyList<string> names, IReadOnlyList<float[]> rows, int[]? labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + '\0'));
        }

        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < rows.Count; i++)
        {
            foreach (float value in rows[i])
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                hash.AppendData(bytes);
            }

            if (labels is not null)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, labels[i]);
                hash.AppendData(bytes);
            }
        }

        return hash.GetHashAndReset();
    }
}
