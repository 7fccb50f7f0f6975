namespace EdgeInference.Devices.Recordings;

/// <summary>Makes a table one to which rows can be appended.</summary>
internal static class RecordingEnd
{
    /// <summary>Holds a table to its header, and cuts off a last row that was not written to its end.</summary>
    /// <param name="path">Path of the table, which need not exist.</param>
    /// <param name="header">The header without its line break.</param>
    /// <returns>What has to be written before the first row, and what was cut off as a sentence or null.</returns>
    /// <exception cref="InvalidDataException">The table has another header.</exception>
    /// <exception cref="IOException">The table cannot be read, or its folder does not exist.</exception>
    internal static (string First, string? Note) Prepare(string path, string header)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' for {path}; make it, or record to another.");
        }

        if (Directory.Exists(path))
        {
            throw new IOException($"{path} is a folder; name a table in it.");
        }

        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return (header + "\n", null);
        }

        string? found;
        using (var reader = new StreamReader(path))
        {
            found = new BoundedLines(reader, path).Next();
        }

        long end = End(path);
        if (end == 0 && header.StartsWith(found ?? "", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, []);
            return (header + "\n", found == header ? null : $"The header of {path} was incomplete and is written again.");
        }

        return found != header ? throw new InvalidDataException($"{path} has the columns [{found}] but this recording has [{header}]; record to another file, or use the same window and features.")
            : ("", Cut(path, end));
    }

    // Where the last row ends that has a line break.
    private static long End(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] block = new byte[4096];
        for (long end = file.Length; end > 0;)
        {
            int length = (int)Math.Min(block.Length, end);
            file.Seek(end - length, SeekOrigin.Begin);
            file.ReadExactly(block, 0, length);
            int at = block.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                return end - length + at + 1;
            }

            end -= length;
        }

        return 0;
    }

    private static string? Cut(string path, long end)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        if (end == file.Length)
        {
            return null;
        }

        file.Seek(end, SeekOrigin.Begin);
        string rest;
        using (var reader = new StreamReader(file, leaveOpen: true))
        {
            char[] text = new char[200];
            rest = new string(text, 0, reader.ReadBlock(text));
        }

        file.SetLength(end);
        return $"The last row of {path} had no line break, so it was incomplete; it is cut off: {rest}";
    }
}
