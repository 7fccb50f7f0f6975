using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeInference.Devices;

/// <summary>What .NET has no call for: the kind of a file before it is opened, and an open that waits for nobody.</summary>
internal static partial class LinuxFile
{
    private const int NoSuchFile = 2;
    private const int WouldBlock = 11;
    private const int NotAllowed = 13;

    // Read only, no controlling terminal, without waiting, not for children: the same on x64, Arm and Arm64.
    private const int OpenFlags = 0x100 | 0x800 | 0x80000;
    private const int SharedLock = 1;
    private const int ExclusiveLock = 2;
    private const int WithoutWaiting = 4;
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint TypeMask = 1;

    // The layout of statx is the same on every processor, unlike that of stat.
    private const int ModeOffset = 28;
    private const int StatxBytes = 256;
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Opens a regular file for reading.</summary>
    /// <exception cref="IOException">It is something else, or cannot be opened.</exception>
    internal static SafeFileHandle OpenRegular(string path)
    {
        RequireRegular(CurrentFolder, path, 0, path);
        int descriptor = Open(path, OpenFlags);
        if (descriptor < 0)
        {
            throw Error(path);
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            // What stood there a moment ago may have been replaced.
            RequireRegular(descriptor, "", EmptyPath, path);

            // As .NET's own open does: whoever writes with FileShare.None is not finished.
            return Lock(descriptor, SharedLock | WithoutWaiting) != 0 && Marshal.GetLastPInvokeError() == WouldBlock
                ? throw new IOException($"'{path}' is in use by another program; it is looked at again when that has closed it.")
                : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Locks an open file for this process alone.</summary>
    /// <returns>False if another has it; true also where the file system has no locks.</returns>
    internal static bool TryLock(SafeFileHandle file)
    {
        bool held = false;
        file.DangerousAddRef(ref held);
        try
        {
            return Lock((int)file.DangerousGetHandle(), ExclusiveLock | WithoutWaiting) == 0 || Marshal.GetLastPInvokeError() != WouldBlock;
        }
        finally
        {
            file.DangerousRelease();
        }
    }

    /// <summary>The start of a file that another process may have locked.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static byte[] ReadLocked(string path, int maxBytes)
    {
        int descriptor = Open(path, OpenFlags);
        if (descriptor < 0)
        {
            throw Error(path);
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        byte[] bytes = new byte[maxBytes];
        return bytes[..RandomAccess.Read(file, bytes, 0)];
    }

    private static void RequireRegular(int folder, string name, int flags, string path)
    {
        Span<byte> answer = stackalloc byte[StatxBytes];
        answer.Clear();
        if (Statx(folder, name, flags, TypeMask, ref MemoryMarshal.GetReference(answer)) != 0)
        {
            throw Error(path);
        }

        int kind = MemoryMarshal.Read<ushort>(answer[ModeOffset..]) & KindMask;
        if (kind != Regular)
        {
            throw new IOException($"'{path}' is {NameOf(kind)}, not a regular file; put a copy of the file itself there.");
        }
    }

    private static string NameOf(int kind) => kind switch
    {
        0x4000 => "a folder",
        0x1000 => "a FIFO",
        0xC000 => "a socket",
        _ => "a device",
    };

    private static Exception Error(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            NoSuchFile => new FileNotFoundException($"There is no file '{path}'.", path),
            NotAllowed => new UnauthorizedAccessException($"'{path}' may not be read by this user; give the user or its group the right to read it."),
            _ => new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte answer);
}
