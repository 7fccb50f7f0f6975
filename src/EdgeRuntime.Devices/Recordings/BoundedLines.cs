using System.Text;

namespace EdgeInference.Devices.Recordings;

/// <summary>Reads the lines of a text as <see cref="TextReader.ReadLine"/> does, but none without an end: a device or a file of another kind would fill the memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="path">Its path, for the message.</param>
internal sealed class BoundedLines(TextReader reader, string path)
{
    /// <summary>Most letters of a line: a hundred channels of a thousand bands take fewer.</summary>
    internal const int MostLetters = 4_000_000;

    private readonly StringBuilder line = new();
    private readonly char[] block = new char[4096];
    private int taken;
    private int filled;
    private bool afterReturn;

    /// <summary>The next line without its end; null behind the last.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    internal string? Next()
    {
        line.Clear();
        bool any = false;
        while (taken < filled || Fill())
        {
            ReadOnlySpan<char> rest = block.AsSpan(taken, filled - taken);
            if (afterReturn)
            {
                afterReturn = false;
                if (rest[0] == '\n')
                {
                    taken++;
                    continue;
                }
            }

            any = true;
            int end = rest.IndexOfAny('\r', '\n');
            line.Append(end < 0 ? rest : rest[..end]);
            taken += end < 0 ? rest.Length : end + 1;
            if (line.Length > MostLetters)
            {
                throw new InvalidDataException($"{path} is no table: it has a line of more than {MostLetters} letters.");
            }

            if (end >= 0)
            {
                afterReturn = rest[end] == '\r';
                return line.ToString();
            }
        }

        return any ? line.ToString() : null;
    }

    private bool Fill()
    {
        (taken, filled) = (0, reader.Read(block));
        return filled > 0;
    }
}
