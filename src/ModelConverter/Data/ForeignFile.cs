using System.Buffers.Binary;
using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Recognises by their first bytes the files that people give for rows and that are something else.</summary>
internal static class ForeignFile
{
    /// <summary>Bytes that tell what a file is.</summary>
    internal const int Bytes = 512;

    private const string AsArray = "write its values, as the model takes them, with numpy.save and give that .npy, or give rows as CSV";
    private const string AsCsv = "give rows as CSV";
    private const string OfArchive = "save the array that holds the rows with numpy.save and give that .npy";
    private const string Image = "write its pixels, as the model takes them, with numpy.save and give that .npy";

    private static readonly (byte[] Start, string What, string Mend)[] kinds =
    [
        ([0x89, .. "PNG"u8], "a PNG image", Image),
        ([0xFF, 0xD8, 0xFF], "a JPEG image", Image),
        ([.. "GIF8"u8], "a GIF image", Image),
        ([.. "II*\0"u8], "a TIFF image", Image),
        ([.. "MM\0*"u8], "a TIFF image", Image),
        ([0x1F, 0x8B], "compressed with gzip", "unpack it first"),
        ([.. "BZh"u8, (byte)'9', 0x31, 0x41, 0x59], "compressed with bzip2", "unpack it first"),
        ([0xFD, .. "7zXZ"u8], "compressed with xz", "unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "unpack it first"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook", "save its sheet as CSV and give that"),
        ([.. "ARROW1\0"u8], "an Arrow file", "write it as CSV and give that"),
        ([0x89, .. "HDF"u8], "an HDF5 file", AsArray),
        ([.. "SQLite format 3\0"u8], "an SQLite database", "write the table as CSV and give that"),
        ([.. "%PDF-"u8], "a PDF document", AsCsv),
        ([.. "EDGE"u8, 3], "an .edge model", AsCsv),
    ];

    /// <summary>What a file is and what to do, in a sentence; null where it may hold rows.</summary>
    /// <param name="path">The file, for the sentence.</param>
    /// <param name="start">Its first bytes, <see cref="Bytes"/> of them or all.</param>
    /// <param name="takesArrays">Whether a .npy would do in its place.</param>
    internal static string? Sentence(string path, ReadOnlySpan<byte> start, bool takesArrays) =>
        Find(start) is var (what, mend) ? $"'{path}' is {what}; {(takesArrays || mend is not (AsArray or Image or OfArchive) ? mend : AsCsv)}." : null;

    /// <summary>Whether a file is an array of numpy.save.</summary>
    internal static bool IsArray(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x93, .. "NUMPY"u8]);

    private static (string What, string Mend)? Find(ReadOnlySpan<byte> start)
    {
        foreach ((byte[] magic, string what, string mend) in kinds)
        {
            if (start.StartsWith(magic))
            {
                return (what, mend);
            }
        }

        // Text may begin with these letters: what follows them is never text.
        return start.StartsWith("PK\x03\x04"u8) ? Archive(start)
            : start.Length > 10 && start.StartsWith("BM"u8) && start[6..10].IndexOfAnyExcept((byte)0) < 0 ? ("a BMP image", Image)
            : start.Length > 12 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8) ? ("a WebP image", Image)
            : start.Length > 12 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WAVE"u8) ? ("a WAV recording", AsArray)
            : start.Length > 4 && start.StartsWith("PAR1"u8) && start[4] is < (byte)' ' and not (byte)'\r' and not (byte)'\n' and not (byte)'\t' ? ("a Parquet file", "write it as CSV and give that")
            : start.Length > 2 && start[0] == 0x80 && start[1] is >= 2 and <= 5 ? ("a pickle of Python", AsArray)
            : Text(start);
    }

    // Text that no header of a CSV begins with.
    private static (string What, string Mend)? Text(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = start.TrimStart(" \t\r\n"u8);
        ReadOnlySpan<byte> next = text.Length > 1 ? text[1..].TrimStart(" \t\r\n"u8) : [];
        return (text.StartsWith("{"u8) && next.StartsWith("\""u8)) || (text.StartsWith("["u8) && (next.StartsWith("{"u8) || next.StartsWith("["u8))) ? ("JSON", "write its rows as CSV and give that")
            : text.Length > 9 && Ascii.EqualsIgnoreCase(text[..9], "@relation"u8) ? ("an ARFF file", "write it as CSV and give that")
            : (text.Length > 9 && Ascii.EqualsIgnoreCase(text[..9], "<!doctype"u8)) || (text.Length > 5 && Ascii.EqualsIgnoreCase(text[..5], "<html"u8)) ? ("a web page", "download the file that the page shows")
            : text.StartsWith("version https://git-lfs"u8) ? ("a pointer of Git LFS", "fetch the file with 'git lfs pull'")
            : null;
    }

    // An archive is told by the first file in it, whose name follows a header of 30 bytes.
    private static (string What, string Mend) Archive(ReadOnlySpan<byte> start)
    {
        const int header = 30;
        int length = start.Length > header ? Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(start[26..]), start.Length - header) : 0;
        string name = length > 0 ? Encoding.Latin1.GetString(start.Slice(header, length)) : "";
        return name.EndsWith(".npy", StringComparison.Ordinal) ? ("a NumPy archive", OfArchive)
            : name is "[Content_Types].xml" or "mimetype" || name.StartsWith("xl/", StringComparison.Ordinal) || name.StartsWith("_rels/", StringComparison.Ordinal) ? ("a spreadsheet", "save its sheet as CSV and give that")
            : ("a ZIP archive", "unpack it first");
    }
}
