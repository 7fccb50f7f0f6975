using Microsoft.Win32.SafeHandles;

namespace EdgeInference.Devices;

/// <summary>
/// Reads a file that somebody else put there. A link to a device, a FIFO or a folder is refused before it is opened, so that
/// nothing waits for a writer, no driver is woken (opening /dev/watchdog arms it) and no memory fills.
/// </summary>
internal static class RegularFile
{
    // Files of /proc say that they have no bytes, and a file may grow while it is read.
    private const int LeastRoom = 4096;

    /// <summary>The bytes of a file, or of the file that a link leads to.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="maxBytes">Most bytes that are read.</param>
    /// <exception cref="FileTooLargeException">The file has more bytes.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="IOException">It is no regular file, another program has locked it, memory is short, or the read failed.</exception>
    internal static byte[] Read(string path, int maxBytes)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            // The system would take what stands before it for the whole.
            throw new IOException("Its path holds a character that no path may have.");
        }

        try
        {
            using SafeFileHandle file = OperatingSystem.IsLinux() ? LinuxFile.OpenRegular(path) : OpenElsewhere(path);
            long length = RandomAccess.GetLength(file);
            return length > maxBytes ? throw new FileTooLargeException(path, length, maxBytes) : ReadAll(file, path, (int)length, maxBytes);
        }
        catch (OutOfMemoryException)
        {
            throw new IOException($"'{path}' is not read: there is not enough memory for it.");
        }
    }

    private static byte[] ReadAll(SafeFileHandle file, string path, int length, int maxBytes)
    {
        long most = Math.Min((long)maxBytes + 1, Array.MaxLength);
        byte[] bytes = new byte[Math.Min(Math.Max((long)length, LeastRoom) + 1, most)];
        int filled = 0;
        while (true)
        {
            int read = RandomAccess.Read(file, bytes.AsSpan(filled), filled);
            filled += read;
            if (read == 0 || filled == Array.MaxLength)
            {
                return filled == bytes.Length ? bytes : bytes[..filled];
            }

            if (filled > maxBytes)
            {
                throw new FileTooLargeException(path, filled, maxBytes);
            }

            if (filled == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, most));
            }
        }
    }

    private static SafeFileHandle OpenElsewhere(string path)
    {
        FileAttributes kind = File.GetAttributes(path);
        return (kind & (FileAttributes.Directory | FileAttributes.Device)) != 0
            ? throw new IOException($"'{path}' is no regular file; put a copy of the file itself there.")
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }
}
