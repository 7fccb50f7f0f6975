using System.Text;
using System.Text.Unicode;
using EdgeInference.ModelConverter.Files;

namespace EdgeInference.ModelConverter.Data;

/// <summary>The bytes of a CSV file as UTF-8 without a mark, whatever its encoding; they can be read more than once.</summary>
internal sealed class CsvSource
{
    private const int BlockBytes = 1 << 16;

    // Of a text in UTF-16 without a mark every other byte is zero in most languages.
    private const int MostZeros = 4;

    private readonly Func<Stream> open;
    private readonly Encoding encoding;
    private readonly int markBytes;

    private CsvSource(Func<Stream> open, Encoding encoding, int markBytes, string? said)
    {
        this.open = open;
        this.encoding = encoding;
        this.markBytes = markBytes;
        Said = said;
    }

    /// <summary>The encoding's name where it is not UTF-8 and was found by looking; else null.</summary>
    internal string? Said { get; }

    /// <summary>Opens a file, and finds its encoding: that of a mark, UTF-8 where all bytes are, else Windows-1252.</summary>
    /// <param name="path">The file; - for standard input.</param>
    /// <param name="name">The encoding's name; null to find it.</param>
    /// <exception cref="InputException">The encoding has no such name, is UTF-16 without a mark, or the file is no text.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static CsvSource Of(string path, string? name)
    {
        Func<Stream> open = InputFile.Reopened(path);
        using Stream stream = open();
        byte[] block = new byte[BlockBytes];
        int length = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        if (ForeignFile.Sentence(path, block.AsSpan(0, Math.Min(length, ForeignFile.Bytes)), takesArrays: false) is { } foreign)
        {
            throw new InputException(foreign);
        }

        if (ForeignFile.IsArray(block.AsSpan(0, length)))
        {
            throw new InputException($"'{path}' is an array of numpy.save, which has no names of columns; give rows as CSV.");
        }

        (Encoding? marked, int mark) = Mark(block.AsSpan(0, length));
        if (name is not null)
        {
            Encoding given = Named(name);
            return new CsvSource(open, given, marked is not null && marked.CodePage == given.CodePage ? mark : 0, null);
        }

        if (marked is not null)
        {
            return new CsvSource(open, marked, mark, marked is UTF8Encoding ? null : "UTF-16");
        }

        if (length > 0 && block.AsSpan(0, length).Count((byte)0) > length / MostZeros)
        {
            throw new InputException($"'{path}' looks like UTF-16 without a byte order mark; use --encoding utf-16le or --encoding utf-16be.");
        }

        if (IsUtf8(stream, block, length))
        {
            return new CsvSource(open, Encoding.UTF8, 0, null);
        }

        return block.AsSpan(0, length).Contains((byte)0)
            ? throw new InputException($"'{path}' is not a text file; give rows as CSV.")
            : new CsvSource(open, Named("windows-1252"), 0, "Windows-1252, since it is not UTF-8");
    }

    /// <summary>The bytes from the first.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal Stream Open()
    {
        Stream stream = open();
        Span<byte> mark = stackalloc byte[4];
        stream.ReadExactly(mark[..markBytes]);
        return encoding is UTF8Encoding ? stream : Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false));
    }

    private static (Encoding? Encoding, int Bytes) Mark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    private static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new InputException($"'{name}' is not the name of an encoding; write for example utf-8, utf-16le, windows-1252 or iso-8859-15 with --encoding.", exception);
        }
    }

    // Of the whole file, since the first letter that is not ASCII may be in its last line.
    private static bool IsUtf8(Stream stream, byte[] block, int length)
    {
        while (true)
        {
            // A character that the block cuts goes to the next.
            int whole = length;
            for (int back = 1; back <= Math.Min(3, length); back++)
            {
                byte lead = block[length - back];
                if (lead >= 0xC0)
                {
                    whole = back < (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) ? length - back : length;
                    break;
                }
            }

            if (!Utf8.IsValid(block.AsSpan(0, whole)))
            {
                return false;
            }

            block.AsSpan(whole, length - whole).CopyTo(block);
            int rest = length - whole;
            int read = stream.Read(block, rest, block.Length - rest);
            if (read == 0)
            {
                return rest == 0;
            }

            length = rest + read;
        }
    }
}
